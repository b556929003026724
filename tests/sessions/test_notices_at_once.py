"""A change is on the phone at once: through the real worker, with nobody who looks regularly."""

import json
import time
from datetime import timedelta

import pytest
from django.utils import timezone

from conference.models import Message, Notice
from sessions.operations import enrolling, notifying
from tests.sessions import cast
from tests.sessions.texting import NUMBER, SECRET, allow

#: Without beat it would be never; a busy machine may need a while for it.
SECONDS = 60.0


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
@pytest.mark.timeout(480)
def test_a_change_leaves_at_once_while_beat_is_dead(request, gateway, monkeypatch, settings):
    monkeypatch.setenv("PLENARY_SMS_URL", settings.TEXT_ADAPTERS["sms"]["url"])
    monkeypatch.setenv("PLENARY_SMS_SECRET", SECRET)
    monkeypatch.setenv("PLENARY_TEXT_PRIVATE", "1")
    plenary = request.getfixturevalue("plenary")
    plenary.kill("beat")
    now = timezone.now()
    conference = cast.make_conference(first_day=now.date(), last_day=now.date() + timedelta(days=1))
    session = cast.make_session(conference, now + timedelta(hours=5))
    alice = cast.make_delegate(conference, "Alice", "Ames")
    allow(alice, now)
    enrolling.take_seat(session_id=session.pk, delegate_id=alice.pk, now=now)

    notifying.tell_moved(session=session, now=timezone.now())

    deadline = time.monotonic() + SECONDS
    while not Notice.objects.filter(state="sent").exists():
        what = list(Notice.objects.values()), list(Message.objects.values("state", "due_at"))
        assert time.monotonic() < deadline, (what, plenary.log())
        time.sleep(0.1)
    ((_path, _headers, body),) = gateway.asked
    assert json.loads(body)["to"] == NUMBER
