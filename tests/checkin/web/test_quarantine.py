"""What revoked phones brought is looked at by a person, with what it would change."""

import pytest
from django.urls import reverse
from django.utils import timezone

from checkin.models import Alert, Conflict, HeldScan, Presence
from checkin.operations import enrolling_devices, recounting, supervising, watching
from conference.models import AuditEntry
from tests.checkin.conftest import lookup_of, make_person

pytestmark = pytest.mark.django_db


def address(phone, name="quarantine_detail"):
    return reverse(f"checkin:{name}", args=[phone.device.conference.slug, phone.device.pk])


@pytest.fixture
def brought(phone, other_phone, delegation):
    """Two held scans: one of a person who came by another door as well, one of a new person."""
    twice = make_person(delegation, given_name="Twice")
    alone = make_person(delegation, given_name="Alone")
    first = phone.record(lookup_of(twice), offline=True, shown="admit")
    second = phone.record(lookup_of(alone), offline=True, shown="admit")
    other_phone.send(
        other_phone.record(
            lookup_of(twice), offline=True, shown="admit", mono_ms=first["mono_ms"] + 5_000
        )
    )
    enrolling_devices.revoke(device=phone.device, now=timezone.now())
    phone.post("scans/quarantine/", {"scans": [first, second]})
    assert HeldScan.objects.filter(state="held").count() == 2
    return first, second


@pytest.mark.usefixtures("brought")
def test_the_page_tells_what_would_change_and_changes_nothing(as_organiser, phone):
    shown = as_organiser.get(address(phone))
    lines = {
        line.change.person.given_name: (line.before, line.new_conflicts)
        for line in shown.context["lines"]
    }
    assert lines["Alone"] == ("not here yet", [])
    assert lines["Twice"][0].startswith("inside since")
    assert lines["Twice"][1] == ["let in twice without an exit between"]
    words = shown.content.decode()
    assert "2 persons would stand otherwise" in words
    assert "1 conflict would have to be settled" in words
    assert (Presence.objects.count(), Conflict.objects.count()) == (1, 0)


@pytest.mark.usefixtures("brought")
def test_what_would_change_is_told_in_chinese_too(as_organiser, phone):
    as_organiser.cookies.load({"django_language": "zh-hans"})
    shown = as_organiser.get(address(phone))
    befores = {line.change.person.given_name: line.before for line in shown.context["lines"]}
    assert befores["Alone"] == "尚未到场"
    assert befores["Twice"].endswith("起在场内 · 进入 1 次")


def test_a_held_override_says_who_waved_the_person_through_and_why(
    as_organiser, conference, phone, lookup
):
    supervisor = supervising.add_supervisor(
        conference=conference, name="Chen Jing", pin="730519", now=timezone.now()
    )
    told = {"by": supervisor.pk, "reason": "known_person", "note": "With the mayor", "codes": []}
    record = phone.record(lookup, offline=True, shown="override_admit", override=told)
    enrolling_devices.revoke(device=phone.device, now=timezone.now())
    phone.post("scans/quarantine/", {"scans": [record]})
    words = as_organiser.get(address(phone)).content.decode()
    assert "Chen Jing · Known and accompanied by staff · With the mayor" in words


@pytest.mark.usefixtures("brought")
def test_all_are_accepted_with_a_reason_and_counted(as_organiser, conference, phone):
    preview = {
        line.change.person.pk: line.change.after.presence
        for line in as_organiser.get(address(phone)).context["lines"]
    }
    as_organiser.post(
        address(phone, "quarantine_settle"),
        {"action": "accept_all", "reason": "Found in the cloakroom."},
    )
    for person, expected in preview.items():
        presence = Presence.objects.get(delegate=person)
        assert (presence.inside, presence.in_ms) == (expected["inside"], expected["in_ms"])
    assert Conflict.objects.get().kind == "double_entry"
    assert recounting.recount(conference=conference, now=timezone.now()).differences == []
    entry = AuditEntry.objects.get(action="held_scan.accepted")
    assert (entry.reason, len(entry.after["scans"])) == ("Found in the cloakroom.", 2)
    shown = as_organiser.get(address(phone) + "?state=accepted")
    assert len(shown.context["rows"]) == 2


def test_one_is_rejected_and_the_other_waits(as_organiser, phone, brought):
    as_organiser.post(
        address(phone, "quarantine_settle"),
        {"action": "reject_chosen", "scan": [brought[0]["scan_id"], "nonsense"]},
    )
    assert dict(HeldScan.objects.values_list("record__seq", "state")) == {1: "rejected", 2: "held"}
    assert Conflict.objects.count() == 0
    as_organiser.post(
        address(phone, "quarantine_settle"),
        {"action": "accept_chosen", "scan": [brought[1]["scan_id"]]},
    )
    assert Presence.objects.count() == 2


@pytest.mark.parametrize("action", ["", "accept", "accept_nobody", "delete_all", "accept_chosen"])
@pytest.mark.usefixtures("brought")
def test_what_is_no_choice_changes_nothing(as_organiser, phone, action):
    answer = as_organiser.post(address(phone, "quarantine_settle"), {"action": action})
    assert answer.status_code == 302
    assert HeldScan.objects.filter(state="held").count() == 2


@pytest.mark.usefixtures("brought")
def test_the_alert_leads_there_and_ends_when_all_is_decided(as_organiser, conference, phone):
    watching.watch(conference=conference, now=timezone.now())
    alerts = as_organiser.get(reverse("checkin:alerts", args=[conference.slug]))
    assert address(phone) in alerts.content.decode()
    as_organiser.post(address(phone, "quarantine_settle"), {"action": "reject_all"})
    watching.watch(conference=conference, now=timezone.now())
    assert not Alert.objects.filter(kind="quarantine", ended_at=None).exists()


@pytest.mark.usefixtures("brought")
def test_the_list_counts_by_phone(as_organiser, conference, phone):
    listing = reverse("checkin:quarantine", args=[conference.slug])
    (device,) = as_organiser.get(listing).context["page"]
    assert (device, device.waiting, device.accepted) == (phone.device, 2, 0)


def test_without_any_the_list_says_what_it_is_for(as_organiser, conference):
    listing = reverse("checkin:quarantine", args=[conference.slug])
    assert "Nothing was brought" in as_organiser.get(listing).content.decode()


@pytest.mark.usefixtures("brought")
def test_the_page_costs_the_same_with_two_and_with_five(
    as_organiser, phone, delegation, django_assert_max_num_queries
):
    with django_assert_max_num_queries(21) as captured:
        as_organiser.get(address(phone))
    number = len(captured)
    more = [
        phone.record(lookup_of(make_person(delegation, given_name=f"P{n}")), shown="admit")
        for n in range(3)
    ]
    phone.post("scans/quarantine/", {"scans": more})
    with django_assert_max_num_queries(number):
        as_organiser.get(address(phone))
