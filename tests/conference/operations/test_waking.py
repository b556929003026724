"""Wake-ups: one for a letter, few for thousands, and none that outlives its use."""

from datetime import timedelta

import pytest
from celery import current_app
from django.conf import settings
from django.db import transaction

from conference.models import Message
from conference.operations import mailing
from conference.operations.mailing import Letter, waking
from tests.conference.conftest import NOW


@pytest.fixture
def waiting():
    """Take what waits in the queue for mail, in the real broker, and say how many it was."""

    def count() -> int:
        with current_app.connection_or_acquire() as broker:
            return broker.default_channel.queue_purge("mail")

    count()
    yield count
    count()


def write(conference, number: int, **changes) -> Message:
    return mailing.enqueue(
        conference=conference,
        letter=Letter(
            **(
                {
                    "key": f"greeting:{number}",
                    "purpose": "greeting",
                    "to_email": f"guest{number}@example.com",
                    "subject": "Welcome",
                    "body_text": "Good morning",
                }
                | changes
            )
        ),
        now=NOW,
    )


def test_a_letter_wakes_a_worker_and_the_same_letter_does_not_again(
    suzhou, waiting, django_capture_on_commit_callbacks
):
    for _click in range(2):
        with django_capture_on_commit_callbacks(execute=True):
            write(suzhou, 1)
    assert waiting() == 1


def test_thousands_of_one_transaction_share_a_few_wake_ups(
    suzhou, waiting, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True) as hooks, transaction.atomic():
        for number in range(20):
            write(suzhou, number)
    assert len(hooks) == 1
    assert waiting() == settings.MAIL_LANES


def test_what_is_undone_takes_only_its_own_wake_up_along(
    suzhou, waiting, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True), transaction.atomic():
        with transaction.atomic():
            write(suzhou, 1)
            transaction.set_rollback(True)
        write(suzhou, 2)
    assert waiting() == 1


def test_a_letter_for_later_wakes_nobody_yet(suzhou, waiting, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        write(suzhou, 1, due_at=NOW + timedelta(hours=1))
    assert waiting() == 0
    assert mailing.sweep(now=NOW) == 0
    assert mailing.sweep(now=NOW + timedelta(hours=2)) == 1
    assert waiting() == 1


def test_the_look_of_two_beats_wakes_no_more_workers_than_there_are_letters(suzhou, waiting):
    write(suzhou, 1)
    write(suzhou, 2)
    assert mailing.sweep(now=NOW) == 2
    assert waiting() == 2


@pytest.fixture
def followed(monkeypatch):
    """Note what those who follow letters are told."""
    told = []
    monkeypatch.setattr(waking, "_followers", [lambda purposes: told.append(sorted(purposes))])
    return told


def test_who_follows_letters_is_told_once_of_each_transaction(
    suzhou, waiting, followed, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True), transaction.atomic():
        for number in range(20):
            write(suzhou, number)
        write(suzhou, 20, purpose="news")
    assert followed == [["greeting", "news"]]


def test_a_letter_that_waits_in_an_inbox_only_is_followed_too(
    suzhou, waiting, followed, django_capture_on_commit_callbacks
):
    letter = Letter(key="a", purpose="greeting", to_email="", subject="W", body_text="G")
    with django_capture_on_commit_callbacks(execute=True):
        mailing.record_unaddressed(conference=suzhou, letter=letter, now=NOW)
    assert followed == [["greeting"]]
    assert waiting() == 0


@pytest.mark.django_db(transaction=True)
def test_with_the_broker_gone_a_letter_is_queued_all_the_same(suzhou, monkeypatch, caplog):
    def gone(*_args, **_kwargs):
        raise ConnectionRefusedError

    monkeypatch.setattr(waking, "_send", gone)
    with transaction.atomic():
        write(suzhou, 1)
    assert Message.objects.get().state == "queued"
    assert "_WakeUp" in caplog.text
