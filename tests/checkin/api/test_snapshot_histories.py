"""A phone that applies deltas has, after any history, what a phone has that asks for everything."""

import itertools
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from checkin.models import AttentionText, Zone
from checkin.operations import blocking, handling, opening, zoning
from checkin.operations.handling import Care
from conference.errors import DomainError
from delegates.models import Accreditation, Delegate
from delegates.operations import accrediting, arranging, badging, nominating, substituting
from sessions.models import Session
from sessions.operations import enrolling
from tests.checkin.conftest import (
    enrolled_phone,
    make_conference,
    make_delegation,
    make_doors,
    make_person,
)
from tests.checkin.holding import Holding, fresh

pytestmark = pytest.mark.django_db(transaction=True)

_numbers = itertools.count(1)


class World:
    """A conference with three people, two phones and a session, and all that may be done to it."""

    def __init__(self, now):
        self.now = now
        self.conference = make_doors(
            make_conference(f"edition-{next(_numbers)}", first_day=now.date() + timedelta(days=1))
        )
        self.delegation = make_delegation(self.conference)
        self.people = [
            make_person(
                self.delegation, given_name=f"Wei {number}", email=f"wei{number}@cn.example"
            )
            for number in range(3)
        ]
        self.north = enrolled_phone(self.conference)
        self.south = enrolled_phone(self.conference, "South door")
        self.zones = list(self.conference.zones.all())
        starts_at = now + timedelta(hours=5)
        self.session = Session.objects.create(
            conference=self.conference,
            title_en="Panel",
            starts_at=starts_at,
            ends_at=starts_at + timedelta(hours=1),
            capacity=2,
        )

    def do(self, deed, whom, what):
        """Do it; what the product refuses leaves everything as it is."""
        person = Delegate.objects.get(pk=self.people[whom % len(self.people)].pk)
        try:
            getattr(self, deed)(person, what)
        except DomainError:
            return

    def approve(self, person, what):
        accrediting.approve(delegate=person, now=self.now)

    def refuse(self, person, what):
        accrediting.refuse(delegate=person, reason="full", now=self.now)

    def withdraw(self, person, what):
        substituting.withdraw_member(delegate=person, now=self.now)

    def restore(self, person, what):
        substituting.restore_member(delegate=person, now=self.now)

    def submit(self, person, what):
        nominating.submit_member(delegate=person, now=self.now)

    def substitute(self, person, what):
        fields = {"given_name": "Lan", "family_name": f"Ersatz {what}", "email": "lan@cn.example"}
        self.people.append(substituting.substitute(delegate=person, fields=fields, now=self.now))

    def rename(self, person, what):
        fields = {"given_name": f"Neu {what}", "title_zh": "市长" if what % 2 else ""}
        nominating.change_member(delegate=person, fields=fields, now=self.now)

    def rename_delegation(self, person, what):
        self.delegation.name_en = f"Suzhou {what}"
        arranging.save_delegation(delegation=self.delegation, now=self.now)

    def change_class(self, person, what):
        code = "press" if what % 2 else "delegate"
        badge_class = self.conference.badge_classes.get(code=code)
        accrediting.change_class(delegate=person, badge_class=badge_class, now=self.now)

    def replace(self, person, what):
        badging.replace_badge(delegate=person, reason="lost", now=self.now)

    def grant(self, person, what):
        zones = [zone for bit, zone in enumerate(self.zones) if what >> bit & 1]
        handling.grant_zones(delegate=person, zones=zones, now=self.now)

    def receive(self, person, what):
        text = AttentionText.objects.get_or_create(conference=self.conference, text_en="Guest")[0]
        care = Care(
            to_desk=bool(what & 1),
            escort=bool(what & 2),
            attention=text if what & 4 else None,
            valid_until=self.now + timedelta(days=3) if what & 1 else None,
        )
        handling.set_handling(delegate=person, care=care, now=self.now)

    def block(self, person, what):
        blocking.block(delegate=person, reason="", now=self.now)

    def lift_block(self, person, what):
        blocking.lift_block(delegate=person, now=self.now)

    def take_seat(self, person, what):
        enrolling.join_waiting_list(session_id=self.session.pk, delegate_id=person.pk, now=self.now)

    def give_seat_back(self, person, what):
        enrolling.give_back_seat(session_id=self.session.pk, delegate_id=person.pk, now=self.now)

    def scan(self, person, what):
        badge = person.badges.order_by("issue").last()
        if badge:
            self.south.scan(
                badge.lookup,
                zone=self.zones[what % 3].pk,
                direction="out" if what & 4 else "in",
            )

    def upload_and_annul(self, person, what):
        badge = person.badges.order_by("issue").last()
        if badge:
            entry = self.south.record(badge.lookup, offline=True, shown="admit")
            self.south.send(entry)
            self.south.send(
                self.south.record(
                    badge.lookup, offline=True, shown="annulled", annuls=entry["scan_id"]
                )
            )

    def change_zone(self, person, what):
        zone = Zone.objects.get(pk=self.zones[what % 3].pk)
        rules = zoning.ZoneRules(
            name_en=zone.name_en,
            name_zh=zone.name_zh,
            open_to=self.conference.badge_classes.all() if what & 1 else [],
            reentry=zone.reentry,
            resets=[opening.in_ms(self.now)] if what & 2 else [],
            is_arrival=zone.is_arrival,
            session=self.session if what & 4 else None,
            for_enrolled=bool(what & 4),
        )
        zoning.save_zone(
            conference=self.conference, rules=rules, now=self.now, actor=None, zone=zone
        )

    def delete_person(self, person, what):
        if len(self.people) > 1 and not person.scans.exists():
            self.people = [each for each in self.people if each.pk != person.pk]
            person.delete()


DEEDS = [name for name in vars(World) if not name.startswith("_") and name != "do"]
histories = st.lists(
    st.tuples(st.sampled_from(DEEDS), st.integers(0, 5), st.integers(0, 7), st.booleans()),
    min_size=1,
    max_size=12,
)


@settings(
    max_examples=20,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(histories)
def test_a_phone_that_applies_deltas_has_what_a_fresh_one_has(transactional_db, now, history):
    world = World(now)
    held = Holding(world.north)
    held.poll()
    for deed, whom, what, polls in history:
        world.do(deed, whom, what)
        if polls:
            body = held.poll_for_news()
            assert body is None or body["full"] is False
            assert held.contents() == fresh(world.north)
    held.poll_for_news()
    assert held.contents() == fresh(world.north)
    assert held.poll_for_news() is None
    assert Accreditation.objects.exists()
