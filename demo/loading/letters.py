"""The rehearsal's first letter of invitation, and what was sent of it."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from conference.models import Campaign, Conference, Message, User
from delegates.documents import letter
from delegates.models import Invitation, PersonalLink
from delegates.operations import linking, posting
from demo import facts

ON_THE_WAY = timedelta(seconds=4)


def load_letter(conference: Conference, *, author: User, sent_at: datetime) -> Campaign:
    """Store the letter as one that has gone out."""
    return Campaign.objects.create(
        conference=conference,
        purpose=posting.MAIL_PURPOSE,
        state=Campaign.State.DONE,
        created_by=author,
        sent_at=sent_at,
        **facts.document("letter.json"),
    )


def load_messages(invitations: Iterable[Invitation], *, now: datetime) -> None:
    """Store the letter of each of these invitations as sent, with its personal link.

    Whoever was invited on paper, for want of an address, has none.
    """
    messages = []
    for invitation in invitations:
        campaign, sent_at = invitation.campaign, invitation.sent_at
        if campaign is None or sent_at is None or not invitation.addressee_email:
            continue
        link = linking.create_link(
            purpose=PersonalLink.Purpose.INVITATION, invitation=invitation, now=now
        )
        written = letter.write(
            campaign=campaign,
            delegation=invitation.delegation,
            language=invitation.language,
            deadline=invitation.deadline,
            url=link.url,
        )
        text, html = letter.mail_parts(written, conference=invitation.conference)
        messages.append(
            Message(
                conference=invitation.conference,
                campaign=campaign,
                key=f"invite:{invitation.pk}",
                purpose=posting.MAIL_PURPOSE,
                to_email=invitation.addressee_email,
                to_name=invitation.addressee_name,
                language=written.language,
                subject=written.subject,
                body_text=text,
                body_html=html,
                reply_to=invitation.conference.reply_to,
                state=Message.State.SENT,
                due_at=sent_at,
                attempts=1,
                sent_at=sent_at + ON_THE_WAY,
                server_answer="250",
            )
        )
    Message.objects.bulk_create(messages)
