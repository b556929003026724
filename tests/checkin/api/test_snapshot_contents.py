"""What a phone is told of persons, rules and supervisors, and what not."""

from checkin.models import AttentionText, Device, Handling, Supervisor, ZoneGrant
from delegates.documents import badge_card
from delegates.operations import badging
from sessions.models import Enrolment
from tests.checkin.api.test_reading import secret_of
from tests.checkin.conftest import enrolled_phone, lookup_of, make_person


def card_of(phone, person):
    rows = {row["lookup"]: row for row in phone.get("snapshot/").json()["badges"]}
    return badge_card.open_card(rows[lookup_of(person)]["card"], secret_of(person))


def give(person, hall, state=Enrolment.State.SEAT):
    Enrolment.objects.create(
        session=hall.session, delegate=person, created_at=hall.session.starts_at, state=state
    )


def test_how_a_person_is_to_be_received_stands_on_the_card(phone, person, conference, now):
    text = AttentionText.objects.create(conference=conference, text_en="Uses a wheelchair")
    person.vip = True
    person.save()
    start = now.replace(microsecond=0)
    Handling.objects.create(
        delegate=person, to_desk=True, escort=True, attention=text, valid_from=start
    )

    card = card_of(phone, person)

    assert card["flags"] == ["vip", "desk", "escort"]
    assert card["attention"] == text.pk
    assert card["valid"] == [round(start.timestamp() * 1000), None]
    assert phone.get("snapshot/").json()["rules"]["texts"] == {
        str(text.pk): {"en": "Uses a wheelchair"}
    }


def test_zones_are_those_granted_and_those_of_sessions_with_a_seat(
    phone, person, delegation, zones, hall
):
    ZoneGrant.objects.create(zone=zones["Lunch"], delegate=person)
    give(person, hall)
    waiting = make_person(delegation, given_name="Waiting")
    give(waiting, hall, Enrolment.State.WAITING)

    assert card_of(phone, person)["zones"] == sorted([zones["Lunch"].pk, hall.pk])
    assert "zones" not in card_of(phone, waiting)


def test_a_seat_opens_no_zone_that_is_not_for_those_with_seats(phone, person, hall):
    hall.for_enrolled = False
    hall.save()
    give(person, hall)
    assert "zones" not in card_of(phone, person)


def test_presence_is_listed_under_each_lookup_for_the_zones_of_the_device(
    phone, person, lookup, zones, now
):
    phone.scan(lookup)
    phone.scan(lookup, zone=zones["Lunch"].pk)
    badging.replace_badge(delegate=person, reason="lost", now=now)
    phone.device.zones.set([zones["Venue"]])

    rows = phone.get("snapshot/").json()["presence"]

    assert [(row["lookup"], row["zone"], row["inside"]) for row in rows] == [
        (lookup, zones["Venue"].pk, True),
        (lookup_of(person), zones["Venue"].pk, True),
    ]


def test_supervisors_are_told_to_devices_that_may_override_only(phone, conference, now):
    pin = {"pin_salt": "c2FsdHNhbHRzYWx0c2Fs", "pin_rounds": 600_000, "pin_hash": "h" * 43}
    duty = Supervisor.objects.create(conference=conference, name="Li Na", changed_at=now, **pin)
    Supervisor.objects.create(
        conference=conference, name="Gone", changed_at=now, ended_at=now, **pin
    )
    may = enrolled_phone(conference, capabilities=("scan", "override"))

    assert may.get("snapshot/").json()["rules"]["supervisors"] == [
        {
            "id": duty.pk,
            "name": "Li Na",
            "pin": {"salt": "c2FsdHNhbHRzYWx0c2Fs", "rounds": 600_000, "hash": "h" * 43},
        }
    ]
    assert "Li Na" not in phone.get("snapshot/").content.decode()


def test_names_addresses_and_numbers_of_persons_are_in_no_snapshot_in_clear(phone, delegation):
    person = make_person(
        delegation,
        family_name="Planted",
        native_name="种子",
        email="planted@example.org",
        phone="+86 512 5550",
    )
    text = phone.get("snapshot/").content.decode()
    card = str(card_of(phone, person))
    for secret in ("Planted", "种子"):
        assert secret not in text
        assert secret in card
    for secret in ("planted@", "5550"):
        assert secret not in text
        assert secret not in card


def test_a_name_too_long_for_a_card_is_cut(phone, delegation):
    person = make_person(delegation, family_name="Z" * 100, given_name="W" * 100)
    assert len(card_of(phone, person)["name"]) == 120


def test_the_console_learns_which_list_a_phone_has(phone, lookup):
    cursor = phone.get("snapshot/").json()["cursor"]
    device = Device.objects.get(pk=phone.device.pk)
    assert (device.cursor, device.snapshot_at is not None) == (cursor, True)
