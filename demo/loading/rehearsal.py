"""The rehearsal: the product's own clone of the fifth edition, then told how far everybody is."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from random import Random

from checkin.models import Device
from checkin.operations.rehearsing import make_rehearsal
from conference.models import Conference, User
from delegates.models import Accreditation, Delegate, Organisation
from delegates.operations.cloning import Addresses
from demo import facts
from demo.loading import arrivals, delegations, doors, front_of_house
from demo.loading.editions import REHEARSAL_SLUG
from demo.loading.stages import Cast, bring_to_stages
from demo.parties import SECRETARIAT, parties
from demo.people import Person
from sessions.models import Enrolment, Session

FOCAL_PARTY = "US-CA"
DELEGATE_KEY = "us-ia-02"

HERE_ALREADY = {"CN-JS": 9, "cpaffc": 4, SECRETARIAT: 6}
SEATS = {"employment": 12, "education": 9, "climate": 38, "environment": 18, "visit": 30}
SEED = 22


def shelve_if_over(*, now: datetime) -> None:
    """Give a rehearsal that is over another address, so that a new one can start today.

    Nothing in it is lost: it stays among the organiser's conferences under the day it began.
    """
    former = Conference.objects.filter(slug=REHEARSAL_SLUG).first()
    if former is None or not former.is_over(now):
        return
    former.slug = f"{REHEARSAL_SLUG}-{former.first_day:%Y-%m-%d}"
    former.published = False
    former.save(update_fields=["slug", "published"])
    # The demo's focal point and delegate move on to the new rehearsal.
    former.delegations.exclude(focal_user=None).update(focal_user=None)
    former.delegates.exclude(user=None).update(user=None)


def load_rehearsal(
    *,
    source: Conference,
    people: Iterable[Person],
    staff: Iterable[Person],
    organisations: dict[str, Organisation],
    accounts: dict[str, User],
    now: datetime,
) -> Conference:
    """Clone the edition to start today at the venue, and bring each delegation to its stage."""
    conference = make_rehearsal(
        source=source,
        slug=REHEARSAL_SLUG,
        first_day=source.today(now),
        addresses=Addresses.KEEP,
        actor=accounts["organiser"],
        now=now,
    )
    # One day more than the edition: it holds the field visit and leaves time to look around.
    conference.last_day = conference.first_day + timedelta(days=1)
    conference.published = True
    conference.save(update_fields=["last_day", "published"])
    # Started in the evening, it has missed no reminder of the morning.
    conference.reminder_rules.update(active_since=now)
    stages = {row["party"]: row["stage"] for row in facts.rows("rehearsal_stages.csv")}
    everyone = _cast(conference, people, staff, organisations)
    bring_to_stages(everyone, stages, organiser=accounts["organiser"], now=now)
    _appoint(everyone, accounts)
    sessions = _seat(everyone, now)
    arrived = _let_in(everyone, now)
    front_of_house.prepare_doors(
        conference,
        [sessions[key] for key in front_of_house.WITH_A_DOOR],
        organiser=accounts["organiser"],
        besides=[*arrived, everyone.delegates[DELEGATE_KEY].pk],
        now=now,
    )
    return conference


def _cast(
    conference: Conference,
    people: Iterable[Person],
    staff: Iterable[Person],
    organisations: dict[str, Organisation],
) -> Cast:
    """Find the copies of the people, and add those who serve the rehearsal."""
    keyed = {person.key: person for person in [*people, *staff]}
    by_phone = {person.phone: person.key for person in keyed.values()}
    codes = {party.name_en: key for key, party in parties().items()}
    groups = {codes[group.name_en]: group for group in conference.delegations.order_by("pk")}
    groups |= delegations.load_delegations(conference, staff, {}, organisations)
    delegates = {by_phone[copy.phone]: copy for copy in conference.delegates.order_by("pk")}
    shift = timedelta(days=(conference.first_day - _first_day_of_the_edition()).days)
    for key, copy in delegates.items():
        copy.source_id = key
        copy.photo_consent = keyed[key].photo_consent
        copy.arrival_at = keyed[key].arrival.at + shift
        copy.arrival_by = keyed[key].arrival.by
        copy.departure_at = keyed[key].departure.at + shift
        copy.departure_by = keyed[key].departure.by
    Delegate.objects.bulk_update(
        delegates.values(),
        [
            "source_id",
            "photo_consent",
            "arrival_at",
            "arrival_by",
            "departure_at",
            "departure_by",
        ],
    )
    delegates |= delegations.load_delegates(conference, groups, list(staff))
    return Cast(conference=conference, delegations=groups, delegates=delegates, people=keyed)


def _first_day_of_the_edition() -> date:
    return datetime.fromisoformat(facts.conference()["start_date"]["value"]).date()


def _appoint(everyone: Cast, accounts: dict[str, User]) -> None:
    """Tie the demo's focal point and delegate to what they look after in the rehearsal."""
    delegation = everyone.delegations[FOCAL_PARTY]
    delegation.focal_user = accounts["focal-point"]
    delegation.save(update_fields=["focal_user"])
    delegate = everyone.delegates[DELEGATE_KEY]
    delegate.user = accounts["delegate"]
    delegate.save(update_fields=["user"])


def _seat(everyone: Cast, now: datetime) -> dict[str, Session]:
    """Take some seats: one event is full, in one the last two are free, the rest have room.

    Returns the sessions in which seats are taken, by the demo's key.
    """
    sessions = {}
    told = facts.document("programme_2023.json")["sessions"]
    titles = {item["key"]: item["title_en"] for item in told}
    approved = [
        everyone.delegates[key]
        for key, person in everyone.people.items()
        if key in everyone.delegates and key != DELEGATE_KEY and person.party != SECRETARIAT
        if everyone.delegates[key].accreditation.state == Accreditation.State.APPROVED
    ]
    dice = Random(SEED)
    rows = []
    for group in (("employment", "education"), ("climate", "environment"), ("visit",)):
        asking = iter(dice.sample(approved, sum(SEATS[key] for key in group)))
        for key in group:
            session = Session.objects.get(conference=everyone.conference, title_en=titles[key])
            sessions[key] = session
            limit = session.capacity or 0
            rows += [
                Enrolment(
                    session=session,
                    delegate=next(asking),
                    state=Enrolment.State.SEAT if place < limit else Enrolment.State.WAITING,
                    created_at=now - timedelta(days=4, minutes=-place),
                )
                for place in range(SEATS[key])
            ]
            session.seats_taken = min(SEATS[key], limit)
            session.save(update_fields=["seats_taken"])
    Enrolment.objects.bulk_create(rows)
    return sessions


def _let_in(everyone: Cast, now: datetime) -> list[int]:
    """Let the host's first people and some staff be there, and return their ids.

    They were scanned within the last hour.
    """
    conference = everyone.conference
    zones = {
        "venue": conference.zones.get(is_arrival=True),
        "hall": conference.zones.get(name_en="Great Hall"),
    }
    gates = {
        key: conference.gates.get(name_en=name_en)
        for key, name_en, _name_zh, _zone in doors.GATES
        if key != "restaurant"
    }
    devices: dict[str, Device] = arrivals.load_devices(
        conference,
        gates,
        zones,
        last_seen=now - timedelta(minutes=1),
        until=now + timedelta(days=2),
    )
    here = [key for party, count in HERE_ALREADY.items() for key in everyone.of(party)[:count]]
    passes = []
    for place, key in enumerate(here):
        came = now - timedelta(minutes=55 - 2 * place)
        gate = "entrance" if place % 3 == 0 else "desk"
        passes.append(arrivals.Pass(everyone.delegates[key], gate, came))
        if place % 2 == 0:
            into_hall = came + timedelta(minutes=4)
            passes.append(arrivals.Pass(everyone.delegates[key], "hall", into_hall))
    badges = {badge.delegate_id: badge for badge in conference.badges.filter(revoked_at=None)}
    arrivals.load_passes(conference, passes, devices=devices, zones=zones, badges=badges)
    return [everyone.delegates[key].pk for key in here]
