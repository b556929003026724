"""How one person is received at the doors."""

from datetime import timedelta

import pytest

from checkin.errors import HandlingInvalid
from checkin.models import AttentionText, Block, Handling, ZoneGrant
from checkin.operations import blocking, handling
from checkin.operations.handling import Care
from conference.models import AuditEntry


def text(conference, now, english="Old friend of the city"):
    return handling.attention_text(
        conference=conference, text_en=english, text_zh="老朋友", now=now
    )


def test_what_the_doors_must_know_is_kept_and_recorded(person, conference, now):
    care = Care(to_desk=True, escort=True, attention=text(conference, now))
    handling.set_handling(delegate=person, care=care, now=now)

    assert handling.care_of(person) == care
    entry = AuditEntry.objects.get(action="delegate.handling")
    assert entry.after == {"to_desk": True, "escort": True, "attention": "Old friend of the city"}
    handling.set_handling(delegate=person, care=care, now=now)
    assert AuditEntry.objects.filter(action="delegate.handling").count() == 1


def test_nothing_special_leaves_no_row(person, now):
    handling.set_handling(delegate=person, care=Care(to_desk=True), now=now)
    handling.set_handling(delegate=person, care=Care(), now=now)
    assert not Handling.objects.exists()


def test_the_same_sentence_is_one_row(conference, now):
    assert text(conference, now) == text(conference, now)
    assert AttentionText.objects.count() == 1
    nothing = handling.attention_text(conference=conference, text_en="", text_zh="", now=now)
    assert nothing is None


def test_a_text_of_another_conference_is_refused(person, other_conference, now):
    care = Care(attention=text(other_conference, now))
    with pytest.raises(HandlingInvalid):
        handling.set_handling(delegate=person, care=care, now=now)


def test_a_badge_does_not_end_before_it_begins(person, now):
    care = Care(valid_from=now, valid_until=now - timedelta(hours=1))
    with pytest.raises(HandlingInvalid):
        handling.set_handling(delegate=person, care=care, now=now)


def test_areas_are_granted_and_taken_back(person, zones, other_conference, now):
    foreign = other_conference.zones.first()
    handling.grant_zones(delegate=person, zones=[zones["Hall"], zones["Lunch"], foreign], now=now)
    handling.grant_zones(delegate=person, zones=[zones["Lunch"]], now=now)
    handling.grant_zones(delegate=person, zones=[zones["Lunch"]], now=now)
    assert [grant.zone for grant in ZoneGrant.objects.filter(delegate=person)] == [zones["Lunch"]]
    assert AuditEntry.objects.filter(action="delegate.zones").count() == 2


def test_a_block_stands_until_it_is_lifted(person, phone, lookup, now):
    blocking.block(delegate=person, reason="security", now=now)
    blocking.block(delegate=person, reason="again", now=now)
    assert phone.scan(lookup).json()["verdict"]["code"] == "blocked"

    later = now + timedelta(seconds=1)
    blocking.lift_block(delegate=person, now=later)
    blocking.lift_block(delegate=person, now=later)
    assert blocking.block_of(person, later) is None
    block = Block.objects.get()
    assert (block.since, block.until, block.reason) == (now, later, "security")
    deeds = AuditEntry.objects.filter(action__contains="block").order_by("pk")
    assert [entry.action for entry in deeds] == ["delegate.block", "delegate.unblock"]


def test_a_sentence_is_taken_away_from_everybody(person, conference, now):
    sentence = text(conference, now)
    handling.set_handling(delegate=person, care=Care(attention=sentence), now=now)
    handling.remove_text(text=sentence, now=now)
    assert handling.care_of(person) == Care()
    assert not Handling.objects.exists()
    entry = AuditEntry.objects.get(action="attention_text.remove")
    assert (entry.before["text_en"], entry.after) == ("Old friend of the city", {"people": 1})
