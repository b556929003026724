"""The look at the doors: each cause, its threshold, and that looking twice changes nothing."""

from datetime import timedelta

import pytest
from django.utils import timezone

from checkin.models import Alert, Block, Device, Presence
from checkin.operations import alert_letters, settling, watching
from conference.models import Conference, Message
from tests.checkin.conftest import enrolled_phone, lookup_of, make_member, make_person
from tests.checkin.operations.looking import MINUTE, kinds, open_alerts, told, watch

pytestmark = pytest.mark.django_db


def test_where_nothing_is_amiss_nothing_is_raised(conference, phone, lookup, now):
    phone.scan(lookup)
    assert kinds(conference, now) == []


def test_a_vip_brought_by_an_upload_is_found(conference, delegation, phone, now):
    vip = make_person(delegation, vip=True)
    phone.send(told(phone, lookup_of(vip)))
    assert kinds(conference, now) == ["vip_arrival"]


def test_a_vip_told_of_from_the_path_is_not_told_of_again(conference, delegation, phone, now):
    phone.scan(lookup_of(make_person(delegation, vip=True)))
    assert kinds(conference, now) == ["vip_arrival"]


@pytest.mark.parametrize("comes", ["before the causes are read", "after"])
def test_a_vip_who_comes_in_during_a_look_is_announced_once(
    delegation, phone, now, monkeypatch, comes
):
    vip, conference = make_person(delegation, vip=True), delegation.conference
    look = watching.vips_here

    def look_meanwhile(conference):
        if comes == "after":
            found = look(conference)
            phone.scan(lookup_of(vip))
            return found
        phone.scan(lookup_of(vip))
        return look(conference)

    monkeypatch.setattr(watching, "vips_here", look_meanwhile)
    watching.watch(conference=conference, now=now)
    monkeypatch.undo()
    watching.watch(conference=conference, now=now)
    assert Alert.objects.filter(kind="vip_arrival", ended_at=None).count() == 1
    assert Alert.objects.filter(kind="vip_arrival").count() == 1


def test_a_vip_whose_scan_was_taken_back_is_announced_when_really_here(
    conference, delegation, phone, now
):
    lookup = lookup_of(make_person(delegation, vip=True))
    mistaken = told(phone, lookup)
    phone.send(mistaken)
    watch(conference, now)
    phone.send(told(phone, lookup, shown="annulled", annuls=mistaken["scan_id"]))
    watch(conference, now)
    assert not open_alerts("vip_arrival").exists()
    phone.send(told(phone, lookup))
    watch(conference, now)
    assert [alert.key.rpartition(":")[2] for alert in open_alerts("vip_arrival")] == ["1"]


def test_a_blocked_person_let_in_by_a_phone_that_did_not_know_is_found(
    conference, person, lookup, phone, now
):
    Block.objects.create(delegate=person, since=now - timedelta(hours=1))
    phone.send(told(phone, lookup))
    assert sorted(kinds(conference, now)) == ["blocked_person", "conflict"]


def test_a_block_for_a_time_already_past_makes_a_conflict_of_the_entry(
    conference, person, lookup, phone, now
):
    phone.scan(lookup)
    assert kinds(conference, now) == []
    Block.objects.create(delegate=person, since=now - timedelta(hours=1))
    watch(conference, timezone.now())
    assert set(Alert.objects.values_list("kind", flat=True)) == {"blocked_person", "conflict"}


def test_more_than_twenty_unknown_codes_in_five_minutes_are_a_flood(conference, phone, now):
    def try_codes(numbers):
        phone.send(
            *(
                told(phone, unknown_hash=f"{n:032x}", shown="unknown", offline=False)
                for n in numbers
            )
        )

    try_codes([*range(20), *range(20)])
    assert kinds(conference, now) == []
    try_codes([20])
    assert kinds(conference, now) == ["unknown_codes"]
    assert Alert.objects.get().params == {"codes": 21, "minutes": 5}


def test_unknown_codes_over_a_longer_time_are_none(conference, phone, now):
    start = round(now.timestamp() * 1000)
    phone.send(
        *(
            told(
                phone,
                unknown_hash=f"{n:032x}",
                shown="unknown",
                anchor={"server_ms": start - n * 20_000, "mono_ms": 0, "boot_id": phone.boot},
                mono_ms=0,
            )
            for n in range(30)
        )
    )
    assert kinds(conference, now) == []


@pytest.mark.parametrize(
    ("entries", "overrides", "raised"), [(40, 3, 1), (60, 3, 0), (19, 3, 0), (30, 2, 0)]
)
def test_the_rate_of_overrides_counts_from_a_sensible_number(
    conference, delegation, entries, overrides, raised
):
    phone = supervised(conference)
    people = [lookup_of(make_person(delegation, given_name=f"P{n}")) for n in range(entries)]
    records = [told(phone, lookup) for lookup in people]
    for record in records[:overrides]:
        record |= {
            "shown": "override_admit",
            "override": {"by": 1, "reason": "other", "note": "", "codes": ["wrong_zone"]},
        }
    phone.send(*records)
    watch(conference, timezone.now())
    assert Alert.objects.filter(kind="override_rate").count() == raised


def supervised(conference):
    return enrolled_phone(conference, capabilities=("scan", "override"))


def test_an_override_by_a_phone_that_may_not_is_told_of(conference, phone, lookup, now):
    phone.send(
        told(
            phone,
            lookup,
            shown="override_admit",
            override={"by": 1, "reason": "other", "note": "", "codes": ["wrong_zone"]},
        )
    )
    assert kinds(conference, now) == ["override_without_capability"]


def test_a_zone_above_its_capacity_is_told_of_once_until_it_is_clearly_below(
    conference, delegation, zones, now
):
    zones["Venue"].capacity = 20
    zones["Venue"].save()
    people = [make_person(delegation, badge=False, given_name=f"P{n}") for n in range(22)]

    def fill(number):
        Presence.objects.all().delete()
        for each in people[:number]:
            Presence.objects.create(
                conference=conference,
                delegate=each,
                zone=zones["Venue"],
                inside=True,
                entries=1,
                in_ms=1,
                at_ms=1,
            )
        watch(conference, now)
        return list(open_alerts("zone_full").values_list("params", flat=True))

    assert fill(20) == []
    assert fill(21) == [{"inside": 21, "capacity": 20}]
    assert fill(22) == [{"inside": 22, "capacity": 20}]
    assert fill(20) == [{"inside": 20, "capacity": 20}]
    assert fill(19) == []
    assert fill(21) == [{"inside": 21, "capacity": 20}]
    assert Alert.objects.filter(kind="zone_full").count() == 2


def test_only_doors_that_are_in_use_are_looked_at(conference, other_conference, phone):
    now = timezone.now()
    assert watching.conferences_in_use(now=now) == [conference.pk]
    assert watching.conferences_in_use(now=now + timedelta(days=2)) == []


@pytest.fixture
def team(conference):
    return {role: make_member(conference, role) for role in ("organiser", "protocol", "desk")}


def letters(conference, now):
    watching.watch(conference=conference, now=now)
    alert_letters.write_letters(conference=conference, now=now)
    alert_letters.write_letters(conference=conference, now=now)
    return list(Message.objects.order_by("pk").values_list("to_email", "subject"))


def test_protocol_is_written_to_at_once_when_a_vip_arrives(conference, delegation, phone, team):
    team["protocol"].language = "zh-hans"
    team["protocol"].save()
    now = timezone.now()
    for name in ("Vera", "Viktor"):
        phone.scan(
            lookup_of(make_person(delegation, given_name=name, native_name="艾薇拉", vip=True))
        )
        letters(conference, now)
    assert {each[0] for each in letters(conference, now)} == {"protocol@example.org"}
    first, _second = Message.objects.order_by("pk")
    assert "Vera Zhang 艾薇拉 · 苏州市" in first.subject
    assert "北京时间" in first.body_text
    assert f"/organise/{conference.slug}/alerts/" in first.body_text


def test_of_other_kinds_there_is_one_letter_in_five_minutes_to_each_on_duty(
    conference, delegation, phone, other_phone, team
):
    for n in range(3):
        lookup = lookup_of(make_person(delegation, given_name=f"P{n}"))
        first = told(phone, lookup)
        phone.send(first)
        other_phone.send(told(other_phone, lookup, mono_ms=first["mono_ms"] + 1_000 + n))
        letters(conference, timezone.now())
    sent = letters(conference, timezone.now())
    assert sorted(each[0] for each in sent) == ["desk@example.org", "organiser@example.org"]

    later = letters(conference, timezone.now() + 6 * MINUTE)
    assert len(later) == 4
    assert later[-1][1] == "Scans that do not fit together: 2 alerts"


def test_nobody_is_written_to_of_what_is_long_past(conference, phone, other_phone, lookup, team):
    now = timezone.now()
    hours_ago = {"server_ms": round(now.timestamp() * 1000) - 3 * 3_600_000, "mono_ms": 0}
    for each, mono_ms in ((phone, 0), (other_phone, 5_000)):
        each.send(told(each, lookup, mono_ms=mono_ms, anchor=hours_ago | {"boot_id": each.boot}))
    assert letters(conference, now) == []
    assert Alert.objects.get().kind == "conflict"


def test_nobody_is_written_to_of_what_is_over(conference, phone, lookup, team, now):
    phone.scan(lookup)
    heard = timezone.now()
    watching.watch(conference=conference, now=heard + 8 * MINUTE)
    Device.objects.update(last_seen_at=heard + 9 * MINUTE)
    assert letters(conference, heard + 9 * MINUTE) == []


@pytest.mark.usefixtures("team")
def test_a_rehearsal_writes_to_nobody(conference, delegation, phone, other_conference):
    Conference.objects.filter(pk=conference.pk).update(rehearsal_of=other_conference)
    conference.refresh_from_db()
    phone.scan(lookup_of(make_person(delegation, vip=True)))
    assert letters(conference, timezone.now()) == []
    assert Alert.objects.get().kind == "vip_arrival"


def test_where_nobody_has_the_duty_the_organisers_are_written_to(
    conference, delegation, phone, organiser
):
    phone.scan(lookup_of(make_person(delegation, vip=True)))
    assert [to for to, _subject in letters(conference, timezone.now())] == [organiser.email]


def test_a_settled_conflict_needs_nobody_any_more(
    conference, phone, other_phone, lookup, organiser
):
    first = told(phone, lookup)
    phone.send(first)
    other_phone.send(told(other_phone, lookup, mono_ms=first["mono_ms"] + 5_000))
    now = timezone.now()
    watching.watch(conference=conference, now=now)
    conflict = conference.conflicts.get()
    settling.settle(conflict=conflict, now=now, actor=organiser, outcome="other")
    watch(conference, now)
    alert = Alert.objects.get()
    assert (alert.ended_at, alert.seen_by) == (now, organiser)
