"""Conflicts are looked at side by side and settled by a person, and facts stay as they are."""

import pytest
from django.urls import reverse
from django.utils import timezone

from checkin.models import Alert, Conflict, Presence, Scan
from checkin.operations import merging, settling, supervising, watching
from conference.models import AuditEntry

pytestmark = pytest.mark.django_db


@pytest.fixture
def scans(phone, other_phone, lookup):
    """One person let in at two doors by phones without a line, five seconds apart."""
    first = phone.record(lookup, offline=True, shown="admit")
    second = other_phone.record(
        lookup, offline=True, shown="admit", mono_ms=first["mono_ms"] + 5_000
    )
    phone.send(first)
    other_phone.send(second)
    return first, second


@pytest.fixture
def conflict(scans):
    return Conflict.objects.get()


def address(conflict, name="conflict_detail"):
    return reverse(f"checkin:{name}", args=[conflict.conference.slug, conflict.pk])


def facts():
    return (
        list(Scan.objects.order_by("pk").values()),
        list(Presence.objects.values("inside", "entries", "in_ms", "at_ms")),
    )


def test_the_two_scans_stand_side_by_side_with_what_the_rule_says(as_organiser, conflict):
    shown = as_organiser.get(address(conflict))
    assert [each.scan.gate.name_en for each in shown.context["named"]] == [
        "North door",
        "South door",
    ]
    words = shown.content.decode()
    assert "by the phone alone, without a line" in words
    assert "no supervisor waved the second through" in words
    assert "what happened at the doors stands" in words


def test_a_scan_tells_of_when_the_list_was_that_its_phone_judged_by(
    as_organiser, phone, other_phone, lookup
):
    cursor = phone.get("snapshot/").json()["cursor"]
    first = phone.record(lookup, offline=True, shown="admit", cursor=cursor)
    second = other_phone.record(
        lookup, offline=True, shown="admit", cursor="?", mono_ms=first["mono_ms"] + 5_000
    )
    phone.send(first)
    other_phone.send(second)
    shown = as_organiser.get(address(Conflict.objects.get()))
    first_at, second_at = (each.list_at for each in shown.context["named"])
    assert abs((timezone.now() - first_at).total_seconds()) < 600
    assert second_at is None
    words = shown.content.decode()
    assert cursor[:20] not in words
    assert "not known" in words


def test_the_rule_is_that_of_the_zone(as_organiser, conflict):
    before_going_out, a_day = "let in again before going out", "let in once a day"
    words = as_organiser.get(address(conflict)).content.decode()
    assert (before_going_out in words, a_day in words) == (True, False)
    conflict.zone.reentry = "never"
    conflict.zone.save()
    words = as_organiser.get(address(conflict)).content.decode()
    assert (before_going_out in words, a_day in words) == (False, True)


def test_a_conflict_leads_to_the_person(as_organiser, conflict):
    person = reverse("checkin:desk_person", args=[conflict.conference.slug, conflict.delegate_id])
    assert f'href="{person}"' in as_organiser.get(address(conflict)).content.decode()
    assert as_organiser.get(person).status_code == 200


def test_an_override_is_told_with_its_supervisor_and_reason(
    as_organiser, conference, phone, other_phone, lookup
):
    supervisor = supervising.add_supervisor(
        conference=conference, name="Chen Jing", pin="730519", now=timezone.now()
    )
    told = {"by": supervisor.pk, "reason": "rule_wrong", "note": "", "codes": ["refer"]}
    first = phone.record(lookup, offline=True, shown="override_admit", override=told)
    phone.send(first)
    other_phone.send(
        other_phone.record(lookup, offline=True, shown="admit", mono_ms=first["mono_ms"] + 5_000)
    )
    words = as_organiser.get(address(Conflict.objects.get())).content.decode()
    assert "Chen Jing · The rule does not fit this case" in words


def test_settling_says_what_was_the_case_and_changes_no_fact(as_organiser, organiser, conflict):
    before = facts()
    answer = as_organiser.post(
        address(conflict), {"outcome": "exit_missed", "note": "Asked Mr Zhang."}
    )
    assert answer.status_code == 302
    conflict.refresh_from_db()
    assert (conflict.state, conflict.outcome, conflict.note) == (
        "settled",
        "exit_missed",
        "Asked Mr Zhang.",
    )
    assert conflict.settled_by == organiser
    assert facts() == before
    entry = AuditEntry.objects.get(action="conflict.settle")
    assert (entry.reason, entry.after["outcome"]) == ("Asked Mr Zhang.", "exit_missed")
    assert "Asked Mr Zhang." in as_organiser.get(address(conflict)).content.decode()


@pytest.mark.parametrize("outcome", ["", "led_out", "nonsense"])
def test_an_outcome_that_makes_no_sense_for_this_kind_is_refused(as_organiser, conflict, outcome):
    assert as_organiser.post(address(conflict), {"outcome": outcome}).status_code == 422
    conflict.refresh_from_db()
    assert conflict.state == "open"


def test_undoing_lets_it_wait_again_with_its_alert(as_organiser, conference, conflict, now):
    watching.watch(conference=conference, now=now)
    as_organiser.post(address(conflict), {"outcome": "other"})
    assert Alert.objects.get().ended_at is not None
    assert as_organiser.post(address(conflict, "conflict_undo")).status_code == 302
    conflict.refresh_from_db()
    assert (conflict.state, conflict.outcome, conflict.settled_by) == ("open", "", None)
    assert Alert.objects.get().ended_at is None
    as_organiser.post(address(conflict, "conflict_undo"))
    assert AuditEntry.objects.filter(action="conflict.reopen").count() == 1


def test_what_became_untrue_while_settled_is_moot_once_it_is_undone(
    organiser, phone, lookup, scans, conflict
):
    now = timezone.now()
    settling.settle(conflict=conflict, now=now, actor=organiser, outcome="other")
    phone.send(
        phone.record(
            lookup,
            direction="out",
            offline=True,
            shown="exit_ok",
            mono_ms=scans[0]["mono_ms"] + 2_000,
        )
    )
    conflict.refresh_from_db()
    assert conflict.state == "settled"
    settling.undo(conflict=conflict, now=now, actor=organiser)
    conflict.refresh_from_db()
    assert conflict.state == "moot"


def test_a_moot_one_is_shown_as_such_offers_nothing_and_is_never_raised_again(
    as_organiser, phone, lookup, scans, conflict
):
    out = phone.record(
        lookup, direction="out", offline=True, shown="exit_ok", mono_ms=scans[0]["mono_ms"] + 2_000
    )
    phone.send(out)
    conflict.refresh_from_db()
    assert conflict.state == "moot"
    shown = as_organiser.get(address(conflict)).content.decode()
    assert "it will not be raised again" in shown
    assert 'name="outcome"' not in shown

    # The exit is taken back: the fold finds the conflict again, and it stays moot.
    phone.send(
        phone.record(
            lookup,
            direction="out",
            offline=True,
            shown="annulled",
            annuls=out["scan_id"],
            mono_ms=out["mono_ms"] + 60_000,
        )
    )
    conflict.refresh_from_db()
    assert (conflict.state, Conflict.objects.count()) == ("moot", 1)
    merging.refold(delegates=[conflict.delegate_id], now=timezone.now())
    assert Conflict.objects.get().state == "moot"


def test_the_list_shows_those_that_wait_and_others_on_request(as_organiser, conflict, organiser):
    listing = reverse("checkin:conflicts", args=[conflict.conference.slug])
    assert len(as_organiser.get(listing).context["rows"]) == 1
    settling.settle(conflict=conflict, now=timezone.now(), actor=organiser, outcome="other")
    assert as_organiser.get(listing).context["rows"] == []
    for query in ("?state=settled", "?state=all", "?state=all&kind=double_entry"):
        assert len(as_organiser.get(listing + query).context["rows"]) == 1
    assert "No conflict waits" in as_organiser.get(listing).content.decode()
