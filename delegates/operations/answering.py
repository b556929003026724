"""Taking the answers to invitations: from the addressee, by telephone, or on paper."""

from datetime import datetime

from django.db import IntegrityError, transaction

from conference.models import User
from conference.operations import auditing
from delegates.errors import InvitationAlreadyOpen, InvitationRefused
from delegates.models import Delegation, Invitation
from delegates.operations import inviting

_State = Invitation.State
ANSWERS: tuple[str, ...] = (_State.ACCEPTED, _State.TENTATIVE, _State.DECLINED)


@transaction.atomic
def answer(
    *,
    invitation: Invitation,
    reply: str,
    now: datetime,
    answered_by: str,
    note: str = "",
    actor: User | None = None,
) -> Invitation:
    """Take the addressee's answer, or a change of it, before the deadline.

    ``reply`` is one of ANSWERS. Raises InvitationRefused, with the reason, when it is too late,
    InvitationAlreadyOpen if a declined invitation has been followed by a new one.
    """
    if reason := invitation.refusal(now):
        raise InvitationRefused(reason.label, reason=reason.value)
    return _take_answer(invitation, reply, now=now, by=answered_by, note=note, actor=actor)


@transaction.atomic
def record_answer(
    *, delegation: Delegation, reply: str, note: str, now: datetime, actor: User
) -> Invitation:
    """Enter an answer that came by telephone or on paper, also after the deadline.

    A delegation that was never invited gets its invitation with it. Raises InvitationRefused
    after the conference.
    """
    if delegation.conference.is_over(now):
        over = Invitation.Refusal.CONFERENCE_OVER
        raise InvitationRefused(over.label, reason=over.value)
    latest = inviting.latest_invitation(delegation)
    if latest is None or latest.state == _State.CANCELLED:
        latest = inviting.open_invitation(
            delegation=delegation, campaign=None, deadline=None, now=now
        )
    return _take_answer(latest, reply, now=now, by=actor.email, note=note, actor=actor)


def mark_opened(*, invitation: Invitation, now: datetime) -> bool:
    """Note that a person read the letter; return whether this was the first time."""
    first = Invitation.objects.filter(pk=invitation.pk, opened_at=None).update(opened_at=now)
    Invitation.objects.filter(pk=invitation.pk, state=_State.SENT).update(state=_State.OPENED)
    return bool(first)


def _take_answer(
    invitation: Invitation, reply: str, *, now: datetime, by: str, note: str, actor: User | None
) -> Invitation:
    if reply not in ANSWERS:
        raise ValueError(f"Not an answer: {reply}")
    before = invitation.state
    try:
        with transaction.atomic():
            changed = (
                Invitation.objects.filter(pk=invitation.pk)
                .exclude(state=_State.CANCELLED)
                .update(
                    state=reply, answered_at=now, answered_by=by[:254], answer_note=note.strip()
                )
            )
    except IntegrityError as problem:
        raise InvitationAlreadyOpen from problem
    if not changed:
        gone = Invitation.Refusal.CANCELLED
        raise InvitationRefused(gone.label, reason=gone.value)
    invitation.refresh_from_db()
    auditing.record(
        action=f"invitation.{reply}",
        target=invitation,
        conference=invitation.conference,
        actor=actor,
        actor_label=by,
        before={"state": before},
        after={"state": reply},
        reason=note.strip(),
        now=now,
    )
    return invitation
