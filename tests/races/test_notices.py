"""Many workers look for notices at once: each is made once and handed over once."""

from collections import Counter
from datetime import timedelta
from functools import partial

import pytest
from django.utils import timezone

from conference.models import MessageStep, Notice
from conference.operations import channels
from delegates.models import TextAddress, TextCode
from delegates.operations import text_consent
from sessions.operations import enrolling, notifying
from tests.sessions import cast
from tests.sessions.texting import NUMBER, adapter, allow, code_of
from tests.support.at_once import at_once, or_code
from tests.support.http_sink import Sink

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]

WORKERS = 6
PEOPLE = 40


@pytest.fixture
def gateway(settings):
    with Sink() as sink:
        settings.TEXT_ADAPTERS = {"sms": adapter(sink.url)}
        settings.TEXT_PRIVATE_ALLOWED = True
        yield sink


@pytest.fixture
def told(gateway):
    """Everybody has a seat and a phone, and the session has moved."""
    now = timezone.now()
    conference = cast.make_conference()
    session = cast.make_session(conference, now + timedelta(hours=2))
    for number in range(PEOPLE):
        one = cast.make_delegate(conference, f"Guest{number}", "Race")
        allow(one, now, address=f"+1415555{number:04}")
        enrolling.take_seat(session_id=session.pk, delegate_id=one.pk, now=now)
    notifying.tell_moved(session=session, now=now)
    return gateway


def test_a_notice_that_all_make_and_all_send_leaves_once(told):
    def work(worker):
        channels.make_notices(now=timezone.now())
        return channels.send_due(worker=worker, clock=timezone.now).sent

    ends = at_once(*(partial(work, f"w{number}") for number in range(WORKERS)))
    # Whoever looked before the others had made the last ones left some for the next look.
    sent = sum(ends) + channels.send_due(worker="last", clock=timezone.now).sent
    assert sent == PEOPLE
    keys = Counter(headers["Idempotency-Key"] for _path, headers, _body in told.asked)
    assert len(keys) == PEOPLE
    assert set(keys.values()) == {1}
    assert set(Notice.objects.values_list("state", "attempts")) == {("sent", 1)}
    steps = Counter(MessageStep.objects.filter(channel="sms").values_list("kind", flat=True))
    assert steps == {"queued": PEOPLE, "passed_on": PEOPLE}


def test_what_a_dead_worker_held_is_taken_over_by_one(told):
    now = timezone.now()
    channels.make_notices(now=now)
    Notice.objects.update(
        state="claimed", claimed_by="dead", attempts=1, lease_until=now - timedelta(seconds=1)
    )
    ends = at_once(
        *(
            lambda worker=f"w{number}": channels.send_due(worker=worker, clock=timezone.now).sent
            for number in range(WORKERS)
        )
    )
    assert sum(ends) == PEOPLE
    assert len(told.asked) == PEOPLE


def test_presses_at_once_send_one_code_and_one_address_becomes_live(gateway):
    now = timezone.now()
    alice = cast.make_delegate(cast.make_conference())

    def ask():
        text_consent.send_code(delegate=alice, channel="sms", address=NUMBER, now=now)

    asked = at_once(*[or_code(ask)] * WORKERS)
    assert asked.count(None) == 1
    assert asked.count("code_too_soon") == WORKERS - 1
    assert TextCode.objects.count() == len(gateway.asked) == 1
    code = code_of(gateway)

    def type_it():
        text_consent.use_code(delegate=alice, channel="sms", code=code, now=now)

    typed = at_once(*[or_code(type_it)] * 4)
    assert typed.count(None) == 1
    assert typed.count("code_wrong") == 3
    assert TextAddress.objects.live().count() == 1


def test_stopping_twice_at_once_is_stopping_once(gateway):
    now = timezone.now()
    alice = cast.make_delegate(cast.make_conference())

    def stop():
        return text_consent.stop(delegate=alice, channel="sms", address=NUMBER, how="link", now=now)

    assert sorted(at_once(*[stop] * WORKERS)) == [*[False] * (WORKERS - 1), True]
    assert TextAddress.objects.count() == 1
