"""All of the demo, once, in one transaction."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.db import transaction

from conference.models import Conference
from delegates.models import Locality, Organisation, SisterPair
from demo import facts, people
from demo.loading import (
    accounts,
    arrivals,
    credentials,
    delegations,
    doors,
    editions,
    places,
    programme,
    rehearsal,
    seats,
)

PHONES_VALID_UNTIL = datetime(2023, 11, 4, 4, 0, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the loader found and made."""

    is_new: bool
    delegates: int
    delegations: int
    pairs: int


@transaction.atomic
def load(*, now: datetime) -> Outcome:
    """Load what is not there yet. A loaded demo is left as people have changed it since.

    Once the rehearsal is over it is set aside, and a new one starts today.
    """
    localities = places.load_places()
    places.load_pairs(localities)
    organisations = places.load_organisations()
    series = editions.load_series()
    editions.load_other_editions(series)
    accounts_by_part = accounts.load_accounts()
    edition = Conference.objects.filter(slug=editions.SLUG).first()
    is_new = edition is None
    if edition is None:
        edition = editions.load_fifth_edition(series)
        accounts.load_team(edition, accounts_by_part)
        _fill_fifth_edition(edition, localities, organisations)
    rehearsal.shelve_if_over(now=now)
    if not Conference.objects.filter(slug=editions.REHEARSAL_SLUG).exists():
        is_new = True
        rehearsal.load_rehearsal(
            source=edition,
            people=people.delegates(),
            staff=people.staff(),
            organisations=organisations,
            accounts=accounts_by_part,
            now=now,
        )
    return Outcome(
        is_new=is_new,
        delegates=edition.delegates.count(),
        delegations=edition.delegations.count(),
        pairs=SisterPair.objects.count(),
    )


def _fill_fifth_edition(
    edition: Conference,
    localities: dict[str | facts.Place, Locality],
    organisations: dict[str, Organisation],
) -> None:
    cast = people.delegates()
    classes = delegations.load_badge_classes(edition)
    groups = delegations.load_delegations(edition, cast, localities, organisations)
    delegations.load_quotas(cast, groups, classes)
    delegations.load_accepted_invitations(edition, groups.values())
    by_key = delegations.load_delegates(edition, groups, cast)
    delegations.load_decisions(cast, by_key, classes, decided_at=delegations.DECIDED_AT)
    badges = credentials.load_badges(
        edition,
        by_key.values(),
        issued_at=delegations.DECIDED_AT,
        printed_at=credentials.PRINTED_AT,
    )
    speaker = next(person.key for person in cast if person.mark == "speaker")
    rooms = editions.load_venue(edition)
    sessions = programme.load_programme(edition, rooms, by_key[speaker])
    attending = [delegate for delegate in by_key.values() if delegate.withdrawn_at is None]
    seats.load_seats(sessions, attending)
    zones, gates = doors.load_doors(edition, classes)
    devices = arrivals.load_devices(
        edition,
        gates,
        zones,
        last_seen=PHONES_VALID_UNTIL - timedelta(hours=3),
        until=PHONES_VALID_UNTIL,
    )
    arrivals.load_passes(
        edition,
        arrivals.passes_of_the_day(attending),
        devices=devices,
        zones=zones,
        badges=badges,
    )
