"""Supervisors of the doors: their PINs are hard to guess, kept as hashes, and never told again."""

import hashlib
import json

import pytest

from checkin.errors import DoorTaken, PinTooWeak, SupervisorEnded
from checkin.models import Supervisor
from checkin.operations import supervising
from conference.models import AuditEntry
from delegates.documents import base64url


def add(conference, now, pin="190482", name="Olga"):
    return supervising.add_supervisor(conference=conference, name=name, pin=pin, now=now)


def test_the_pin_is_kept_as_the_protocol_says(conference, now):
    supervisor = add(conference, now)
    salt = base64url.decode(supervisor.pin_salt)
    expected = hashlib.pbkdf2_hmac("sha256", b"190482", salt, 600_000)
    assert (len(salt), supervisor.pin_rounds) == (16, 600_000)
    assert base64url.decode(supervisor.pin_hash) == expected
    assert supervisor.pin_hash == supervising.hash_of_pin(
        "190482", salt=supervisor.pin_salt, rounds=600_000
    )


def test_the_record_of_deeds_holds_no_pin(conference, now):
    supervisor = add(conference, now)
    supervising.set_pin(supervisor=supervisor, pin="702915", now=now)
    written = json.dumps(list(AuditEntry.objects.values("action", "before", "after")))
    assert "190482" not in written
    assert "702915" not in written
    assert supervisor.pin_hash not in written
    assert AuditEntry.objects.filter(action="supervisor.set_pin").count() == 1


def test_another_pin_has_another_salt(conference, now):
    supervisor = add(conference, now)
    first = (supervisor.pin_salt, supervisor.pin_hash)
    supervising.set_pin(supervisor=supervisor, pin="190482", now=now)
    supervisor.refresh_from_db()
    assert supervisor.pin_salt != first[0]
    assert supervisor.pin_hash != first[1]


@pytest.mark.parametrize(
    "pin",
    [
        "",
        "12345",
        "1234567890123",
        "12a456",
        "１９０４８２",
        "000000",
        "111222",
        "123456",
        "456789",
        "890123",
        "654321",
        "321098",
        "121212",
        "123123",
        "112112",
        "12341234",
        "111389",
    ],
)
def test_what_people_try_first_is_no_pin(conference, now, pin):
    with pytest.raises(PinTooWeak):
        add(conference, now, pin)
    assert not Supervisor.objects.exists()


@pytest.mark.parametrize("pin", ["190482", "778890", "135790", "20231103"])
def test_other_pins_are_taken(pin):
    supervising.refuse_weak(pin)


def test_a_pin_made_by_chance_has_six_digits_and_is_not_weak():
    for _ in range(200):
        pin = supervising.new_pin()
        assert len(pin) == 6
        supervising.refuse_weak(pin)


def test_an_ended_supervisor_stays_a_row_and_frees_the_name(conference, now):
    former = add(conference, now)
    with pytest.raises(DoorTaken):
        add(conference, now)
    supervising.end_supervisor(supervisor=former, now=now)
    supervising.end_supervisor(supervisor=former, now=now)
    with pytest.raises(SupervisorEnded):
        supervising.set_pin(supervisor=former, pin="702915", now=now)
    add(conference, now)
    assert [each.ended_at for each in Supervisor.objects.order_by("pk")] == [now, None]
    assert AuditEntry.objects.filter(action="supervisor.end").count() == 1
