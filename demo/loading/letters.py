"""The rehearsal's first letter of invitation, what was sent of it, and a mailing that waits."""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db.models import F

from conference.models import Campaign, Conference, Message, MessageStep, User
from conference.operations import campaigning
from conference.operations.mailing import rules
from delegates.documents import letter
from delegates.models import Accreditation, Invitation, InvitationStep, PersonalLink
from delegates.operations import audiences, letters, linking, posting
from demo import facts

ON_THE_WAY = timedelta(seconds=4)
_ACCREDITED = {"accreditation": [Accreditation.State.APPROVED.value]}


def load_letter(conference: Conference, *, author: User, sent_at: datetime) -> Campaign:
    """Store the letter as one that has gone out."""
    return Campaign.objects.create(
        conference=conference,
        purpose=posting.MAIL_PURPOSE,
        audience=letters.INVITATION,
        narrowed={campaigning.CHOSEN: []},
        state=Campaign.State.DONE,
        expanded_at=sent_at,
        created_by=author,
        sent_at=sent_at,
        **facts.document("letter.json"),
    )


def load_mailing(conference: Conference, *, author: User) -> Campaign:
    """Store a mailing to the accredited that waits for the organiser to look at and to start."""
    return Campaign.objects.create(
        conference=conference,
        purpose=campaigning.PURPOSE,
        audience=audiences.PEOPLE,
        narrowed=_ACCREDITED,
        created_by=author,
        **facts.document("mailing.json"),
    )


#: What happened to each of them: the step, the rule behind it, its time, the server's answer.
_STEPS: tuple[tuple[str, str, Callable[[Message], Any], str], ...] = (
    ("queued", rules.OCCASION, lambda message: message.due_at, ""),
    ("claimed", rules.ONE_WORKER, lambda message: message.sent_at, ""),
    ("handed_over", rules.MARK_FIRST, lambda message: message.sent_at, ""),
    ("accepted", rules.TAKEN_IS_SENT, lambda message: message.sent_at, "250"),
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
                recipient=f"delegation:{invitation.delegation_id}",
                domain=invitation.addressee_email.rpartition("@")[2].lower(),
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
    # The database notes when the row was made; the letter was queued when it was sent.
    Message.objects.filter(pk__in=[each.pk for each in messages]).update(created_at=F("due_at"))
    for kind, rule, time_of, answer in _STEPS:
        MessageStep.objects.bulk_create(
            MessageStep(message=message, kind=kind, rule=rule, at=time_of(message), answer=answer)
            for message in messages
        )


def load_steps(invitations: Iterable[Invitation]) -> None:
    """Store what happened to each of these invitations, step by step."""
    organiser, focal_point = InvitationStep.Party.ORGANISER, InvitationStep.Party.FOCAL_POINT
    link, mail = InvitationStep.Way.LINK, InvitationStep.Way.MAIL
    steps = []
    for invitation in invitations:
        letter_way = mail if invitation.addressee_email else InvitationStep.Way.PAPER
        told = [
            ("sent", invitation.sent_at, organiser, letter_way, ""),
            ("opened", invitation.opened_at, focal_point, link, invitation.addressee_email),
            (invitation.state, invitation.answered_at, focal_point, link, invitation.answered_by),
        ]
        steps += [
            InvitationStep(invitation=invitation, kind=kind, at=at, party=party, way=way, who=who)
            for kind, at, party, way, who in told
            if at is not None
        ]
    InvitationStep.objects.bulk_create(steps)
