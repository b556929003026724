"""Letters become rows here: each occasion once, whatever is clicked twice."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from conference.errors import AddressMissing
from conference.models import Campaign, Conference, Message, MessageAttachment, MessageStep
from conference.operations.mailing import rules
from conference.operations.mailing.letters import Letter, fields_of, one_line
from conference.operations.mailing.steps import record_step, record_steps
from conference.operations.mailing.waking import announce, wake


def enqueue(
    *,
    conference: Conference,
    letter: Letter,
    now: datetime,
    campaign: Campaign | None = None,
) -> Message:
    """Store the letter and wake a worker on commit; a letter with a known key is not made again.

    Returns the message of this key, new or old. Raises AddressMissing without an address.
    """
    if not letter.to_email:
        raise AddressMissing
    fields = fields_of(conference, letter, now) | {"campaign": campaign}
    if campaign is not None:
        fields.setdefault("on_doubt", campaign.on_doubt)
    with transaction.atomic():
        message, is_new = Message.objects.get_or_create(key=letter.key, defaults=fields)
        if is_new:
            _enclose(message, letter)
            record_step(
                message_id=message.pk, kind=MessageStep.Kind.QUEUED, at=now, rule=rules.OCCASION
            )
    # Outside, so that letters of one transaction around us share a wake-up.
    if is_new and message.due_at <= now:
        wake(message_id=message.pk, purpose=message.purpose)
    return message


def enqueue_all(
    *, conference: Conference, letters: Sequence[Letter], now: datetime, campaign: Campaign
) -> int:
    """Store letters of one mailing in a few statements; return how many are new.

    Those with a known key are not made again. The caller holds the mailing's row. Raises
    AddressMissing if one has no address.
    """
    if not all(letter.to_email for letter in letters):
        raise AddressMissing
    known = set(
        Message.objects.filter(key__in=[letter.key for letter in letters]).values_list(
            "key", flat=True
        )
    )
    new = [letter for letter in letters if letter.key not in known]
    with transaction.atomic():
        made = Message.objects.bulk_create(
            Message(
                key=letter.key,
                campaign=campaign,
                **({"on_doubt": campaign.on_doubt} | fields_of(conference, letter, now)),
            )
            for letter in new
        )
        MessageAttachment.objects.bulk_create(
            attachment
            for message, letter in zip(made, new, strict=True)
            for attachment in _enclosed(message, letter)
        )
        record_steps(
            message_ids=[message.pk for message in made],
            kind=MessageStep.Kind.QUEUED,
            at=now,
            rule=rules.OCCASION,
        )
    for message in made:
        if message.due_at <= now:
            wake(message_id=message.pk, purpose=message.purpose)
    return len(made)


@transaction.atomic
def record_unaddressed(*, conference: Conference, letter: Letter, now: datetime) -> Message:
    """Store a letter to somebody who has no e-mail address: it waits on pages of their own."""
    fields = fields_of(conference, letter, now) | {"state": Message.State.INBOX}
    message, is_new = Message.objects.get_or_create(key=letter.key, defaults=fields)
    if is_new:
        _enclose(message, letter)
        record_step(
            message_id=message.pk, kind=MessageStep.Kind.INBOX, at=now, rule=rules.NO_ADDRESS
        )
    announce(purpose=message.purpose)
    return message


@transaction.atomic
def revive(*, message_id: int, letter: Letter, now: datetime) -> None:
    """Put a cancelled letter back into the queue with the text that holds now."""
    due_at = letter.due_at or now
    revived = Message.objects.filter(pk=message_id, state=Message.State.CANCELLED).update(
        state=Message.State.QUEUED,
        subject=one_line(letter.subject),
        body_text=letter.body_text,
        body_html=letter.body_html,
        due_at=due_at,
        attempts=0,
        abandoned=0,
        lease_until=None,
        handed_over_at=None,
        is_doubtful=False,
    )
    if revived:
        record_step(
            message_id=message_id, kind=MessageStep.Kind.QUEUED, at=now, rule=rules.OCCASION
        )
        if due_at <= now:
            wake(message_id=message_id, purpose=letter.purpose)


def _enclose(message: Message, letter: Letter) -> None:
    MessageAttachment.objects.bulk_create(_enclosed(message, letter))


def _enclosed(message: Message, letter: Letter) -> list[MessageAttachment]:
    return [
        MessageAttachment(
            message=message,
            file_name=each.file_name,
            content_type=each.content_type,
            content=each.content,
            maker=each.maker,
            about=each.about,
        )
        for each in letter.enclosures
    ]
