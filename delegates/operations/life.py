"""The life of an invitation: which state follows which, each step kept with its time and author.

A state moves by one conditional update, so of two deeds at the same instant the database lets one
go first and the other sees it. What happens to letters never touches an answer.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from django.db import IntegrityError, transaction
from django.db.models import DateTimeField, Value
from django.db.models.functions import Coalesce

from conference.models import Message, MessageStep, User
from conference.operations import auditing, mailing
from delegates.errors import InvitationAlreadyOpen, InvitationNotExpired
from delegates.models import Invitation, InvitationStep
from delegates.operations import posting

_State = Invitation.State
Kind = InvitationStep.Kind
Party = InvitationStep.Party
Way = InvitationStep.Way

#: From which states each state follows by itself. Answers have their own rule: see ``answering``.
FOLLOWS: Final[Mapping[str, frozenset[str]]] = {
    _State.DELIVERED: frozenset({_State.DRAFT, _State.SENT, _State.BOUNCED}),
    _State.BOUNCED: frozenset({_State.DRAFT, _State.SENT, _State.DELIVERED}),
    # Whoever has read it has it, whatever mail servers say of this letter or the next.
    _State.OPENED: frozenset({_State.DRAFT, _State.SENT, _State.DELIVERED, _State.BOUNCED}),
    _State.SENT: frozenset({_State.DRAFT, _State.BOUNCED, _State.DELIVERED}),
    _State.EXPIRED: frozenset(Invitation.WAITING_STATES),
}
_STATE_OF_OUTCOME: Final = {
    MessageStep.Kind.DELIVERED: (_State.DELIVERED, Kind.DELIVERED),
    MessageStep.Kind.BOUNCED: (_State.BOUNCED, Kind.BOUNCED),
    MessageStep.Kind.REFUSED: (_State.BOUNCED, Kind.BOUNCED),
}
#: From then on it is known that a letter has left.
_HAS_LEFT: Final = (MessageStep.Kind.ACCEPTED, MessageStep.Kind.SETTLED)
_EXPIRED_AT_ONCE = 500


@dataclass(frozen=True, kw_only=True)
class By:
    """Who did something, on which way: nobody, unless said."""

    party: str = Party.SYSTEM
    way: str = ""
    who: str = ""
    actor: User | None = field(default=None)


def move(*, invitation_id: int, to: str, **also: Any) -> bool:
    """Move an invitation to a state that follows its present one; return whether it moved."""
    rows = Invitation.objects.filter(pk=invitation_id, state__in=FOLLOWS[to])
    return bool(rows.update(state=to, **also))


def note_step(
    *,
    invitation_id: int,
    kind: str,
    at: datetime,
    by: By,
    note: str = "",
    message: Message | None = None,
) -> InvitationStep | None:
    """Write down a step and return it; one of a letter counts once: None the next time."""
    fields = {
        "at": at,
        "party": by.party,
        "way": by.way,
        "who": by.who[:254],
        "actor": by.actor,
        "note": note,
    }
    if message is None:
        return InvitationStep.objects.create(invitation_id=invitation_id, kind=kind, **fields)
    step, is_new = InvitationStep.objects.get_or_create(
        invitation_id=invitation_id, kind=kind, message=message, defaults=fields
    )
    return step if is_new else None


def follow_letter(outcome: mailing.Outcome) -> None:
    """Take what became of a letter: left, delivered, back, or refused by our own mail server.

    An invitation is a draft until its letter has left. An answer stands whatever is reported.
    """
    if outcome.kind not in (*_STATE_OF_OUTCOME, *_HAS_LEFT, MessageStep.Kind.RETRIED):
        return
    invitation = Invitation.objects.filter(pk=posting.invitation_id_of(outcome.message)).first()
    if invitation is None:
        return
    if outcome.kind == MessageStep.Kind.RETRIED:
        _under_way_again(invitation, outcome.message)
        return
    if outcome.kind in _HAS_LEFT:
        _note_left(invitation, outcome)
        return
    state, kind = _STATE_OF_OUTCOME[MessageStep.Kind(outcome.kind)]
    new_step = note_step(
        invitation_id=invitation.pk,
        kind=kind,
        at=outcome.at,
        by=By(way=Way.MAIL, who=outcome.message.to_email),
        note=outcome.answer,
        message=outcome.message,
    )
    # A letter that a person had sent once more may be refused once more.
    is_news = new_step is not None or outcome.kind == MessageStep.Kind.REFUSED
    # A letter to a former address says nothing of the one that went to the present address.
    if is_news and (
        invitation.state == _State.DRAFT
        or outcome.message.to_email.lower() == invitation.addressee_email.lower()
    ):
        # What our own mail server did not take was never sent.
        left = {} if outcome.kind == MessageStep.Kind.REFUSED else _left_at(outcome.at)
        move(
            invitation_id=invitation.pk,
            to=state,
            addressee_email=outcome.message.to_email,
            **left,
        )


def _left_at(at: datetime) -> dict[str, Coalesce]:
    return {"sent_at": Coalesce("sent_at", Value(at, output_field=DateTimeField()))}


def _note_left(invitation: Invitation, outcome: mailing.Outcome) -> None:
    """Note that the invitation went out by this letter, and to which address; reminders do not."""
    message = outcome.message
    if message.purpose != posting.MAIL_PURPOSE:
        return
    step = note_step(
        invitation_id=invitation.pk,
        kind=Kind.SENT,
        at=outcome.at,
        by=By(party=Party.ORGANISER, way=Way.MAIL),
        message=message,
    )
    mine = Invitation.objects.filter(pk=invitation.pk)
    left = _left_at(outcome.at)
    drafts = mine.filter(state=_State.DRAFT)
    if not drafts.update(state=_State.SENT, addressee_email=message.to_email, **left):
        mine.update(**left)
    if step is not None:
        # Another letter, in place of one that came back.
        mine.filter(state=_State.BOUNCED).update(state=_State.SENT)


def _under_way_again(invitation: Invitation, message: Message) -> None:
    """Let an invitation wait again whose letter came back, and is now sent once more."""
    if invitation.steps.filter(kind=Kind.BOUNCED, message=message).exists():
        back = Invitation.objects.filter(pk=invitation.pk, state=_State.BOUNCED)
        back.filter(sent_at=None).update(state=_State.DRAFT)
        back.update(state=_State.SENT)


@transaction.atomic
def mark_opened(*, invitation: Invitation, now: datetime, by: By | None = None) -> bool:
    """Note that a person read the letter; return whether this was the first time.

    Only the page's own script says so, by a POST, after the page was in front for a moment.
    Gateways that scan mail fetch every link in it: a GET therefore never counts, nor changes
    anything.
    """
    first = Invitation.objects.filter(pk=invitation.pk, opened_at=None).update(opened_at=now)
    if first:
        note_step(
            invitation_id=invitation.pk,
            kind=Kind.OPENED,
            at=now,
            by=by or By(party=Party.FOCAL_POINT, way=Way.LINK),
        )
    move(invitation_id=invitation.pk, to=_State.OPENED)
    return bool(first)


def expire_overdue(*, now: datetime) -> int:
    """Expire what was due and has no answer; return how many. Doing it again changes nothing.

    A deadline is a moment, entered in the time of the venue. An answer that comes at the same
    instant wins: it was given in time.
    """
    overdue = Invitation.objects.filter(
        state__in=Invitation.WAITING_STATES, deadline__lte=now
    ).order_by("pk")
    return sum(_expire(pk, now) for pk in overdue.values_list("pk", flat=True)[:_EXPIRED_AT_ONCE])


@transaction.atomic
def reopen(
    *, invitation: Invitation, deadline: datetime, now: datetime, actor: User | None = None
) -> Invitation:
    """Let an expired invitation be answered after all, until the new deadline.

    Raises InvitationNotExpired, or InvitationAlreadyOpen if there is a newer one.
    """
    before = invitation.deadline
    state = _State.OPENED if invitation.opened_at else _State.SENT
    try:
        with transaction.atomic():
            moved = Invitation.objects.filter(pk=invitation.pk, state=_State.EXPIRED).update(
                state=state, deadline=deadline
            )
    except IntegrityError as problem:
        raise InvitationAlreadyOpen from problem
    if not moved:
        raise InvitationNotExpired
    invitation.refresh_from_db()
    note_step(invitation_id=invitation.pk, kind=Kind.REOPENED, at=now, by=by_organiser(actor))
    auditing.record(
        action="invitation.reopen",
        target=invitation,
        conference=invitation.conference,
        actor=actor,
        before={"state": _State.EXPIRED, "deadline": before.isoformat() if before else None},
        after={"state": state, "deadline": deadline.isoformat()},
        now=now,
    )
    return invitation


def steps_of(invitation: Invitation) -> list[InvitationStep]:
    """Return the steps of an invitation in the order in which they happened."""
    return list(
        invitation.steps.select_related("message", "scan")
        .defer("scan__content")
        .order_by("at", "pk")
    )


def by_organiser(actor: User | None, way: str = "") -> By:
    """Return the author of an organiser's deed."""
    return By(party=Party.ORGANISER, way=way, who=actor.email if actor else "", actor=actor)


@transaction.atomic
def _expire(pk: int, now: datetime) -> bool:
    rows = Invitation.objects.filter(pk=pk, state__in=FOLLOWS[_State.EXPIRED], deadline__lte=now)
    if not rows.update(state=_State.EXPIRED):
        return False
    note_step(invitation_id=pk, kind=Kind.EXPIRED, at=now, by=By())
    return True
