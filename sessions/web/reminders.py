"""Reminder rules at the organiser's desk: which there are, whom they remind and when, and why."""

from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from conference import asked
from conference.access import ConferenceRequest
from conference.bilingual import pick
from conference.models import Message
from conference.operations import mailing
from sessions.models import Reminder, ReminderHabits, ReminderRule, Session
from sessions.operations.reminders import foreseeing, ruling, writing
from sessions.operations.reminders.reasons import WORDS
from sessions.web import reminder_words
from sessions.web.reminder_forms import HabitsForm
from sessions.web.reminder_preview import previews_of
from sessions.web.reminder_ways import ways_of

PER_PAGE = 50
FORESEEN = 20
_State = Reminder.State


@require_safe
def reminder_list(request: ConferenceRequest) -> HttpResponse:
    """List the rules with what they have done."""
    has_left = Q(reminders__message__state__in=[Message.State.SENT, Message.State.INBOX])
    sent = Q(reminders__state=_State.IN_LETTER) & has_left
    rules = (
        request.conference.reminder_rules.select_related("session", "conference")
        .annotate(
            planned=Count("reminders", filter=Q(reminders__state=_State.PLANNED)),
            sent=Count("reminders", filter=sent),
            missed=Count("reminders", filter=Q(reminders__state=_State.MISSED)),
        )
        .order_by("-active", "about", "pk")
    )
    return render(
        request,
        "sessions/reminders/list.html",
        {
            "rows": [(rule, reminder_words.when_of(rule)) for rule in rules],
            "habits": ReminderHabits.objects.get(conference=request.conference),
            "kinds": ReminderRule.About.choices,
            "is_silent": _is_silent(request),
        },
    )


@require_safe
def reminder_rule(request: ConferenceRequest, pk: int) -> HttpResponse:
    """Show a rule: who would get it and when, its words, and what was decided so far."""
    rule = find_rule(request, pk)
    now = timezone.now()
    places = foreseeing.coming(rule, now=now)
    page = Paginator(places, FORESEEN).get_page(request.GET.get("page"))
    foreseen = foreseeing.foresee(list(page), now=now)
    language = get_language()
    return render(
        request,
        "sessions/reminders/rule.html",
        {
            "trail": trail(request),
            "rule": rule,
            "when": reminder_words.when_of(rule),
            "is_silent": _is_silent(request),
            "count": len(places),
            "passed": None if places else foreseeing.passed(rule, now=now),
            "persons": len({place.whose for place in places}),
            "page": page,
            "rows": [
                {
                    "foreseen": each,
                    "title": writing.title_of(each.place.occasion, language),
                    "why": WORDS[each.decision.reason],
                }
                for each in foreseen
            ],
            "previews": previews_of(rule, foreseen[0] if foreseen else None),
        },
    )


@require_safe
def reminder_log(request: ConferenceRequest, pk: int) -> HttpResponse:
    """Show what was decided by a rule, for whom, and the reason of each decision."""
    rule = find_rule(request, pk)
    decided = Reminder.objects.filter(rule=rule)
    counts = dict(decided.order_by().values_list("state").annotate(Count("pk")))
    state = asked.words(request.GET, "state")
    if state in _State.values:
        decided = decided.filter(state=state)
    rows = (
        decided.select_related("delegate", "delegation", "message")
        .prefetch_related("message__notices")
        .order_by("-send_at", "-pk")
    )
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    titles = _titles(each.thing for each in page)
    return render(
        request,
        "sessions/reminders/log.html",
        {
            "trail": [*trail(request), _step_to(rule)],
            "rule": rule,
            "page": page,
            "rows": [
                (each, titles.get(each.thing, ""), mailing.words(each.reason), ways_of(each))
                for each in page
            ],
            "chips": [
                {"code": code, "label": label, "count": counts[code]}
                for code, label in _State.choices
                if counts.get(code)
            ],
            "state": state,
        },
    )


@require_POST
def reminder_switch(request: ConferenceRequest, pk: int) -> HttpResponse:
    """Switch a rule on or off."""
    rule = find_rule(request, pk)
    on = request.POST.get("on") == "1"
    ruling.switch_rule(rule_id=rule.pk, on=on, actor=request.user, now=timezone.now())
    if on:
        messages.success(request, _("Switched on. It reminds of what falls due from now on."))
    else:
        messages.success(request, _("Switched off. What had not left is taken back."))
    return redirect("programme:reminder_rule", request.conference.slug, rule.pk)


@require_http_methods(["GET", "HEAD", "POST"])
def reminder_habits(request: ConferenceRequest) -> HttpResponse:
    """Set the quiet hours and what goes as one letter."""
    habits = ReminderHabits.objects.get(conference=request.conference)
    fields: dict[str, Any] = {name: getattr(habits, name) for name in HabitsForm.base_fields}
    form = HabitsForm(request.POST if request.method == "POST" else None, initial=fields)
    if request.method == "POST" and form.is_valid():
        ruling.change_habits(
            conference=request.conference,
            actor=request.user,
            now=timezone.now(),
            fields=form.cleaned_data,
        )
        messages.success(request, _("Saved."))
        return redirect("programme:reminder_list", request.conference.slug)
    context = {"form": form, "trail": trail(request)}
    status = 422 if form.is_bound else 200
    return render(request, "sessions/reminders/habits.html", context, status=status)


def find_rule(request: ConferenceRequest, pk: int) -> ReminderRule:
    """Return this conference's rule, or answer 404."""
    rules = ReminderRule.objects.select_related("conference__reminder_habits", "session")
    return get_object_or_404(rules, conference=request.conference, pk=pk)


def trail(request: ConferenceRequest) -> list[dict[str, str]]:
    """Return the way back to the list of rules."""
    url = reverse("programme:reminder_list", args=[request.conference.slug])
    return [{"label": _("Reminders"), "url": url}]


def _titles(things: Iterable[str]) -> dict[str, str]:
    """Return the titles of the sessions among these things; others have no name of their own."""
    numbers = {each.removeprefix("session:") for each in things if each.startswith("session:")}
    language = get_language()
    return {
        f"session:{session.pk}": pick(session, "title", language)
        for session in Session.objects.filter(pk__in=numbers)
    }


def _step_to(rule: ReminderRule) -> dict[str, str]:
    url = reverse("programme:reminder_rule", args=[rule.conference.slug, rule.pk])
    return {"label": rule.shown_name, "url": url}


def _is_silent(request: ConferenceRequest) -> bool:
    """Whether nothing is sent at all: nobody is to know of the conference yet, or it is over."""
    conference = request.conference
    return not conference.published or conference.is_over(timezone.now())
