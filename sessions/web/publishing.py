"""Publishing the programme: first what would change for its readers, then the next version."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from conference.access import ConferenceRequest
from conference.bilingual import pick
from conference.models import Conference
from conference.venue_time import written_clock, written_moment
from sessions.errors import NothingToPublish
from sessions.models import Release
from sessions.operations import releasing


@require_http_methods(["GET", "HEAD", "POST"])
def publish(request: ConferenceRequest) -> HttpResponse:
    """Show what changed since the last version; the button makes it the next one."""
    conference = request.conference
    changes = releasing.pending_changes(conference=conference)
    if request.method == "POST":
        ticked = set(request.POST.getlist("session"))
        added = [one["session"] for one in changes if one["what"] == releasing.ADDED]
        try:
            release = releasing.publish_programme(
                conference=conference,
                actor=request.user,
                now=timezone.now(),
                held_back=[pk for pk in added if str(pk) not in ticked],
            )
        except NothingToPublish as refusal:
            messages.warning(request, str(refusal))
        else:
            messages.success(
                request, _("Version %(number)s is published.") % {"number": release.number}
            )
        return redirect("programme:publish", conference.slug)
    context = {
        "changes": [_shown(change, conference) for change in changes],
        "releases": _history(conference),
    }
    return render(request, "sessions/publish.html", context)


def _history(conference: Conference) -> list[dict[str, Any]]:
    releases = Release.objects.filter(conference=conference).select_related("released_by")[:20]
    return [
        {"release": one, "changes": [_shown(change, conference) for change in one.changes]}
        for one in releases
    ]


def _shown(change: dict[str, Any], conference: Conference) -> dict[str, Any]:
    says, said = change["says"], change["said"]
    words = {
        releasing.ADDED: _("new"),
        releasing.CHANGED: pgettext("change", "changed"),
        releasing.CANCELLED: _("cancelled"),
    }
    return {
        "session": change["session"],
        "title_en": says["title_en"],
        "title_zh": says["title_zh"],
        "starts_at": datetime.fromisoformat(says["starts_at"]),
        "what": change["what"],
        "word": words[change["what"]],
        "details": _details(said, says, conference),
    }


def _details(said: dict[str, Any], says: dict[str, Any], conference: Conference) -> list[str]:
    """Say in a few words what differs; times with their old and new value."""
    details = []
    if {"starts_at", "ends_at"} & set(said):
        before, after = (_span({**says, **words}, conference) for words in (said, {}))
        details.append(_("time: %(before)s → %(after)s") % {"before": before, "after": after})
    if {"title_en", "title_zh"} & set(said):
        old = pick({**says, **said}, "title", get_language())
        details.append(_("title, before: %(title)s") % {"title": old})
    names = {
        "room": _("room"),
        "place_en": _("place"),
        "place_zh": _("place"),
        "summary_en": _("summary"),
        "summary_zh": _("summary"),
        "visibility": _("who may see it"),
        "capacity": _("seats"),
        "speakers": _("speakers"),
    }
    return [*details, *dict.fromkeys(word for key, word in names.items() if key in said)]


def _span(words: dict[str, Any], conference: Conference) -> str:
    start, end = (datetime.fromisoformat(words[key]) for key in ("starts_at", "ends_at"))
    written = written_moment(start, conference.zone, get_language())
    return f"{written}–{written_clock(end, conference.zone)}"
