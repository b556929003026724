"""The fifth conference as the loader leaves it: facts, people, seats and arrivals."""

from collections import Counter
from datetime import date, datetime

import pytest

from checkin.models import Presence, Scan, Zone
from checkin.operations import merging
from conference.models import Conference
from delegates.models import Accreditation, Badge, Delegate, Locality, Quota, SisterPair
from demo import facts
from sessions.models import Appearance, Session, Speaker
from tests.demo.conftest import NOW

pytestmark = pytest.mark.django_db


def test_the_edition_stands_with_names_theme_and_zone(edition):
    assert (edition.number, edition.first_day, edition.published) == (5, date(2023, 11, 3), True)
    assert edition.theme_en == "Build Green Cities for the People"
    assert edition.theme_zh == "共建绿色城市 共享民生福祉"
    assert edition.timezone == "Asia/Shanghai"
    assert [host.abbreviation for host in edition.hosts.all()] == ["CPAFFC", ""]


def test_the_series_has_seven_editions_of_which_one_is_published(edition):
    editions = Conference.objects.filter(series=edition.series, number__isnull=False)
    assert sorted(each.number for each in editions) == [1, 2, 3, 4, 5, 6, 7]
    assert [each.number for each in editions.published()] == [5]
    assert all(each.hosts.exists() and each.facts.exists() for each in editions)


def test_every_fact_without_a_source_is_marked_as_uncertain(edition):
    assert edition.facts.count() == 9
    assert not edition.facts.filter(source="", uncertain=False).exists()
    assert set(edition.facts.filter(uncertain=True).values_list("key", flat=True)) == {
        "american-count",
        "place",
        "venue",
        "last-day",
    }


def test_all_pairs_are_loaded_between_places_of_two_countries(edition):
    pairs = SisterPair.objects.select_related("first", "second")
    assert len(pairs) == 233
    assert {frozenset({pair.first.country, pair.second.country}) for pair in pairs} == {
        frozenset({"US", "CN"})
    }


def test_every_place_but_the_six_unknown_ones_lies_in_a_region(edition):
    unknown = Locality.objects.filter(parent=None, code="")
    assert unknown.count() == 6
    assert Locality.objects.exclude(code="").count() == 85


def test_there_are_200_delegates_in_42_delegations(edition):
    assert edition.delegates.count() == 200
    parties = Counter(
        delegation.locality.country if delegation.locality else "body"
        for delegation in edition.delegations.select_related("locality")
    )
    assert parties == {"US": 22, "CN": 14, "body": 6}


def test_all_but_the_replaced_head_were_approved_and_have_a_valid_badge(edition):
    decisions = Accreditation.objects.filter(delegate__conference=edition)
    assert Counter(decisions.values_list("state", flat=True)) == {
        "approved": 199,
        "substituted": 1,
    }
    assert edition.badges.filter(revoked_at=None).count() == 199
    replaced = Delegate.objects.get(conference=edition, withdrawn_at__isnull=False)
    assert replaced.substituted_by.role == "head"
    assert replaced.badges.get().revoked_at == replaced.withdrawn_at


def test_places_taken_are_those_of_the_people_who_came(edition):
    taken = sum(
        Quota.objects.filter(delegation__conference=edition).values_list("taken", flat=True)
    )
    assert taken == 199


def test_speakers_are_those_of_the_facts_and_one_made_up_mayor(edition):
    real = facts.names_of_record()
    speakers = Speaker.objects.filter(conference=edition)
    assert speakers.count() == 8
    made_up = speakers.get(delegate__isnull=False)
    assert (made_up.title_en, made_up.title_zh) == ("Mayor of Kent (made up)", "肯特市长（虚构）")
    named = speakers.exclude(pk=made_up.pk).exclude(uncertain=True)
    assert {speaker.name_en for speaker in named} <= real
    assert speakers.filter(uncertain=True).count() == 2


def test_nobody_real_is_a_delegate(edition):
    real = facts.names_of_record()
    people = Delegate.objects.filter(conference=edition)
    assert [each for each in people if {each.latin_name, each.native_name} & real] == []


def test_the_letter_was_read_and_the_ambassador_spoke(edition):
    parts = Appearance.objects.filter(session__conference=edition).values_list(
        "session__title_en", "speaker__name_en", "part"
    )
    assert ("Opening session", "Zhu Yongxin", "reader") in parts
    assert (
        "Address by the Chinese Ambassador to the United States",
        "Xie Feng",
        "keynote",
    ) in parts


def test_sessions_are_sourced_or_marked_as_made_up(edition):
    sessions = Session.objects.filter(conference=edition)
    assert sessions.count() == 13
    assert not sessions.filter(source="", invented=False).exists()
    assert sessions.filter(invented=True).count() == 9


def test_the_venue_is_marked_as_made_up(edition):
    venue = edition.venues.get()
    assert venue.uncertain
    assert "made up" in venue.name_en


def test_seats_taken_are_the_seats_in_the_table(edition):
    for session in Session.objects.filter(conference=edition, takes_enrolments=True):
        assert session.seats_taken == session.enrolments.filter(state="seat").count()
        assert session.seats_taken <= session.capacity
    assert edition.sessions.filter(enrolments__state="waiting").distinct().count() == 2


def test_nobody_has_seats_in_two_sessions_at_once(edition):
    taken = Counter(
        (delegate, start)
        for delegate, start in edition.sessions.filter(enrolments__isnull=False).values_list(
            "enrolments__delegate", "starts_at"
        )
    )
    assert max(taken.values()) == 1


def test_192_people_arrived_on_the_third_of_november(edition):
    arrival = Zone.objects.get(conference=edition, is_arrival=True)
    arrived = Presence.objects.filter(zone=arrival, first_in_ms__isnull=False)
    assert arrived.count() == 192
    assert not arrived.filter(inside=True).exists()
    days = {
        datetime.fromtimestamp(ms / 1000, tz=edition.zone).date()
        for ms in Scan.objects.filter(conference=edition).values_list("effective_ms", flat=True)
    }
    assert days == {date(2023, 11, 3)}


def test_folding_the_scans_anew_changes_nothing_and_raises_no_conflict(edition):
    stored = _presence_of(edition)
    merging.refold(delegates={row[0] for row in stored}, now=NOW)
    assert _presence_of(edition) == stored
    assert not edition.conflicts.exists()


def _presence_of(conference):
    return set(
        Presence.objects.filter(conference=conference).values_list(
            "delegate", "zone", "inside", "entries", "first_in_ms", "in_scan", "gate", "at_scan"
        )
    )


def test_scans_name_badges_by_their_lookup(edition):
    scans = Scan.objects.filter(conference=edition).select_related("badge")
    assert [scan for scan in scans if scan.lookup != scan.badge.lookup] == []
    assert {scan.pk.version for scan in scans} == {7}


def test_badges_are_unlike_between_the_edition_and_its_rehearsal(edition, rehearsal):
    shared = Badge.objects.filter(
        conference=edition, lookup__in=rehearsal.badges.values_list("lookup", flat=True)
    )
    assert not shared.exists()
