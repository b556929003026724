"""Mail, each letter once. The row is the truth; the broker only wakes a worker sooner.

A letter is claimed with a lease before it is sent, and marked as sent right after the server took
it. A worker that dies in between leaves a claim behind; when its lease has run out the letter is
sent again under the same Message-ID, so that receiving systems can tell the repeat.
"""

import smtplib
import socket
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from celery import current_app
from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.db import transaction
from django.db.models import F

from conference.errors import AddressMissing, MessageNotRetryable
from conference.models import Campaign, Conference, Language, Message

DELIVER_TASK = "conference.deliver_message"
LEASE = timedelta(minutes=2)
#: The states from which a person may put a letter back into the queue.
RETRYABLE = (Message.State.FAILED, Message.State.UNCERTAIN, Message.State.MISSED)
#: Asked for letters of a purpose in the last moment: a final state to end in, or None to send.
LastLook = Callable[[Message, datetime], str | None]
_last_looks: dict[str, LastLook] = {}
_LONGEST_NAME, _LONGEST_SUBJECT = (
    Message._meta.get_field(name).max_length or 0  # type: ignore[union-attr]
    for name in ("to_name", "subject")
)
RETRY_LADDER = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=15),
    timedelta(hours=1),
    timedelta(hours=4),
)


@dataclass(frozen=True, kw_only=True)
class Letter:
    """What is to be sent to whom; ``key`` names the occasion and makes it once."""

    key: str
    purpose: str
    to_email: str
    subject: str
    body_text: str
    to_name: str = ""
    body_html: str = ""
    language: str = Language.ENGLISH


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
    message, is_new = Message.objects.get_or_create(
        key=letter.key,
        defaults=_fields(conference, letter, now) | {"campaign": campaign},
    )
    if is_new:
        wake(message_id=message.pk)
    return message


def record_missed(*, conference: Conference, letter: Letter, now: datetime) -> Message:
    """Store a letter that should have left long ago, so that people see it; it is not sent."""
    message, _ = Message.objects.get_or_create(
        key=letter.key,
        defaults=_fields(conference, letter, now) | {"state": Message.State.MISSED},
    )
    return message


def revive(*, message_id: int, letter: Letter, now: datetime) -> None:
    """Put a cancelled letter back into the queue with the text that holds now."""
    revived = Message.objects.filter(pk=message_id, state=Message.State.CANCELLED).update(
        state=Message.State.QUEUED,
        subject=_one_line(letter.subject),
        body_text=letter.body_text,
        body_html=letter.body_html,
        due_at=now,
        attempts=0,
        lease_until=None,
    )
    if revived:
        wake(message_id=message_id)


def look_before_sending(*, purpose: str, last_look: LastLook) -> None:
    """Register who is asked, in the last moment, whether letters of this purpose still go out."""
    _last_looks[purpose] = last_look


def wake(*, message_id: int) -> None:
    """Ask a worker, on commit, to send this letter now; losing the request loses nothing."""
    transaction.on_commit(
        lambda: current_app.send_task(DELIVER_TASK, [message_id], ignore_result=True, retry=False),
        robust=True,
    )


def claim(*, message_id: int, worker: str, now: datetime) -> Message | None:
    """Take the letter for sending, or return None if it is not due or another worker has it."""
    taken = (
        Message.objects.filter(pk=message_id)
        .due(now)
        .update(
            state=Message.State.CLAIMED,
            claimed_by=worker[:120],
            lease_until=now + LEASE,
            attempts=F("attempts") + 1,
        )
    )
    return Message.objects.select_related("conference").get(pk=message_id) if taken else None


def deliver(*, message_id: int, worker: str, now: datetime) -> str:
    """Claim and send one letter in its own SMTP transaction; return its state afterwards.

    Never raises for a failure of the mail server: a temporary one puts the letter back with a
    later time, a permanent one marks it as failed, both with the server's own words.
    """
    message = claim(message_id=message_id, worker=worker, now=now)
    if message is None:
        return "not_due"
    last_look = _last_looks.get(message.purpose)
    if last_look and (state := last_look(message, now)):
        _finish(message, state=state)
        return state
    try:
        compose(message).send()
    # ValueError: an address or header that no server would take.
    except (smtplib.SMTPException, OSError, ValueError) as failure:
        return _record_failure(message=message, failure=failure, now=now)
    _finish(message, state=Message.State.SENT, sent_at=now, server_answer="250")
    return Message.State.SENT


def compose(message: Message) -> EmailMultiAlternatives:
    """Build the mail of this letter, with a Message-ID that is the same at each attempt."""
    sender_name = message.conference.sender_name or str(message.conference)
    mail = EmailMultiAlternatives(
        subject=message.subject,
        body=message.body_text,
        from_email=f'"{_quotable(sender_name)}" <{settings.DEFAULT_FROM_ADDRESS}>',
        to=[f'"{_quotable(message.to_name)}" <{message.to_email}>'],
        reply_to=[message.reply_to] if message.reply_to else None,
        headers={
            "Message-ID": message.message_id,
            "Content-Language": "zh-Hans" if message.language == Language.CHINESE else "en",
            "Auto-Submitted": "auto-generated",
        },
        connection=get_connection(),
    )
    if message.body_html:
        mail.attach_alternative(message.body_html, "text/html")
    return mail


def retry(*, message_id: int, now: datetime) -> None:
    """Put a failed, held or missed letter back into the queue; raises MessageNotRetryable."""
    changed = Message.objects.filter(pk=message_id, state__in=RETRYABLE).update(
        state=Message.State.QUEUED, due_at=now, attempts=0, lease_until=None
    )
    if not changed:
        raise MessageNotRetryable
    wake(message_id=message_id)


def due_message_ids(*, now: datetime, limit: int = 200) -> list[int]:
    """Return the ids of letters that wait to be sent, the oldest first."""
    return list(Message.objects.due(now).order_by("due_at").values_list("pk", flat=True)[:limit])


def _fields(conference: Conference, letter: Letter, now: datetime) -> dict[str, object]:
    return {
        "conference": conference,
        "purpose": letter.purpose,
        "to_email": letter.to_email,
        "to_name": letter.to_name[:_LONGEST_NAME],
        "language": letter.language,
        "subject": _one_line(letter.subject),
        "body_text": letter.body_text,
        "body_html": letter.body_html,
        "reply_to": conference.reply_to,
        "due_at": now,
    }


def _one_line(subject: str) -> str:
    # A subject is put together from titles and names, whose lengths add up.
    line = " ".join(subject.split())
    return line if len(line) <= _LONGEST_SUBJECT else f"{line[: _LONGEST_SUBJECT - 1]}…"


def _record_failure(*, message: Message, failure: Exception, now: datetime) -> str:
    answer = _answer_of(failure)
    if _is_permanent(failure) or message.attempts > len(RETRY_LADDER):
        _finish(message, state=Message.State.FAILED, server_answer=answer)
        return Message.State.FAILED
    later = now + RETRY_LADDER[message.attempts - 1]
    _finish(message, state=Message.State.QUEUED, due_at=later, server_answer=answer)
    return Message.State.QUEUED


def _finish(message: Message, **fields: object) -> None:
    # Only the holder of the claim may write: a late worker must not undo what a newer one did.
    Message.objects.filter(
        pk=message.pk,
        state=Message.State.CLAIMED,
        claimed_by=message.claimed_by,
        attempts=message.attempts,
    ).update(lease_until=None, claimed_by="", **fields)


def _is_permanent(failure: Exception) -> bool:
    if isinstance(failure, smtplib.SMTPRecipientsRefused):
        return all(code >= 500 for code, _ in failure.recipients.values())
    if isinstance(failure, smtplib.SMTPResponseException):
        return failure.smtp_code >= 500
    return isinstance(failure, ValueError)


def _answer_of(failure: Exception) -> str:
    if isinstance(failure, smtplib.SMTPRecipientsRefused):
        code, words = next(iter(failure.recipients.values()))
        return f"{code} {_decoded(words)}"
    if isinstance(failure, smtplib.SMTPResponseException):
        return f"{failure.smtp_code} {_decoded(failure.smtp_error)}"
    if isinstance(failure, socket.gaierror | ConnectionError | TimeoutError):
        return f"The mail server cannot be reached: {failure}"
    return f"{type(failure).__name__}: {failure}"


def _decoded(words: bytes | str) -> str:
    return words.decode(errors="replace") if isinstance(words, bytes) else words


def _quotable(name: str) -> str:
    return " ".join(name.replace("\\", " ").replace('"', " ").split())
