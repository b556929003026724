"""The console of devices, zones and gates."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from checkin.models import Device, Gate, Zone
from conference.models import AuditEntry
from tests.checkin.conftest import enrolled_phone, make_member


def url(name, conference, *args):
    return reverse(f"checkin:{name}", args=[conference.slug, *args])


def make_device(client, conference, name="North door 2", capabilities=("scan", "desk")):
    gate = Gate.objects.get(conference=conference, name_en="North door")
    return client.post(
        url("device_new", conference),
        {"name": name, "gate": gate.pk, "capabilities": capabilities},
    )


def test_a_new_device_shows_its_code_once(as_organiser, conference):
    answer = make_device(as_organiser, conference)

    assert answer.status_code == 201
    page = answer.content.decode()
    code = re.search(r"#e=([\w-]{22})", page)[1]
    device = Device.objects.get()
    assert code not in str(Device.objects.values().get())
    assert (device.capabilities, device.zones.count()) == (["scan", "desk"], 3)
    assert 'class="qr"' in page
    assert answer["Cache-Control"] == "no-store"
    detail = as_organiser.get(url("device_detail", conference, device.pk)).content.decode()
    assert code not in detail
    assert AuditEntry.objects.filter(action="device.create").count() == 1


def edited(device, **members):
    return {
        "name": device.name,
        "gate": device.gate_id,
        "capabilities": device.capabilities,
        "zones": [zone.pk for zone in device.zones.all()],
        "valid_until": "2030-01-01T18:00",
    } | members


def test_a_device_is_moved_and_given_another_reach(as_organiser, conference, zones):
    make_device(as_organiser, conference)
    device = Device.objects.get()
    south = Gate.objects.get(conference=conference, name_en="South door")
    sent = edited(
        device, gate=south.pk, zones=[zones["Hall"].pk], capabilities=["scan", "override"]
    )
    assert as_organiser.post(url("device_edit", conference, device.pk), sent).status_code == 302

    device.refresh_from_db()
    assert (device.gate, device.capabilities) == (south, ["scan", "override"])
    assert list(device.zones.all()) == [zones["Hall"]]
    until = device.valid_until.astimezone(conference.zone)
    assert (until.year, until.hour) == (2030, 18)
    entry = AuditEntry.objects.get(action="device.change")
    assert entry.after["zones"] == ["Hall"]


def test_a_device_serves_only_where_its_gate_leads(as_organiser, conference, zones):
    make_device(as_organiser, conference)
    device = Device.objects.get()
    Gate.objects.get(conference=conference, name_en="South door").zones.set([zones["Venue"]])
    south = Gate.objects.get(conference=conference, name_en="South door")
    sent = edited(device, gate=south.pk, zones=[zones["Hall"].pk])
    answer = as_organiser.post(url("device_edit", conference, device.pk), sent)
    assert answer.status_code == 422
    assert "The gate does not lead into all of these areas." in answer.content.decode()
    # None ticked: all that the gate leads into.
    as_organiser.post(url("device_edit", conference, device.pk), sent | {"zones": []})
    assert list(device.zones.all()) == [zones["Venue"]]


def test_a_revoked_device_is_not_changed_any_more(as_organiser, conference):
    make_device(as_organiser, conference)
    device = Device.objects.get()
    as_organiser.post(url("device_revoke", conference, device.pk))
    answer = as_organiser.post(url("device_edit", conference, device.pk), edited(device, name="x"))
    assert answer.status_code == 422
    assert Device.objects.get().name == "North door 2"


def test_the_console_tells_how_a_phone_was_last_heard_of(as_organiser, conference, now):
    phone = enrolled_phone(conference)
    Device.objects.filter(pk=phone.device.pk).update(
        battery=12, queued=7, snapshot_at=now, clock_offset_ms=-75_000, app_version="1.4.0"
    )
    page = as_organiser.get(url("device_detail", conference, phone.device.pk)).content.decode()
    for words in ("12 %", "1.4.0", "75 s", "List as of", "Locks unless heard of"):
        assert words in page
    listed = as_organiser.get(url("device_list", conference)).content.decode()
    assert "12 %" in listed


def test_a_revoked_device_says_whether_it_was_told_to_wipe(as_organiser, conference, now):
    phone = enrolled_phone(conference)
    at = url("device_detail", conference, phone.device.pk)
    as_organiser.post(url("device_revoke", conference, phone.device.pk))
    assert "Not heard of since" in as_organiser.get(at).content.decode()
    Device.objects.update(wipe_told_at=now, snapshot_at=now)
    told = as_organiser.get(at).content.decode()
    assert "Told to wipe" in told
    assert "List as of" not in told


def test_a_revoked_device_leads_to_the_scans_that_wait_for_a_decision(
    as_organiser, conference, lookup
):
    phone = enrolled_phone(conference)
    at = url("device_detail", conference, phone.device.pk)
    quarantine = url("quarantine_detail", conference, phone.device.pk)
    as_organiser.post(url("device_revoke", conference, phone.device.pk))
    assert quarantine not in as_organiser.get(at).content.decode()
    records = [phone.record(lookup, offline=True, shown="admit") for _ in range(2)]
    phone.post("scans/quarantine/", {"scans": records, "status": {"queued": 2}})
    told = as_organiser.get(at).content.decode()
    assert "2 scans that it brought since wait for a decision." in told
    assert quarantine in told
    assert Device.objects.get().queued == 0


@pytest.mark.parametrize(
    ("offset_ms", "words"),
    [(-400, "right to the second"), (-75_000, "75 s behind"), (2_000, "2 s ahead")],
)
def test_a_clock_is_told_in_words(as_organiser, conference, offset_ms, words):
    phone = enrolled_phone(conference)
    Device.objects.update(clock_offset_ms=offset_ms)
    page = as_organiser.get(url("device_detail", conference, phone.device.pk)).content.decode()
    assert words in page


def test_two_devices_do_not_share_a_name(as_organiser, conference):
    make_device(as_organiser, conference)
    answer = make_device(as_organiser, conference)
    assert answer.status_code == 422
    assert "This name is already used here" in answer.content.decode()
    assert 'value="North door 2"' in answer.content.decode()
    assert Device.objects.count() == 1


def test_a_device_is_renamed_suspended_and_revoked(as_organiser, conference):
    make_device(as_organiser, conference)
    device = Device.objects.get()
    at = {name: url(name, conference, device.pk) for name in ("device_edit", "device_suspend")}

    as_organiser.post(at["device_edit"], edited(device, name="South door 1"))
    as_organiser.post(at["device_suspend"])
    device.refresh_from_db()
    assert (device.name, device.suspended_at is not None) == ("South door 1", True)
    as_organiser.post(at["device_suspend"])
    device.refresh_from_db()
    assert device.suspended_at is None
    as_organiser.post(url("device_revoke", conference, device.pk))
    device.refresh_from_db()
    assert device.revoked_at is not None
    as_organiser.post(at["device_suspend"])
    device.refresh_from_db()
    assert device.suspended_at is None


def test_looking_changes_nothing(as_organiser, conference):
    make_device(as_organiser, conference)
    device = Device.objects.get()
    for name in ("device_code", "device_suspend", "device_revoke"):
        assert as_organiser.get(url(name, conference, device.pk)).status_code == 405
    before = Device.objects.values().get()
    as_organiser.get(url("device_list", conference))
    as_organiser.get(url("device_detail", conference, device.pk))
    assert Device.objects.values().get() == before


def test_desk_staff_work_with_devices_but_not_with_zones(as_desk, conference, zones):
    assert make_device(as_desk, conference).status_code == 201
    assert as_desk.get(url("device_list", conference)).status_code == 200
    for name, args in (
        ("zone_new", ()),
        ("zone_edit", (zones["Venue"].pk,)),
        ("gate_new", ()),
        ("gate_edit", (Gate.objects.filter(conference=conference).first().pk,)),
    ):
        assert as_desk.get(url(name, conference, *args)).status_code == 404


@pytest.mark.parametrize("role", ["viewer", "programme", "protocol"])
def test_others_do_not_see_the_devices(client, conference, role):
    client.force_login(make_member(conference, role))
    assert client.get(url("device_list", conference)).status_code == 404


def test_what_belongs_to_another_conference_is_not_found(
    as_organiser, conference, other_conference
):
    foreign = enrolled_phone(other_conference).device
    assert as_organiser.get(url("device_list", other_conference)).status_code == 404
    for name in ("device_edit", "device_code", "device_suspend", "device_revoke"):
        assert as_organiser.post(url(name, conference, foreign.pk)).status_code == 404
    assert as_organiser.get(url("device_detail", conference, foreign.pk)).status_code == 404
    zone, gate = other_conference.zones.first(), other_conference.gates.first()
    assert as_organiser.get(url("zone_edit", conference, zone.pk)).status_code == 404
    assert as_organiser.get(url("gate_edit", conference, gate.pk)).status_code == 404
    answer = as_organiser.post(
        url("device_new", conference), {"name": "x", "gate": gate.pk, "capabilities": ["scan"]}
    )
    assert answer.status_code == 422


def test_the_list_costs_the_same_with_one_and_with_three(as_organiser, conference):
    def queries():
        with CaptureQueriesContext(connection) as captured:
            as_organiser.get(url("device_list", conference))
        return len(captured)

    enrolled_phone(conference)
    queries()
    with_one = queries()
    enrolled_phone(conference)
    enrolled_phone(conference, "South door")
    assert queries() == with_one


def zone_fields(conference, **members):
    classes = list(conference.badge_classes.values_list("pk", flat=True))
    return {
        "name_en": "Lounge",
        "name_zh": "贵宾室",
        "open_to": classes,
        "reentry": "after_exit",
        "reset_at": "04:00, 17:00",
    } | members


def test_a_zone_is_made_with_its_rules_in_venue_time(as_organiser, conference):
    day = conference.first_day.isoformat()
    answer = as_organiser.post(
        url("zone_new", conference),
        zone_fields(conference, from_1=f"{day}T08:00", until_1=f"{day}T18:00", capacity=40),
    )
    assert answer.status_code == 302
    zone = Zone.objects.get(name_en="Lounge")
    start, end = zone.windows[0]
    assert end - start == 10 * 3600 * 1000
    assert start % 86_400_000 == 0  # 08:00 in Shanghai is midnight UTC
    assert len(zone.resets) == 6
    assert (zone.capacity, zone.open_to.count()) == (40, 2)


def test_a_zone_keeps_its_rules_when_it_is_saved_as_it_is(as_organiser, conference, zones):
    lunch = zones["Lunch"]
    day = conference.first_day.isoformat()
    as_organiser.post(
        url("zone_edit", conference, lunch.pk),
        zone_fields(conference, name_en="Lunch", from_1=f"{day}T11:30", until_1=f"{day}T13:30"),
    )
    lunch.refresh_from_db()
    before = lunch.windows, lunch.resets
    form = as_organiser.get(url("zone_edit", conference, lunch.pk)).context["form"]
    shown = {
        name: form[name].value()
        for name in ("name_en", "name_zh", "reentry", "reset_at", "from_1", "until_1")
    }
    fields = zone_fields(
        conference,
        **shown
        | {
            "from_1": shown["from_1"].strftime("%Y-%m-%dT%H:%M"),
            "until_1": shown["until_1"].strftime("%Y-%m-%dT%H:%M"),
        },
    )
    assert as_organiser.post(url("zone_edit", conference, lunch.pk), fields).status_code == 302
    lunch.refresh_from_db()
    assert (lunch.windows, lunch.resets) == before


@pytest.mark.parametrize(
    ("members", "sentence"),
    [
        ({"name_en": "Venue"}, "This name is already used here"),
        ({"is_arrival": "on"}, "Another zone already counts as the arrival"),
        ({"reset_at": "dawn"}, "Write times such as 04:00"),
        (
            {"from_1": "2023-11-03T10:00", "until_1": "2023-11-03T09:00"},
            "It must close after it opens",
        ),
    ],
)
def test_a_zone_that_cannot_be_says_why(as_organiser, conference, members, sentence):
    answer = as_organiser.post(url("zone_new", conference), zone_fields(conference, **members))
    assert answer.status_code == 422
    assert sentence in answer.content.decode()


def test_a_gate_leads_into_zones(as_organiser, conference, zones):
    fields = {"name_en": "VIP door", "name_zh": "贵宾门", "zones": [zones["Hall"].pk]}
    assert as_organiser.post(url("gate_new", conference), fields).status_code == 302
    gate = Gate.objects.get(name_en="VIP door")
    assert list(gate.zones.all()) == [zones["Hall"]]
    assert as_organiser.post(url("gate_new", conference), fields).status_code == 422
