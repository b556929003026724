"""A focal point's pages: the letter, the answer, and what is still missing."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from conference.errors import DomainError
from conference.models import Campaign, Conference, Language
from delegates.access import FocalRequest, stays_open
from delegates.documents import letter
from delegates.models import Accreditation, Badge, Delegate, Delegation, Invitation
from delegates.operations import answering, life
from delegates.operations.missing import Missing, missing_fields, missing_in_list
from delegates.web.invitation_forms import checked_know_by

# Where on the form of a person each missing thing is filled in.
_FIELD_OF: dict[str, str] = {
    "title": "title_en",
    "name": "given_name",
    "full_name": "given_name",
    "latin_name": "given_name",
    "contact": "email",
}
_MAY_HEAD = (Delegate.Role.DEPUTY, Delegate.Role.MEMBER, Delegate.Role.ADVISER)
_State = Invitation.State


class AnswerForm(forms.Form):
    """The addressee's answer with a note to the organiser."""

    reply = forms.ChoiceField(choices=[(code, code) for code in answering.ANSWERS])
    note = forms.CharField(required=False, max_length=2000)
    know_by = forms.DateField(required=False)
    seen = forms.IntegerField(required=False)

    def __init__(self, *args: Any, conference: Conference, **kwargs: Any) -> None:
        """Take the conference, before which one has to know."""
        super().__init__(*args, **kwargs)
        self._conference = conference

    def clean_know_by(self) -> date | None:
        """Refuse a day that is over or lies after the beginning."""
        day: date | None = self.cleaned_data["know_by"]
        if self.data.get("reply") != _State.TENTATIVE:
            return None
        return checked_know_by(day, self._conference, timezone.now())


class Addresses:
    """The addresses of a focal point's pages on the way in that the visitor used."""

    def __init__(self, way_in: Mapping[str, Any]) -> None:
        """Remember the account's delegation or the link's token."""
        self._way_in = dict(way_in)

    def __getitem__(self, page: str) -> str:
        """Return the address of a page, for templates: ``{{ to.focal_letter }}``."""
        return reverse(f"delegates:{page}", kwargs=self._way_in)

    def member(self, page: str, delegate: Delegate) -> str:
        """Return the address of a page about one person."""
        return reverse(f"delegates:{page}", kwargs=self._way_in | {"member": delegate.pk})


@dataclass(frozen=True, kw_only=True)
class ToDo:
    """One line of what is missing: who it is about, what to do, and where."""

    sentence: str
    url: str
    person: Delegate | None = None
    needed: bool = False


@dataclass(frozen=True, kw_only=True)
class Person:
    """One person on the list as the focal point sees them."""

    delegate: Delegate
    accreditation: Accreditation | None
    badge: Badge | None
    missing: list[Missing]
    url: str
    head_url: str
    submit_url: str

    @property
    def may_head(self) -> bool:
        """Whether this is somebody who could head the delegation, not its staff."""
        return self.delegate.role in _MAY_HEAD


def my_delegations(request: HttpRequest) -> HttpResponse:
    """List the delegations whose lists the signed-in user fills."""
    delegations = (
        Delegation.objects.for_focal_point(request.user)
        .select_related("conference")
        .order_by("-conference__first_day", "name_en")
    )
    return render(request, "delegates/focal/my_delegations.html", {"delegations": delegations})


@require_safe
def home(request: FocalRequest) -> HttpResponse:
    """Show the letter until it is answered, then the list and what it lacks."""
    invitation = request.invitation
    if invitation is not None and invitation.state not in (_State.ACCEPTED, _State.TENTATIVE):
        return letter_page(request)
    return _overview(request)


@require_safe
def letter_page(request: FocalRequest) -> HttpResponse:
    """Show the letter with its answer, or the buttons to give one."""
    return _letter(request)


@require_POST
def answer(request: FocalRequest) -> HttpResponse:
    """Take the answer to the invitation."""
    form = AnswerForm(request.POST, conference=request.conference)
    typed = {name: request.POST.get(name, "") for name in ("note", "know_by")}
    if request.invitation is None or not form.is_valid():
        day_error = "".join(map(str, form.errors.get("know_by", [])))
        usual = _("Choose one of the answers. A note may have 2,000 characters.")
        return _letter(request, typed=typed, error=day_error or usual)
    try:
        invitation = answering.answer(
            invitation=request.invitation,
            reply=form.cleaned_data["reply"],
            note=form.cleaned_data["note"],
            know_by=form.cleaned_data["know_by"],
            seen=form.cleaned_data["seen"],
            now=timezone.now(),
            by=author(request),
        )
    except DomainError as refusal:
        return _letter(request, typed=typed, error=str(refusal))
    said = {
        _State.ACCEPTED: _("Thank you. The organiser knows that your delegation comes."),
        _State.TENTATIVE: _("Thank you. The organiser knows that your delegation may come."),
        _State.DECLINED: _("Thank you for telling the organiser that nobody comes."),
    }
    messages.success(request, said[_State(invitation.state)])
    return redirect(Addresses(request.way_in)["focal_home"])


@stays_open
@require_POST
def opened(request: FocalRequest) -> HttpResponse:
    """Note that a person has the letter before them; the page's script calls this."""
    if request.invitation is not None:
        life.mark_opened(invitation=request.invitation, now=timezone.now(), by=author(request))
    return HttpResponse(status=204)


def who(request: FocalRequest) -> str:
    """Return how the record of deeds names this visitor."""
    if request.link is None:
        return str(request.user.email)
    if request.link.deputy is not None:
        return request.link.deputy.email
    assert request.invitation is not None
    return request.invitation.addressee_email or f"invitation {request.invitation.pk}"


def author(request: FocalRequest) -> life.By:
    """Return through whom, and on which way, this visitor does something to the invitation."""
    return life.By(
        party=_party(request),
        way=life.Way.ACCOUNT if request.link is None else life.Way.LINK,
        who=who(request),
        actor=request.user if request.link is None else None,
    )


def _party(request: FocalRequest) -> str:
    is_deputy = request.link is not None and request.link.deputy_id is not None
    return life.Party.DEPUTY if is_deputy else life.Party.FOCAL_POINT


def actor(request: FocalRequest) -> dict[str, Any]:
    """Return the actor for operations: the account, or the link by its addressee."""
    if request.link is None:
        return {"actor": request.user}
    return {"actor_label": who(request)}


def list_is_open(request: FocalRequest) -> bool:
    """Return whether the focal point may change the list now."""
    now = timezone.now()
    conference, invitation = request.conference, request.invitation
    if conference.is_over(now) or not request.may_change:
        return False
    if invitation is not None and invitation.state in (_State.DECLINED, _State.CANCELLED):
        return False
    return request.delegation.nominations_open(conference.today(now))


def frame(request: FocalRequest) -> dict[str, Any]:
    """Return what every page of a focal point shows around its content."""
    return {
        "conference": request.conference,
        "delegation": request.delegation,
        "invitation": request.invitation,
        "to": Addresses(request.way_in),
        "list_open": list_is_open(request),
        "deputy": request.deputy,
        "may_change": request.may_change,
        "is_deputy": request.link is not None and request.link.deputy_id is not None,
    }


def _letter(
    request: FocalRequest, *, typed: dict[str, str] | None = None, error: str = ""
) -> HttpResponse:
    invitation = request.invitation
    facts = frame(request)
    if invitation is not None:
        written = letter.write(
            campaign=invitation.campaign or _plain_letter(),
            delegation=request.delegation,
            language=get_language() or Language.ENGLISH,
            deadline=invitation.deadline,
            url=facts["to"]["focal_home"],
        )
        facts |= {
            "letter": written,
            "refusal": invitation.refusal(timezone.now()),
            "answered": invitation.state in answering.ANSWERS,
            "typed": typed or _as_answered(invitation),
            "latest_know_by": request.conference.first_day,
        }
    status = 422 if error else 200
    return render(request, "delegates/focal/letter.html", facts | {"error": error}, status=status)


def _as_answered(invitation: Invitation) -> dict[str, str]:
    day = invitation.know_by
    return {"note": invitation.answer_note, "know_by": day.isoformat() if day else ""}


def _plain_letter() -> Campaign:
    """Return the words for an invitation that was entered without a letter."""
    return Campaign(
        subject_en="{conference}",
        subject_zh="{conference}",
        body_en="{delegation} is invited to the {conference} in {city}, {dates}.",
        body_zh="诚邀{delegation}出席{conference}（{city}，{dates}）。",
    )


def _overview(request: FocalRequest) -> HttpResponse:
    facts = frame(request)
    to: Addresses = facts["to"]
    people = [_person(delegate, to) for delegate in _everybody(request.delegation)]
    attending = [person for person in people if person.delegate.withdrawn_at is None]
    waiting = [person for person in attending if _is_nominated(person)]
    return render(
        request,
        "delegates/focal/overview.html",
        facts
        | {
            "people": attending,
            "withdrawn": [one for one in people if one.delegate.withdrawn_at is not None],
            "to_do": _to_do(attending, to),
            "waiting": waiting,
            "ready": [one for one in waiting if not any(gap.needed for gap in one.missing)],
            "has_head": any(one.delegate.role == Delegate.Role.HEAD for one in attending),
            "quotas": request.delegation.quotas.select_related("badge_class"),
        },
    )


def _everybody(delegation: Delegation) -> list[Delegate]:
    people = delegation.delegates.select_related("accreditation__badge_class").prefetch_related(
        "badges"
    )
    first = (Delegate.Role.HEAD, Delegate.Role.DEPUTY)
    return sorted(people, key=lambda one: first.index(one.role) if one.role in first else 2)


def _person(delegate: Delegate, to: Addresses) -> Person:
    valid = [badge for badge in delegate.badges.all() if badge.revoked_at is None]
    return Person(
        delegate=delegate,
        accreditation=getattr(delegate, "accreditation", None),
        badge=valid[0] if valid else None,
        missing=missing_fields(delegate),
        url=to.member("focal_member", delegate),
        head_url=to.member("focal_head", delegate),
        submit_url=to.member("focal_submit_again", delegate),
    )


def _is_nominated(person: Person) -> bool:
    decision = person.accreditation
    return decision is None or decision.state == Accreditation.State.NOMINATED


def _to_do(people: list[Person], to: Addresses) -> list[ToDo]:
    """Return what is missing in the list as a whole, then person by person."""
    lines = [
        ToDo(
            sentence=str(gap.sentence),
            url=to["focal_member_new"] if gap.code == "no_members" else "#people",
            needed=gap.needed,
        )
        for gap in missing_in_list(person.delegate for person in people)
    ]
    for person in people:
        lines += [
            ToDo(
                sentence=str(gap.sentence),
                url=f"{person.url}#id_{_FIELD_OF.get(gap.code, 'given_name')}",
                person=person.delegate,
                needed=gap.needed,
            )
            for gap in person.missing
        ]
    return lines
