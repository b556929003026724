"""Mail: a row first, each letter once, claims with a lease, failures in the server's words."""

import smtplib
from datetime import timedelta

import pytest
from django.core import mail

from conference.errors import AddressMissing, MessageNotRetryable
from conference.models import Message
from conference.operations import mailing
from conference.operations.mailing import Letter
from tests.conference.conftest import NOW


def letter(**changes) -> Letter:
    fields = {
        "key": "greeting:1",
        "purpose": "greeting",
        "to_email": "wei@example.com",
        "to_name": "张伟",
        "subject": "Welcome",
        "body_text": "Good morning",
    }
    return Letter(**(fields | changes))


@pytest.fixture
def queued(suzhou) -> Message:
    return mailing.enqueue(conference=suzhou, letter=letter(), now=NOW)


class BrokenServer:
    """Stands where Django's mail backend stands and fails as a server would."""

    failure: Exception = OSError()

    def __init__(self, **_kwargs) -> None: ...

    def send_messages(self, _mails) -> int:
        raise self.failure


@pytest.fixture
def failing(settings):
    def fail_with(failure: Exception) -> None:
        settings.EMAIL_BACKEND = f"{__name__}.BrokenServer"
        BrokenServer.failure = failure

    return fail_with


def test_the_same_occasion_makes_one_letter(suzhou):
    first = mailing.enqueue(conference=suzhou, letter=letter(), now=NOW)
    second = mailing.enqueue(conference=suzhou, letter=letter(subject="Again"), now=NOW)
    assert second == first
    assert list(Message.objects.values_list("subject", flat=True)) == ["Welcome"]


def test_a_letter_needs_an_address(suzhou):
    with pytest.raises(AddressMissing):
        mailing.enqueue(conference=suzhou, letter=letter(to_email=""), now=NOW)
    assert Message.objects.count() == 0


def test_a_line_end_in_a_subject_cannot_add_a_header(suzhou):
    message = mailing.enqueue(
        conference=suzhou, letter=letter(subject="Hello\r\nBcc: all@example.com"), now=NOW
    )
    assert message.subject == "Hello Bcc: all@example.com"


def test_long_names_and_titles_are_cut_to_what_the_row_holds(suzhou):
    long = letter(subject="Reminder: " + "title " * 80, to_name="n" * 300)
    message = mailing.enqueue(conference=suzhou, letter=long, now=NOW)
    assert (len(message.subject), message.subject[-1], len(message.to_name)) == (300, "…", 200)


def test_delivery_sends_once_and_says_when(queued):
    assert mailing.deliver(message_id=queued.pk, worker="w1", now=NOW) == "sent"
    assert mailing.deliver(message_id=queued.pk, worker="w2", now=NOW) == "not_due"
    queued.refresh_from_db()
    assert (queued.state, queued.sent_at, queued.attempts) == ("sent", NOW, 1)
    assert [sent.to for sent in mail.outbox] == [['"张伟" <wei@example.com>']]
    assert mail.outbox[0].extra_headers["Message-ID"] == queued.message_id


def test_a_claimed_letter_is_left_to_its_worker_until_the_lease_ends(queued):
    assert mailing.claim(message_id=queued.pk, worker="w1", now=NOW) is not None
    soon = NOW + mailing.lease() - timedelta(seconds=1)
    assert mailing.claim(message_id=queued.pk, worker="w2", now=soon) is None
    late = NOW + mailing.lease() + timedelta(seconds=1)
    taken_over = mailing.claim(message_id=queued.pk, worker="w2", now=late)
    assert taken_over is not None
    assert (taken_over.claimed_by, taken_over.message_id) == ("w2", queued.message_id)


@pytest.mark.parametrize(
    ("failure", "words"),
    [
        (smtplib.SMTPResponseException(451, b"try later"), "451 try later"),
        (ConnectionRefusedError("refused"), "The mail server cannot be reached: refused"),
        (
            smtplib.SMTPRecipientsRefused({"wei@example.com": (450, b"greylisted")}),
            "450 greylisted",
        ),
    ],
)
def test_a_temporary_failure_puts_the_letter_back_for_later(queued, failing, failure, words):
    failing(failure)
    assert mailing.deliver(message_id=queued.pk, worker="w1", now=NOW) == "queued"
    queued.refresh_from_db()
    assert (queued.state, queued.server_answer) == ("queued", words)
    assert queued.due_at == NOW + mailing.retry_after(queued)
    assert timedelta(seconds=42) <= mailing.retry_after(queued) <= timedelta(seconds=78)


@pytest.mark.parametrize(
    "failure",
    [
        smtplib.SMTPResponseException(550, b"no such user"),
        smtplib.SMTPRecipientsRefused({"wei@example.com": (550, b"no such user")}),
        UnicodeError("not an address"),
    ],
)
def test_a_permanent_failure_ends_the_letter_until_a_person_retries_it(queued, failing, failure):
    failing(failure)
    assert mailing.deliver(message_id=queued.pk, worker="w1", now=NOW) == "failed"
    mailing.retry(message_id=queued.pk, now=NOW)
    queued.refresh_from_db()
    assert (queued.state, queued.attempts) == ("queued", 0)


def test_the_ladder_of_retries_ends(queued, failing):
    failing(ConnectionResetError("reset"))
    now = NOW
    for _step in mailing.RETRY_LADDER:
        assert mailing.deliver(message_id=queued.pk, worker="w1", now=now) == "queued"
        queued.refresh_from_db()
        now = queued.due_at
    assert mailing.deliver(message_id=queued.pk, worker="w1", now=now) == "failed"


def test_a_sent_letter_is_not_sent_again_by_hand(queued):
    mailing.deliver(message_id=queued.pk, worker="w1", now=NOW)
    with pytest.raises(MessageNotRetryable):
        mailing.retry(message_id=queued.pk, now=NOW)


def test_the_sweep_finds_what_the_broker_lost(queued):
    assert mailing.due_message_ids(now=NOW) == [queued.pk]
    mailing.deliver(message_id=queued.pk, worker="w1", now=NOW)
    assert mailing.due_message_ids(now=NOW + timedelta(days=1)) == []


def test_the_demo_outbox_keeps_each_mail_whole(queued, settings, django_user_model):
    settings.EMAIL_BACKEND = "conference.mail_backends.OutboxBackend"
    mailing.deliver(message_id=queued.pk, worker="w1", now=NOW)
    from conference.models import OutboxMail

    kept = OutboxMail.objects.get()
    assert kept.message_id == queued.message_id
    assert "Message-ID: " + queued.message_id in kept.source
