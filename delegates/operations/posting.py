"""The letters that carry invitations: writing them and finding them again."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from conference.models import Campaign, Conference, Message
from conference.operations import mailing
from delegates.documents import letter
from delegates.errors import LetterNotReady
from delegates.models import Invitation

#: The purpose of campaigns and messages that carry invitations.
MAIL_PURPOSE = "invitation"
#: How the keys of letters begin: an invitation's own, and those of its reminders.
LETTER_KEY = "invite"
REMINDER_KEY = "invite-reminder"
#: Stands where the personal token would, in previews and tests.
EXAMPLE = "example"


def letter_to(
    *,
    campaign: Campaign,
    invitation: Invitation,
    url: str,
    key: str,
    purpose: str = MAIL_PURPOSE,
) -> mailing.Letter:
    """Write the letter to this invitation's focal point, with this link; its key makes it once."""
    delegation = invitation.delegation
    written = letter.write(
        campaign=campaign,
        delegation=delegation,
        language=delegation.focal_language,
        deadline=invitation.deadline,
        url=url,
    )
    text, html = letter.mail_parts(written, conference=campaign.conference)
    return mailing.Letter(
        key=key,
        purpose=purpose,
        recipient=f"delegation:{delegation.pk}",
        to_email=delegation.focal_email,
        to_name=delegation.focal_name,
        subject=written.subject,
        body_text=text,
        body_html=html,
        language=written.language,
    )


def key_of(invitation: Invitation, number: int = 0) -> str:
    """Return the key of the invitation's own letter; ``number`` counts those before it.

    There is another one only where all before it were cancelled and never left, or were of a
    cancelled mailing and did not arrive.
    """
    return f"{LETTER_KEY}:{invitation.pk}" + (f":{number}" if number else "")


def refuse_unready(campaign: Campaign, now: datetime) -> None:
    """Raise LetterNotReady without a text, and after the conference."""
    if campaign.conference.is_over(now):
        raise LetterNotReady(_("This conference is over. Nobody is invited any more."))
    if not letter.is_ready(campaign):
        raise LetterNotReady


def sendable(conference: Conference) -> list[Campaign]:
    """Return the conference's letters of invitation that are written, the newest first."""
    mine = Campaign.objects.filter(conference=conference, purpose=MAIL_PURPOSE)
    return [campaign for campaign in mine if letter.is_ready(campaign)]


def messages_of(invitations: Iterable[Invitation]) -> dict[int, Message]:
    """Return the newest letter of each invitation that has one, by the invitation's id."""
    found: dict[int, Message] = {}
    letters = _letters_of(invitations).defer("body_text", "body_html")
    for message in letters.order_by("created_at", "pk"):
        found[invitation_id_of(message)] = message
    return found


def is_held(message: Message | None) -> bool:
    """Tell whether this letter waits, made, until somebody lets its mailing go on."""
    return (
        message is not None
        and message.state == Message.State.QUEUED
        and message.campaign is not None
        and message.campaign.state == Campaign.State.PAUSED
    )


def mailed(invitations: Iterable[Invitation], campaign: Campaign) -> set[int]:
    """Return the ids of those that have a letter, be it only waiting, so that this is not for them.

    Not a cancelled one, nor one of another, cancelled mailing that did not arrive: those of this
    mailing are sent again singly, as soon as it goes on.
    """
    letters = _letters_of(invitations).exclude(state=Message.State.CANCELLED)
    lost = mailing.lost_of(letters.exclude(campaign=campaign))
    return set(counts_by_invitation(letters.exclude(pk__in=lost.values("pk"))))


def counted(invitations: Iterable[Invitation]) -> dict[int, int]:
    """Return how many letters each of these invitations has had, cancelled ones too."""
    return counts_by_invitation(_letters_of(invitations))


def counts_by_invitation(letters: QuerySet[Message]) -> Counter[int]:
    """Return how many of these letters and reminders each invitation has, by its number."""
    return Counter(invitation_id_of(message) for message in letters.only("key"))


def reminders_of(invitation: Invitation) -> list[Message]:
    """Return the reminders of this invitation, the oldest first."""
    mine = Message.objects.filter(key__startswith=f"{REMINDER_KEY}:{invitation.pk}:")
    return list(mine.defer("body_text", "body_html").order_by("created_at", "pk"))


def invitation_id_of(message: Message) -> int:
    """Return the id of the invitation that this letter carries, 0 for any other letter."""
    occasion, _colon, rest = message.key.partition(":")
    number = rest.partition(":")[0]
    is_ours = occasion in (LETTER_KEY, REMINDER_KEY) and number.isdecimal()
    return int(number) if is_ours else 0


def _letters_of(invitations: Iterable[Invitation]) -> QuerySet[Message]:
    whose = [f"delegation:{each.delegation_id}" for each in invitations]
    return Message.objects.filter(purpose=MAIL_PURPOSE, recipient__in=whose)
