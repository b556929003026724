"""Reminding those whom an invitation reached and who have not answered."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from conference.models import Campaign, Message, User
from conference.operations import auditing
from delegates.models import Delegation, Invitation
from delegates.operations import inviting, posting
from delegates.operations.inviting import Sending

#: The purpose of campaigns and messages that remind.
MAIL_PURPOSE = "invitation_reminder"


@transaction.atomic
def remind(
    *,
    campaign: Campaign,
    delegation_ids: Sequence[int],
    now: datetime,
    actor: User | None = None,
) -> Sending:
    """Send this reminder to those of the delegations that still owe an answer, each once.

    It carries a new link; the one in the invitation keeps working. Whoever has answered, or can
    answer no more, is left out. Raises LetterNotReady as ``inviting.send_letter`` does.
    """
    posting.refuse_unready(campaign, now)
    # One sender of a reminder at a time: the second finds what the first has queued.
    Campaign.objects.select_for_update().get(pk=campaign.pk)
    chosen = Delegation.objects.filter(conference=campaign.conference, pk__in=delegation_ids)
    outcome = Sending()
    for delegation in chosen.select_related("conference").order_by("pk"):
        invitation = waiting_invitation(delegation, now)
        if invitation is None or _is_reminded(invitation, campaign):
            outcome.already_invited.append(delegation)
        elif not delegation.focal_email:
            outcome.without_address.append(delegation)
        else:
            outcome.queued.append(
                posting.mail_letter(
                    campaign=campaign,
                    invitation=invitation,
                    now=now,
                    key=_key(invitation, campaign),
                    purpose=MAIL_PURPOSE,
                )
            )
    if outcome.queued:
        posting.begin(campaign, now)
        auditing.record(
            action="letter.remind",
            target=campaign,
            conference=campaign.conference,
            actor=actor,
            after={"delegations": len(outcome.queued)},
            now=now,
        )
    return outcome


def waiting_invitation(delegation: Delegation, now: datetime) -> Invitation | None:
    """Return the delegation's invitation if an answer to it is still awaited and possible."""
    invitation = inviting.latest_invitation(delegation)
    if invitation is None or not is_waiting(invitation, now):
        return None
    return invitation


def is_waiting(invitation: Invitation, now: datetime) -> bool:
    """Return whether an answer is owed: none was given, or "we will know by" a day now gone."""
    if invitation.refusal(now):
        return False
    if invitation.state == Invitation.State.TENTATIVE:
        return invitation.know_by is not None and invitation.know_by <= (
            invitation.conference.today(now)
        )
    return invitation.state in Invitation.WAITING_STATES


def last_look(message: Message, now: datetime) -> str | None:
    """Tell the mailer to drop a reminder whose invitation was answered in the meantime."""
    invitation = (
        Invitation.objects.filter(pk=posting.invitation_id_of(message))
        .select_related("conference")
        .first()
    )
    if invitation is None or not is_waiting(invitation, now):
        return Message.State.CANCELLED
    return None


def _is_reminded(invitation: Invitation, campaign: Campaign) -> bool:
    return Message.objects.filter(key=_key(invitation, campaign)).exists()


def _key(invitation: Invitation, campaign: Campaign) -> str:
    return f"{posting.REMINDER_KEY}:{invitation.pk}:{campaign.pk}"
