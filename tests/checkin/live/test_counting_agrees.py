"""The board counts in SQL what the pure fold counts in memory, whatever has happened at the doors."""

import itertools
import uuid
from datetime import timedelta

from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from checkin import live
from checkin.counting import count, count_unidentified
from checkin.fold import fold_person
from checkin.merge import Fact
from checkin.messages import FoldRules
from checkin.models import Device, Gate, Scan
from checkin.operations.merging import refold
from tests.checkin.conftest import (
    make_conference,
    make_delegation,
    make_doors,
    make_person,
)

ENTRIES = ("admit", "admit_provisional", "override_admit", "already_inside", "blocked")
PERSONS, NOBODY = 4, 2
HOUR = 3_600_000

passes = st.lists(
    st.tuples(
        st.integers(0, PERSONS + NOBODY - 1),  # whose badge; the last ones are nobody's
        st.sampled_from(["Venue", "Lunch", "Hall"]),
        st.sampled_from(["in", "in", "out"]),
        st.sampled_from(ENTRIES),
        st.integers(-5 * HOUR, HOUR),
        st.sampled_from(["", "", "", "held", "rejected", "accepted"]),
        st.one_of(st.none(), st.integers(0, 30)),  # which earlier scan it takes back
        st.integers(0, 1),  # which phone
    ),
    max_size=24,
)
resets = st.lists(st.integers(-5 * HOUR, 2 * HOUR), max_size=3)


class RandomHistories(TestCase):
    @settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
    @given(passes=passes, resets=resets, fates=st.lists(st.sampled_from("--ws"), min_size=PERSONS))
    def test_both_count_the_same(self, passes, resets, fates):
        conference = make_doors(make_conference())
        zones = {zone.name_en: zone for zone in conference.zones.all()}
        now = timezone.now()
        now_ms = round(now.timestamp() * 1000)
        for zone in zones.values():
            zone.resets = sorted(now_ms + reset for reset in resets)
            zone.save()
        groups = [
            make_delegation(conference, "One", "一"),
            make_delegation(conference, "Two", "二"),
        ]
        persons = [
            make_person(groups[number % 2], given_name=str(number), now=now, badge=False)
            for number in range(PERSONS)
        ]
        # A person whose badge was replaced is scanned by either.
        lookups = [f"{number:032x}" for number in range(PERSONS + NOBODY)]
        self.change(persons, fates, now)
        scans = self.scan(conference, zones, (persons, lookups), passes, now_ms)
        refold(delegates=[person.pk for person in persons], now=now)

        rules = {
            zone.pk: FoldRules(id=zone.pk, reentry=zone.reentry, resets=zone.resets)
            for zone in zones.values()
        }
        heard = [scan for scan in scans if scan.quarantine not in {"held", "rejected"}]
        folds = [
            fold_person([fact(s) for s in heard if s.delegate_id == person.pk], rules)
            for person in persons
        ]
        expected = count(
            folds,
            rules,
            now_ms=now_ms,
            unidentified=count_unidentified(fact(s) for s in heard if s.delegate_id is None),
        )

        told = live.count(conference, now_ms=now_ms)

        assert {
            "arrived": told.arrived,
            "inside": told.inside,
            "unidentified": told.unidentified,
            "zones": [
                {
                    "zone": each.zone,
                    "arrived": each.arrived,
                    "inside": each.inside,
                    "entries": each.entries,
                }
                for each in sorted(told.zones, key=lambda each: each.zone)
            ],
        } == expected
        self.check_the_rest(told, persons, folds)

    def change(self, persons, fates, now):
        """Some withdraw, some are substituted."""
        for person, fate in zip(persons, fates, strict=False):
            if fate == "w":
                person.withdrawn_at = now
                person.save()
            elif fate == "s":
                person.accreditation.state = "substituted"
                person.accreditation.save()

    def scan(self, conference, zones, people, passes, now_ms):
        persons, lookups = people
        gate = Gate.objects.filter(conference=conference).first()
        devices = [
            Device.objects.create(
                conference=conference,
                name=f"Phone {number}",
                gate=gate,
                valid_until=timezone.now() + timedelta(days=1),
            )
            for number in range(2)
        ]
        sequence = itertools.count(1)
        scans = []
        for whose, zone, direction, verdict, at, quarantine, takes_back, phone in passes:
            earlier = (
                scans[takes_back] if takes_back is not None and takes_back < len(scans) else None
            )
            person = persons[whose].pk if whose < PERSONS else None
            scans.append(
                Scan(
                    id=uuid.uuid4(),
                    conference=conference,
                    device=earlier.device if earlier else devices[phone],
                    seq=next(sequence),
                    via="qr",
                    lookup=earlier.lookup if earlier else _issue(lookups[whose], at),
                    delegate_id=earlier.delegate_id if earlier else person,
                    gate=gate,
                    zone=earlier.zone if earlier else zones[zone],
                    direction=earlier.direction if earlier else direction,
                    wall_ms=now_ms + at,
                    boot_id=uuid.uuid4(),
                    mono_ms=0,
                    offline=True,
                    annuls=earlier.pk if earlier else None,
                    effective_ms=(earlier.effective_ms + abs(at) // 10) if earlier else now_ms + at,
                    uncertain=False,
                    shown="annulled" if earlier else ("exit_ok" if direction == "out" else verdict),
                    quarantine=quarantine,
                    received_at=timezone.now(),
                )
            )
        Scan.objects.bulk_create(scans)
        return scans

    def check_the_rest(self, told, persons, folds):
        came = {
            person.pk
            for person, zones in zip(persons, folds, strict=True)
            if any(each.entries for each in zones.values())
        }
        wanted = {
            person.pk
            for person in persons
            if person.withdrawn_at is None and person.accreditation.state == "approved"
        }
        assert told.expected == len(wanted)
        assert told.missing == len(wanted - came)
        assert sum(number for _quarter, number in told.quarters) + told.odd == len(came)
        assert sum(each.arrived for each in told.gates) == len(came)
        assert len({each.delegate for each in told.last}) == len(told.last) == len(came)


def _issue(lookup, at):
    return lookup if at % 2 else lookup[::-1]


def fact(scan):
    return Fact(
        scan_id=str(scan.pk),
        device=str(scan.device_id),
        seq=scan.seq,
        lookup=scan.lookup,
        gate=scan.gate_id,
        zone=scan.zone_id,
        direction=scan.direction,
        t_ms=scan.effective_ms,
        uncertain=scan.uncertain,
        verdict=scan.verdict,
        annuls=str(scan.annuls) if scan.annuls else None,
    )
