"""Making a reminder rule and changing it."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from conference import asked
from conference.access import ConferenceRequest
from sessions.documents import reminder_letter
from sessions.models import ReminderRule
from sessions.operations.reminders import ruling, usual
from sessions.web.reminder_forms import RuleForm, said_by
from sessions.web.reminders import find_rule, trail

About = ReminderRule.About


@require_http_methods(["GET", "HEAD", "POST"])
def reminder_new(request: ConferenceRequest) -> HttpResponse:
    """Make a rule about the kind of thing that ``about`` names, beginning with a usual text."""
    about = asked.words(request.GET, "about") or About.SESSION
    if about not in About.values:
        raise Http404
    initial: dict[str, Any] = {"name": capfirst(About(about).label), "timing": "clock", "days": 1}
    form = _form(request, about, initial | usual.TEXTS[about])
    if request.method == "POST" and form.is_valid():
        rule = ruling.make_rule(
            conference=request.conference,
            actor=request.user,
            now=timezone.now(),
            fields={"about": about, **form.rule_fields()},
        )
        messages.success(
            request, _("Saved, and still switched off. Look who would be reminded, then switch on.")
        )
        return redirect("programme:reminder_rule", request.conference.slug, rule.pk)
    return _page(request, form, None)


@require_http_methods(["GET", "HEAD", "POST"])
def reminder_edit(request: ConferenceRequest, pk: int) -> HttpResponse:
    """Change a rule; what it is about stays."""
    rule = find_rule(request, pk)
    form = _form(request, rule.about, said_by(rule))
    if request.method == "POST" and form.is_valid():
        ruling.change_rule(
            rule_id=rule.pk, actor=request.user, now=timezone.now(), fields=form.rule_fields()
        )
        messages.success(request, _("Saved."))
        return redirect("programme:reminder_rule", request.conference.slug, rule.pk)
    return _page(request, form, rule)


def _form(request: ConferenceRequest, about: str, initial: dict[str, Any]) -> RuleForm:
    data = request.POST if request.method == "POST" else None
    return RuleForm(data, conference=request.conference, about=about, initial=initial)


def _page(request: ConferenceRequest, form: RuleForm, rule: ReminderRule | None) -> HttpResponse:
    return render(
        request,
        "sessions/reminders/edit.html",
        {
            "trail": trail(request),
            "form": form,
            "rule": rule,
            "about": About(form.about).label,
            "kinds": About.choices,
            "chosen": form.about,
            "placeholders": reminder_letter.placeholders_for(form.about).items(),
        },
        status=422 if form.is_bound else 200,
    )
