"""The organiser's first screen: what needs a hand, how far the delegations are, who is here."""

from datetime import datetime

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy
from django.views.decorators.http import require_safe

from checkin.attention import Concern, concerns
from checkin.funnel import funnel
from checkin.web import arrivals
from checkin.web.pair_map import map_of
from conference.access import ConferenceRequest
from conference.models import Conference, Role
from delegates.operations import progress

STEPS = {**progress.STEPS, "checked_in": _("checked in")}

# What waits, in one sentence, and the page on which it is settled.
SENTENCES = {
    "messages_failed": (
        ngettext_lazy(
            "%(count)d letter could not be sent", "%(count)d letters could not be sent", "count"
        ),
        "conference:message_list",
        "?state=failed",
    ),
    "messages_in_doubt": (
        ngettext_lazy(
            "%(count)d letter is in doubt: say whether it arrived",
            "%(count)d letters are in doubt: say whether they arrived",
            "count",
        ),
        "conference:message_list",
        "?state=uncertain",
    ),
    "letters_back": (
        ngettext_lazy(
            "%(count)d letter came back lately", "%(count)d letters came back lately", "count"
        ),
        "conference:message_list",
        "?state=bounced",
    ),
    "addresses_blocked": (
        ngettext_lazy(
            "%(count)d address of a participant does not work",
            "%(count)d addresses of participants do not work",
            "count",
        ),
        "conference:blocked_list",
        "?reason=hard_bounce",
    ),
    "links_shut": (
        ngettext_lazy(
            "%(count)d invitation is shut after many wrong codes",
            "%(count)d invitations are shut after many wrong codes",
            "count",
        ),
        "delegates:delegation_list",
        "?only=shut",
    ),
    "conflicts_open": (
        ngettext_lazy(
            "%(count)d conflict at the doors to settle",
            "%(count)d conflicts at the doors to settle",
            "count",
        ),
        "checkin:conflicts",
        "",
    ),
    "to_accredit": (
        ngettext_lazy(
            "%(count)d person waits for accreditation",
            "%(count)d people wait for accreditation",
            "count",
        ),
        "delegates:accreditation",
        "",
    ),
    "answers_overdue": (
        ngettext_lazy(
            "%(count)d invitation is past its deadline without an answer",
            "%(count)d invitations are past their deadline without an answer",
            "count",
        ),
        "delegates:delegation_list",
        "?step=invited",
    ),
    "answers_due_soon": (
        ngettext_lazy(
            "%(count)d answer is due within three days",
            "%(count)d answers are due within three days",
            "count",
        ),
        "delegates:delegation_list",
        "?step=invited",
    ),
    "lists_due": (
        ngettext_lazy(
            "%(count)d list of names is due and not submitted",
            "%(count)d lists of names are due and not submitted",
            "count",
        ),
        "delegates:delegation_list",
        "",
    ),
    "rows_refused": (
        ngettext_lazy(
            "%(count)d row of a loaded list needs a hand",
            "%(count)d rows of loaded lists need a hand",
            "count",
        ),
        "delegates:import_list",
        "",
    ),
    "without_address": (
        ngettext_lazy(
            "%(count)d delegation has no e-mail address",
            "%(count)d delegations have no e-mail address",
            "count",
        ),
        "delegates:delegation_list",
        "?only=no_address",
    ),
    "not_invited": (
        ngettext_lazy(
            "%(count)d delegation is not invited yet",
            "%(count)d delegations are not invited yet",
            "count",
        ),
        "delegates:letter_list",
        "",
    ),
}


@require_safe
def overview(request: ConferenceRequest) -> HttpResponse:
    """Show the conference at a glance; viewers see the figures without the work."""
    conference = request.conference
    at_work = request.membership.role in {Role.ORGANISER, Role.PROTOCOL}
    now = timezone.now()
    reached = funnel(conference)
    return render(
        request,
        "checkin/overview.html",
        {
            **arrivals.brief_context(request, now=now),
            "at_work": at_work,
            "concerns": _worded(conference, now) if at_work else [],
            "funnel": reached,
            "steps": [{"label": STEPS[code], "count": count} for code, count in reached.steps],
            "total": len(reached.lines),
            "pair_map": map_of(conference, reached.lines, linked=at_work)
            if conference.show_map
            else None,
        },
    )


def _worded(conference: Conference, now: datetime) -> list[dict[str, str]]:
    return [_line(conference, each) for each in concerns(conference=conference, now=now)]


def _line(conference: Conference, concern: Concern) -> dict[str, str]:
    sentence, url_name, query = SENTENCES[concern.code]
    return {
        "code": concern.code,
        "sentence": sentence % {"count": concern.count},
        "url": reverse(url_name, args=[conference.slug]) + query,
    }
