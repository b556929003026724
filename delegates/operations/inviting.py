"""Calling delegations to the conference: by mail, once more, and on paper.

A delegation has one open invitation; its letter is a message whose key names that invitation.
Sending twice, or from two screens at once, therefore finds what is there and makes nothing new.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from conference.models import Campaign, Message, User
from conference.operations import auditing, mailing
from delegates.documents import letter
from delegates.errors import InvitationRefused, LetterNotReady
from delegates.models import Delegation, Invitation, PersonalLink
from delegates.operations import deputising, life, linking, posting

PURPOSE = "attend"
_UNANSWERED = (Invitation.State.DRAFT, *Invitation.WAITING_STATES)
_State = Invitation.State


@dataclass(frozen=True, kw_only=True)
class Sending:
    """What became of each delegation that a letter was to be sent to."""

    queued: list[Message] = field(default_factory=list)
    already_invited: list[Delegation] = field(default_factory=list)
    without_address: list[Delegation] = field(default_factory=list)


@transaction.atomic
def send_letter(
    *,
    campaign: Campaign,
    delegation_ids: Sequence[int],
    deadline: datetime,
    now: datetime,
    actor: User | None = None,
) -> Sending:
    """Invite these delegations by this letter, each once whatever is clicked twice.

    Those with an invitation on its way, and those without an e-mail address, are left out and
    returned by name. Raises LetterNotReady without a text, or after the conference.
    """
    posting.refuse_unready(campaign, now)
    # Everybody takes the rows in the same order, so two senders wait instead of deadlocking.
    chosen = Delegation.objects.filter(conference=campaign.conference, pk__in=delegation_ids)
    outcome = Sending()
    for delegation in chosen.select_related("conference").order_by("pk"):
        if not delegation.focal_email:
            outcome.without_address.append(delegation)
            continue
        invitation = open_invitation(
            delegation=delegation, campaign=campaign, deadline=deadline, now=now
        )
        if invitation.state not in _UNANSWERED or _is_mailed(invitation):
            outcome.already_invited.append(delegation)
            continue
        _address(invitation, delegation)
        message = posting.mail_letter(
            campaign=campaign, invitation=invitation, now=now, key=posting.key_of(invitation)
        )
        _note_sent(invitation, message, now, actor)
        outcome.queued.append(message)
    if outcome.queued:
        posting.begin(campaign, now)
        auditing.record(
            action="letter.send",
            target=campaign,
            conference=campaign.conference,
            actor=actor,
            after={"delegations": len(outcome.queued), "deadline": deadline.isoformat()},
            now=now,
        )
    return outcome


@transaction.atomic
def send_again(*, invitation: Invitation, now: datetime, actor: User | None = None) -> Message:
    """Send the letter once more: to the focal point's present address, with a new link.

    For an address that was wrong or has changed: the former links stop working, because somebody
    else may hold them. To the same address again only the failed letter is retried. Raises
    LetterNotReady without a letter, InvitationRefused if no answer can be given any more,
    MessageNotRetryable if the letter to this address is sent or on its way.
    """
    campaign = invitation.campaign
    delegation = invitation.delegation
    if campaign is None:
        raise LetterNotReady(_("This invitation has no letter. Write one and send it first."))
    if reason := invitation.refusal(now):
        raise InvitationRefused(reason.label, reason=reason.value)
    last = posting.messages_of([invitation]).get(invitation.pk)
    if last is not None and last.to_email == delegation.focal_email:
        mailing.retry(message_id=last.pk, now=now)
        return last
    if deputy := deputising.deputy_of(invitation):
        # Whoever named the deputy is perhaps no longer who speaks for the delegation.
        deputising.take_back(deputy=deputy, now=now, by=life.by_organiser(actor))
    linking.revoke_all(invitation=invitation, now=now)
    _address(invitation, delegation)
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
    message = posting.mail_letter(campaign=campaign, invitation=invitation, now=now, key=key)
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
    """Tell the mailer to drop a letter that was sent again elsewhere, or that is too late."""
    number = posting.invitation_id_of(message)
    if not number:
        return None
    invitation = Invitation.objects.filter(pk=number).select_related("conference").first()
    if (
        invitation is None
        or invitation.refusal(now)
        or invitation.addressee_email.lower() != message.to_email.lower()
    ):
        return Message.State.CANCELLED
    return None


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
    """Return the delegation's standing invitation, made now if there is none.

    A declined one stands: nobody is asked twice because a list was ticked as a whole.
    """
    standing = Invitation.objects.filter(
        delegation=delegation,
        delegate=None,
        purpose=PURPOSE,
        state__in=[*Invitation.OPEN_STATES, _State.DECLINED],
    ).order_by("-created_at", "-pk")
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


def _adopted(
    invitation: Invitation, campaign: Campaign | None, deadline: datetime | None, now: datetime
) -> Invitation:
    """Give an invitation that was prepared without a letter the letter it lacks."""
    if campaign is None or invitation.campaign_id is not None:
        return invitation
    invitation.campaign = campaign
    invitation.deadline = invitation.deadline or deadline
    if invitation.state == _State.DRAFT:
        invitation.state = _State.SENT
        invitation.sent_at = now
        invitation.addressee_name = invitation.delegation.focal_name
        invitation.addressee_email = invitation.delegation.focal_email
        invitation.language = invitation.delegation.focal_language
    invitation.save()
    return invitation


def _address(invitation: Invitation, delegation: Delegation) -> None:
    """Write down to whom the letter goes: codes go there, and its bounces count from there."""
    to = {
        "addressee_name": delegation.focal_name,
        "addressee_email": delegation.focal_email,
        "language": delegation.focal_language,
    }
    if changed := [name for name, value in to.items() if getattr(invitation, name) != value]:
        for name in changed:
            setattr(invitation, name, to[name])
        invitation.save(update_fields=changed)


def _note_sent(invitation: Invitation, message: Message, now: datetime, actor: User | None) -> None:
    life.note_step(
        invitation_id=invitation.pk,
        kind=life.Kind.SENT,
        at=now,
        by=life.by_organiser(actor, life.Way.MAIL),
        message=message,
    )


def _is_mailed(invitation: Invitation) -> bool:
    return Message.objects.filter(key=posting.key_of(invitation)).exists()
