"""Taking the answers to invitations: from the addressee, by telephone, or on paper."""

from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.db.models import F, Q, QuerySet

from conference.models import User
from conference.operations import auditing
from delegates.errors import AnswerOvertaken, InvitationAlreadyOpen, InvitationRefused
from delegates.models import AnswerScan, Delegation, Invitation
from delegates.operations import inviting, life, scans
from delegates.operations.life import By

_State = Invitation.State
ANSWERS: tuple[str, ...] = Invitation.ANSWERS


@transaction.atomic
def answer(
    *,
    invitation: Invitation,
    reply: str,
    now: datetime,
    by: By,
    note: str = "",
    know_by: date | None = None,
    seen: int | None = None,
) -> Invitation:
    """Take the addressee's answer, or a change of it, before the deadline.

    ``reply`` is one of ANSWERS; ``know_by`` is the day that a tentative one names. ``seen`` is
    the number of the answer that stood on the page answered from: a newer one is never replaced
    unseen (AnswerOvertaken). Raises InvitationRefused, with the reason, when it is too late,
    InvitationAlreadyOpen if a declined invitation has been followed by a new one.
    """
    if reason := invitation.refusal(now):
        raise InvitationRefused(reason.label, reason=reason.value)
    later = Q(state=_State.TENTATIVE, know_by__gte=invitation.conference.today(now))
    in_time = Q(deadline=None) | Q(deadline__gt=now) | later
    return _take_answer(
        invitation,
        Invitation.objects.filter(in_time),
        reply,
        now=now,
        by=by,
        note=note,
        know_by=know_by,
        seen=invitation.answer_count if seen is None else seen,
    )


@transaction.atomic
def record_answer(
    *,
    delegation: Delegation,
    reply: str,
    note: str,
    now: datetime,
    actor: User,
    way: str = life.Way.TELEPHONE,
    know_by: date | None = None,
    seen: int | None = None,
    scan: bytes = b"",
) -> Invitation:
    """Enter an answer that came by telephone or on paper, also after the deadline.

    ``note`` says who answered and how, ``scan`` is the content of the slip. A delegation that was
    never invited gets its invitation with it. Raises InvitationRefused after the conference,
    ScanRefused, and AnswerOvertaken as ``answer`` does.
    """
    if delegation.conference.is_over(now):
        over = Invitation.Refusal.CONFERENCE_OVER
        raise InvitationRefused(over.label, reason=over.value)
    latest = inviting.latest_invitation(delegation)
    if latest is None or latest.state == _State.CANCELLED:
        latest = inviting.open_invitation(
            delegation=delegation, campaign=None, deadline=None, now=now
        )
    return _take_answer(
        latest,
        Invitation.objects.all(),
        reply,
        now=now,
        by=life.by_organiser(actor, way),
        note=note,
        know_by=know_by,
        seen=latest.answer_count if seen is None else seen,
        scan=scan,
    )


def _take_answer(
    invitation: Invitation,
    answerable: "QuerySet[Invitation]",
    reply: str,
    *,
    now: datetime,
    by: By,
    note: str,
    know_by: date | None,
    seen: int,
    scan: bytes = b"",
) -> Invitation:
    if reply not in ANSWERS:
        raise ValueError(f"Not an answer: {reply}")
    before = invitation.state
    known = know_by if reply == _State.TENTATIVE else None
    rows = answerable.filter(pk=invitation.pk).exclude(state=_State.CANCELLED)
    try:
        with transaction.atomic():
            changed = rows.filter(answer_count=seen).update(
                state=reply,
                answered_at=now,
                answered_by=by.who[:254],
                answer_note=note.strip(),
                answer_count=F("answer_count") + 1,
                know_by=known,
            )
    except IntegrityError as problem:
        raise InvitationAlreadyOpen from problem
    invitation.refresh_from_db()
    if not changed:
        if invitation.answer_count != seen:
            raise AnswerOvertaken
        gone = invitation.refusal(now) or Invitation.Refusal.EXPIRED
        raise InvitationRefused(gone.label, reason=gone.value)
    step = life.note_step(invitation_id=invitation.pk, kind=reply, at=now, by=by, note=note.strip())
    kept = scans.keep(step=step, content=scan) if step and scan else None
    auditing.record(
        action=f"invitation.{reply}",
        target=invitation,
        conference=invitation.conference,
        actor=by.actor,
        actor_label=by.who,
        before={"state": before},
        after={"state": reply, "way": by.way} | _day(known) | _file(kept),
        reason=note.strip(),
        now=now,
    )
    return invitation


def _day(known: date | None) -> dict[str, str]:
    return {"know_by": known.isoformat()} if known else {}


def _file(scan: AnswerScan | None) -> dict[str, str]:
    return {"scan_sha256": scan.sha256} if scan else {}
