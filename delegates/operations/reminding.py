"""Reminding those whom an invitation reached and who have not answered."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from conference.models import Campaign, Message
from delegates.models import Delegation, Invitation
from delegates.operations import inviting, posting

#: The purpose of campaigns and messages that remind.
MAIL_PURPOSE = "invitation_reminder"


def waiting_for(
    *, campaign: Campaign, delegations: Sequence[Delegation], now: datetime
) -> list[tuple[Invitation, str]]:
    """Return the invitations of which this letter is to remind, each with the key of its letter.

    It goes to those that still owe an answer, to each once; it carries a new link, and the one in
    the invitation keeps working. The caller holds the row of the letter: of two senders the
    second finds what the first has queued.
    """
    by_pk = {delegation.pk: delegation for delegation in delegations}
    done = reminded(campaign)
    ever = posting.counts_by_invitation(Message.objects.filter(campaign=campaign))
    found = []
    for pk, invitation in latest_of(by_pk).items():
        invitation.delegation, invitation.conference = by_pk[pk], campaign.conference
        if invitation.pk in done or not is_waiting(invitation, now):
            continue
        number = ever[invitation.pk]
        key = f"{posting.REMINDER_KEY}:{invitation.pk}:{campaign.pk}"
        found.append((invitation, f"{key}:{number}" if number else key))
    return found


def latest_of(delegations: Iterable[Any]) -> dict[int, Invitation]:
    """Return the newest invitation to attend of each of these delegations, by its id."""
    newest_last = Invitation.objects.filter(
        delegation__in=delegations, delegate=None, purpose=inviting.PURPOSE
    ).order_by("created_at", "pk")
    return {each.delegation_id: each for each in newest_last}


def reminded(campaign: Campaign) -> set[int]:
    """Return the ids of the invitations of which this letter reminds, be it only waiting."""
    live = Message.objects.filter(campaign=campaign).exclude(state=Message.State.CANCELLED)
    return set(posting.counts_by_invitation(live))


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
    # What was refused before it left has reached nobody.
    return invitation.state in Invitation.WAITING_STATES and invitation.sent_at is not None


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
