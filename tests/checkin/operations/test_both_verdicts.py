"""The server and a phone that opens the card judge alike, whoever comes and whatever holds."""

import random
from datetime import timedelta

import pytest

from checkin.models import Block, Handling, Presence, ZoneGrant
from checkin.operations import admitting, ruling, snapshotting
from checkin.verdict import Attempt, judge
from delegates.documents.badge_card import open_card
from delegates.documents.badge_keys import badge_secret
from delegates.models import Accreditation, CredentialAuthority
from delegates.operations import badging
from sessions.models import Enrolment, Session
from tests.checkin.conftest import enrolled_phone, make_person

ROUNDS = 40


def random_instant(chance, now):
    return now + timedelta(minutes=chance.choice([-90, -5, 5, 90]))


def random_zone(chance, zone, session, now):
    """Give a zone rules as chance has it."""
    zone.session = session
    zone.for_enrolled = chance.random() < 0.5
    zone.escort = chance.random() < 0.5
    zone.windows = []
    if chance.random() < 0.4:
        edges = sorted(random_instant(chance, now).timestamp() for _ in range(2))
        zone.windows = [[round(edges[0] * 1000), round(edges[1] * 1000) + 1]]
    if chance.random() < 0.3:
        zone.resets = [round(random_instant(chance, now).timestamp() * 1000)]
    zone.save()
    classes = zone.conference.badge_classes.all()
    zone.open_to.set([each for each in classes if chance.random() < 0.5])


def random_person(chance, delegation, zones, session, now):
    """Let somebody come, with a past and a handling as chance has it."""
    person = make_person(
        delegation,
        vip=chance.random() < 0.3,
        badge_class=chance.choice(["delegate", "press"]),
        withdrawn_at=now if chance.random() < 0.1 else None,
    )
    if chance.random() < 0.3:
        states = [state.value for state in Accreditation.State]
        Accreditation.objects.filter(delegate=person).update(state=chance.choice(states))
    if chance.random() < 0.5:
        instants = sorted({random_instant(chance, now) for _ in range(2)})
        Handling.objects.create(
            delegate=person,
            to_desk=chance.random() < 0.3,
            escort=chance.random() < 0.5,
            valid_from=instants[0] if chance.random() < 0.5 else None,
            valid_until=instants[-1] if chance.random() < 0.5 and len(instants) > 1 else None,
        )
    if chance.random() < 0.3:
        ZoneGrant.objects.create(zone=chance.choice(zones), delegate=person)
    if chance.random() < 0.4:
        state = chance.choice([Enrolment.State.SEAT, Enrolment.State.WAITING])
        Enrolment.objects.create(session=session, delegate=person, state=state, created_at=now)
    if chance.random() < 0.2:
        since = random_instant(chance, now)
        Block.objects.create(delegate=person, since=since, until=since + timedelta(hours=1))
    return person


def phones_verdict(badge, zone, *, direction, now):
    """Return what a phone makes of the snapshot's row, the zone's rules and the presence."""
    conference, person = zone.conference, badge.delegate
    (row,) = snapshotting.badge_rows(conference, now=now, lookups=[badge.lookup])
    secret = bytes(CredentialAuthority.objects.get(conference=conference).secret)
    card = row["card"] and open_card(row["card"], badge_secret(secret, person.uid, badge.issue))
    presence = Presence.objects.filter(delegate=person, zone=zone).first()
    return judge(
        Attempt(
            direction=direction,
            now=round(now.timestamp() * 1000),
            zone=ruling.zone_row(zone),
            entry={"status": row["status"]},
            card=card or None,
            presence=presence
            and {
                "inside": presence.inside,
                "in_ms": presence.in_ms,
                "in_scan": str(presence.in_scan),
                "gate": presence.gate_id,
                "at_ms": presence.at_ms,
                "at_scan": str(presence.at_scan),
            },
        )
    )


@pytest.mark.parametrize("seed", range(3))
def test_a_scan_and_a_card_come_to_the_same_verdict(conference, delegation, now, seed):
    chance = random.Random(seed)
    phone = enrolled_phone(conference)
    session = Session.objects.create(
        conference=conference, title_en="Talks", starts_at=now, ends_at=now + timedelta(hours=1)
    )
    zones = list(conference.zones.all())
    told = set()
    for _ in range(ROUNDS):
        for zone in zones:
            random_zone(chance, zone, session, now)
        person = random_person(chance, delegation, zones, session, now)
        badge = person.badges.get()
        if chance.random() < 0.1:
            badging.revoke_badge(delegate=person, reason="lost", now=now)
            badge.refresh_from_db()
        for zone in chance.choices(zones, k=2):
            direction = chance.choice(["in", "in", "in", "out"])
            card_says = phones_verdict(badge, zone, direction=direction, now=now)

            judged = admitting.judge_scan(
                device=phone.device,
                record=phone.record(badge.lookup, zone=zone.pk, direction=direction),
                now=now,
            )

            assert judged.verdict == card_says
            told.add(card_says.code.value)
    assert len(told) >= 6, told
