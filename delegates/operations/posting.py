"""The letters that carry invitations: queueing, testing and finding them again."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from conference.models import Campaign, Conference, Message, User
from conference.operations import mailing
from delegates.documents import letter
from delegates.errors import LetterNotReady
from delegates.models import Delegation, Invitation, PersonalLink
from delegates.operations import linking

#: The purpose of campaigns and messages that carry invitations.
MAIL_PURPOSE = "invitation"
#: How the keys of letters begin: an invitation's own, and those of its reminders.
LETTER_KEY = "invite"
REMINDER_KEY = "invite-reminder"
#: Stands where the personal token would, in previews and tests.
EXAMPLE = "example"


def mail_letter(
    *,
    campaign: Campaign,
    invitation: Invitation,
    now: datetime,
    key: str,
    purpose: str = MAIL_PURPOSE,
) -> Message:
    """Queue a letter with a new link to this invitation; its key makes it once."""
    delegation = invitation.delegation
    link = linking.create_link(
        purpose=PersonalLink.Purpose.INVITATION, invitation=invitation, now=now
    )
    written = letter.write(
        campaign=campaign,
        delegation=delegation,
        language=delegation.focal_language,
        deadline=invitation.deadline,
        url=link.url,
    )
    text, html = letter.mail_parts(written, conference=delegation.conference)
    return mailing.enqueue(
        conference=delegation.conference,
        campaign=campaign,
        letter=mailing.Letter(
            key=key,
            purpose=purpose,
            recipient=f"delegation:{delegation.pk}",
            to_email=delegation.focal_email,
            to_name=delegation.focal_name,
            subject=written.subject,
            body_text=text,
            body_html=html,
            language=written.language,
        ),
        now=now,
    )


def key_of(invitation: Invitation) -> str:
    """Return the key of the invitation's own letter."""
    return f"{LETTER_KEY}:{invitation.pk}"


def refuse_unready(campaign: Campaign, now: datetime) -> None:
    """Raise LetterNotReady without a text, and after the conference."""
    if campaign.conference.is_over(now):
        raise LetterNotReady(_("This conference is over. Nobody is invited any more."))
    if not letter.is_ready(campaign):
        raise LetterNotReady


def begin(campaign: Campaign, now: datetime) -> None:
    """Note that letters of this mailing are on their way: from now on its text stands."""
    Campaign.objects.filter(pk=campaign.pk, state=Campaign.State.DRAFT).update(
        state=Campaign.State.SENDING, sent_at=now
    )


@transaction.atomic
def send_test(
    *, campaign: Campaign, delegation: Delegation, deadline: datetime, to: User, now: datetime
) -> list[Message]:
    """Send the letter, filled for this delegation, to the user, in each language it is written in.

    Its link opens nothing. Raises LetterNotReady without a text.
    """
    languages = letter.languages_of(campaign)
    if not languages:
        raise LetterNotReady
    return [
        _test(campaign, delegation, language=language, deadline=deadline, to=to, now=now)
        for language in languages
    ]


def sendable(conference: Conference) -> list[Campaign]:
    """Return the conference's letters of invitation that are written, the newest first."""
    mine = Campaign.objects.filter(conference=conference, purpose=MAIL_PURPOSE)
    return [campaign for campaign in mine if letter.is_ready(campaign)]


def messages_of(invitations: Sequence[Invitation]) -> dict[int, Message]:
    """Return the newest letter of each invitation that has one, by the invitation's id."""
    found: dict[int, Message] = {}
    keys = [key_of(invitation) for invitation in invitations]
    first = Message.objects.filter(key__in=keys)
    if len(invitations) == 1:
        first = first | Message.objects.filter(key__startswith=f"{keys[0]}:")
    for message in first.defer("body_text", "body_html").order_by("created_at", "pk"):
        found[invitation_id_of(message)] = message
    return found


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


def _test(
    campaign: Campaign,
    delegation: Delegation,
    *,
    language: str,
    deadline: datetime,
    to: User,
    now: datetime,
) -> Message:
    written = letter.write(
        campaign=campaign,
        delegation=delegation,
        language=language,
        deadline=deadline,
        url=linking.address_of(purpose=PersonalLink.Purpose.INVITATION, token=EXAMPLE),
    )
    text, html = letter.mail_parts(written, conference=campaign.conference)
    with translation.override(language):
        mark = gettext("Test")
    return mailing.enqueue(
        conference=campaign.conference,
        letter=mailing.Letter(
            key=f"test:{campaign.pk}:{to.pk}:{language}:{now.isoformat()}",
            purpose="test",
            recipient=f"user:{to.pk}",
            to_email=to.email,
            to_name=to.name,
            subject=f"[{mark}] {written.subject}",
            body_text=text,
            body_html=html,
            language=language,
        ),
        now=now,
    )
