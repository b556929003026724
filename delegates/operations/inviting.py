"""Calling delegations to the conference: by mail, once more, and on paper.

A delegation has one open invitation; its letter is a message whose key names that invitation.
Sending twice, or from two screens at once, therefore finds what is there and makes nothing new.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from conference.errors import MailingIsCancelled
from conference.models import Campaign, Message, User
from conference.operations import auditing, mailing
from delegates.documents import letter
from delegates.errors import InvitationRefused, LetterNotReady
from delegates.models import Delegation, Invitation, PersonalLink
from delegates.operations import deputising, life, linking, posting

PURPOSE = "attend"
_UNANSWERED = (Invitation.State.DRAFT, *Invitation.WAITING_STATES)
_State = Invitation.State
_ADDRESSEE = ["addressee_name", "addressee_email", "language"]


def prepare(*, campaign: Campaign, delegations: Sequence[Delegation]) -> list[Invitation]:
    """Return the invitations that are to go out by this letter, each held and made if need be.

    They are drafts until their letters have left. Those with an answer, or with a letter that is
    sent or on its way, are left out: of two senders the second waits here, and finds them. A
    declined one stands: nobody is asked twice because a list was ticked as a whole.
    """
    by_pk = {delegation.pk: delegation for delegation in delegations}
    known = standing_of(by_pk)
    Invitation.objects.bulk_create(
        (
            Invitation(
                conference=campaign.conference, delegation=each, purpose=PURPOSE, state=_State.DRAFT
            )
            for each in delegations
            if each.pk not in known
        ),
        # Somebody else may have made it between our look and our deed: theirs it is.
        ignore_conflicts=True,
    )
    standing = standing_of(by_pk, held=True)
    mailed = posting.mailed(standing.values(), campaign)
    chosen = [each for each in standing.values() if is_unanswered(each) and each.pk not in mailed]
    for invitation in chosen:
        invitation.delegation = by_pk[invitation.delegation_id]
        invitation.conference = campaign.conference
        if invitation.state == _State.DRAFT or _is_over(invitation.campaign):
            invitation.campaign, invitation.deadline = campaign, campaign.answer_by
        invitation.campaign = invitation.campaign or campaign
        invitation.deadline = invitation.deadline or campaign.answer_by
        _set_addressee(invitation)
    Invitation.objects.bulk_update(chosen, ["campaign", "deadline", *_ADDRESSEE])
    return chosen


def _is_over(campaign: Campaign | None) -> bool:
    return campaign is not None and campaign.state == Campaign.State.CANCELLED


def standing_of(delegations: Iterable[Any], *, held: bool = False) -> dict[int, Invitation]:
    """Return the standing invitation of each of these delegations, by the delegation's id.

    With ``held`` their rows are held to the end of the transaction: everybody takes them in the
    same order, so two senders wait instead of deadlocking.
    """
    rows = _standing().filter(delegation__in=delegations).select_related("campaign")
    if held:
        rows = rows.select_for_update(of=("self",))
    found: dict[int, Invitation] = {}
    for invitation in rows.order_by("delegation_id", "-created_at", "-pk"):
        found.setdefault(invitation.delegation_id, invitation)
    return found


def is_unanswered(invitation: Invitation) -> bool:
    """Tell whether a letter can still call for the answer."""
    return invitation.state in _UNANSWERED


@transaction.atomic
def send_again(*, invitation: Invitation, now: datetime, actor: User | None = None) -> Message:
    """Send the letter once more: to the focal point's present address, with a new link.

    For an address that was wrong or has changed: the former links stop working, because somebody
    else may hold them. To the same address again only a letter that failed or came back is retried.
    Raises LetterNotReady without a letter, InvitationRefused if no answer can be given any more,
    MessageNotRetryable if the letter to this address is sent or on its way, MailingIsCancelled if
    nothing of its mailing leaves any more.
    """
    campaign = invitation.campaign
    delegation = invitation.delegation
    if campaign is None:
        raise LetterNotReady(_("This invitation has no letter. Write one and send it first."))
    if reason := invitation.refusal(now):
        raise InvitationRefused(reason.label, reason=reason.value)
    last = posting.messages_of([invitation]).get(invitation.pk)
    # One that has never left goes to the address that holds when it leaves.
    if last is not None and (
        invitation.state == _State.DRAFT or last.to_email == delegation.focal_email
    ):
        mailing.retry(message_id=last.pk, now=now)
        return last
    if _is_over(campaign):
        raise MailingIsCancelled
    if deputy := deputising.deputy_of(invitation):
        # Whoever named the deputy is perhaps no longer who speaks for the delegation.
        deputising.take_back(deputy=deputy, now=now, by=life.by_organiser(actor))
    linking.revoke_all(invitation=invitation, now=now)
    _set_addressee(invitation)
    invitation.save(update_fields=_ADDRESSEE)
    auditing.record(
        action="invitation.send_again",
        target=invitation,
        conference=invitation.conference,
        actor=actor,
        after={"to": delegation.focal_email},
        now=now,
    )
    key = (
        f"{posting.key_of(invitation)}:{PersonalLink.hash_of(delegation.focal_email.lower())[:16]}"
    )
    link = linking.create_link(
        purpose=PersonalLink.Purpose.INVITATION, invitation=invitation, now=now
    )
    message = mailing.enqueue(
        conference=invitation.conference,
        campaign=campaign,
        letter=posting.letter_to(campaign=campaign, invitation=invitation, url=link.url, key=key),
        now=now,
    )
    life.move(invitation_id=invitation.pk, to=_State.SENT)
    _note_sent(invitation, message, now, actor)
    return message


@transaction.atomic
def invite_on_paper(
    *,
    campaign: Campaign,
    delegation: Delegation,
    deadline: datetime,
    now: datetime,
    actor: User | None = None,
) -> tuple[Invitation, letter.Written]:
    """Invite a delegation by a printed letter; return the invitation and the letter to print.

    Each print carries a link of its own; those on earlier prints keep working. Raises
    LetterNotReady as ``send_letter`` does.
    """
    posting.refuse_unready(campaign, now)
    invitation = open_invitation(
        delegation=delegation, campaign=campaign, deadline=deadline, now=now
    )
    link = linking.create_link(
        purpose=PersonalLink.Purpose.INVITATION, invitation=invitation, now=now
    )
    written = letter.write(
        campaign=campaign,
        delegation=delegation,
        language=invitation.language,
        deadline=invitation.deadline,
        url=link.url,
    )
    life.note_step(
        invitation_id=invitation.pk,
        kind=life.Kind.SENT,
        at=now,
        by=life.by_organiser(actor, life.Way.PAPER),
    )
    auditing.record(
        action="invitation.print",
        target=invitation,
        conference=invitation.conference,
        actor=actor,
        now=now,
    )
    return invitation, written


@transaction.atomic
def link_for_slip(*, invitation: Invitation, now: datetime, actor: User) -> str:
    """Return the address for a reply slip on paper: a link of its own, as on a printed letter."""
    link = linking.create_link(
        purpose=PersonalLink.Purpose.INVITATION, invitation=invitation, now=now
    )
    auditing.record(
        action="invitation.print_slip",
        target=invitation,
        conference=invitation.conference,
        actor=actor,
        now=now,
    )
    return link.url


@transaction.atomic
def give_more_time(
    *, invitation: Invitation, deadline: datetime, now: datetime, actor: User | None = None
) -> Invitation:
    """Set a new deadline for the answer; the links already sent keep working.

    An expired invitation is open again by it.
    """
    # It may have expired since the page was opened; from here on it waits for us.
    standing = Invitation.objects.select_for_update(of=("self",)).get(pk=invitation.pk)
    if standing.state == _State.EXPIRED:
        return life.reopen(invitation=invitation, deadline=deadline, now=now, actor=actor)
    before = invitation.deadline
    invitation.deadline = deadline
    invitation.save(update_fields=["deadline"])
    life.note_step(
        invitation_id=invitation.pk,
        kind=life.Kind.DEADLINE,
        at=now,
        by=life.by_organiser(actor),
    )
    auditing.record(
        action="invitation.deadline",
        target=invitation,
        conference=invitation.conference,
        actor=actor,
        before={"deadline": before.isoformat() if before else None},
        after={"deadline": deadline.isoformat()},
        now=now,
    )
    return invitation


def last_look(message: Message, now: datetime) -> str | None:
    """Tell the mailer to drop a letter that was sent again elsewhere, or that is too late.

    So it does with the letter of an invitation that is another letter's by now, or that was
    answered by telephone or on paper while its letter waited.
    """
    number = posting.invitation_id_of(message)
    if not number:
        return None
    invitation = Invitation.objects.filter(pk=number).select_related("conference").first()
    if (
        invitation is None
        or invitation.refusal(now)
        or _is_elsewhere(invitation, message)
        or (invitation.answered_at is not None and invitation.answered_at > message.created_at)
    ):
        return Message.State.CANCELLED
    return None


def _is_elsewhere(invitation: Invitation, message: Message) -> bool:
    if invitation.state == _State.DRAFT:
        return invitation.campaign_id != message.campaign_id
    return invitation.addressee_email.lower() != message.to_email.lower()


def latest_invitation(delegation: Delegation) -> Invitation | None:
    """Return the delegation's newest invitation to attend, whatever its state."""
    return (
        Invitation.objects.filter(delegation=delegation, delegate=None, purpose=PURPOSE)
        .select_related("campaign", "conference")
        .order_by("-created_at", "-id")
        .first()
    )


def open_invitation(
    *, delegation: Delegation, campaign: Campaign | None, deadline: datetime | None, now: datetime
) -> Invitation:
    """Return the delegation's standing invitation, made now if there is none, as one that is sent.

    A declined one stands: nobody is asked twice because a list was ticked as a whole.
    """
    standing = _standing().filter(delegation=delegation).order_by("-created_at", "-pk")
    if (present := standing.first()) is not None:
        return _adopted(present, campaign, deadline, now)
    try:
        with transaction.atomic():
            return Invitation.objects.create(
                conference=delegation.conference,
                delegation=delegation,
                campaign=campaign,
                purpose=PURPOSE,
                addressee_name=delegation.focal_name,
                addressee_email=delegation.focal_email,
                language=delegation.focal_language,
                state=_State.SENT,
                deadline=deadline,
                sent_at=now,
            )
    except IntegrityError:
        # Somebody invited this delegation between our look and our deed: theirs it is.
        return standing[:1].get()


def _standing() -> QuerySet[Invitation]:
    found: QuerySet[Invitation] = Invitation.objects.filter(
        delegate=None, purpose=PURPOSE, state__in=[*Invitation.OPEN_STATES, _State.DECLINED]
    )
    return found


def _adopted(
    invitation: Invitation, campaign: Campaign | None, deadline: datetime | None, now: datetime
) -> Invitation:
    """Let an invitation that was a draft be handed over by this letter."""
    if campaign is None:
        return invitation
    if invitation.campaign_id is None:
        invitation.campaign = campaign
        invitation.deadline = invitation.deadline or deadline
    if invitation.state == _State.DRAFT:
        invitation.state = _State.SENT
        invitation.sent_at = now
        _set_addressee(invitation)
    invitation.save()
    return invitation


def _set_addressee(invitation: Invitation) -> None:
    """Write down to whom the letter goes: codes go there, and its bounces count from there."""
    invitation.addressee_name = invitation.delegation.focal_name
    invitation.addressee_email = invitation.delegation.focal_email
    invitation.language = invitation.delegation.focal_language


def _note_sent(invitation: Invitation, message: Message, now: datetime, actor: User | None) -> None:
    life.note_step(
        invitation_id=invitation.pk,
        kind=life.Kind.SENT,
        at=now,
        by=life.by_organiser(actor, life.Way.MAIL),
        message=message,
    )
