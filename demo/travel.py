"""When the made-up people come and go, and by what."""

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from faker import Faker

from demo import facts

SHANGHAI = ZoneInfo("Asia/Shanghai")

# Two letters that no airline has, so that no real flight is named.
CARRIER = "Q0"


@dataclass(frozen=True, slots=True)
class Journey:
    """An instant, aware, and the means of travel as the delegation wrote it."""

    at: datetime
    by: str


def conference_day() -> datetime:
    """Return midnight of the conference day at the venue."""
    day = datetime.fromisoformat(facts.conference()["start_date"]["value"])
    return datetime.combine(day, time(), SHANGHAI)


def _moment(day: int, hour: int, minute: int) -> datetime:
    local = conference_day() + timedelta(days=day, hours=hour, minutes=minute)
    return local.astimezone(UTC)


def journeys(faker: Faker, *, country: str, local: bool, leaves_early: bool) -> tuple[Journey, ...]:
    """Return arrival and departure: from abroad by air, from other provinces by rail."""
    quarter = 15 * faker.random_int(0, 3)
    if country == "US":
        coming = f"flight {CARRIER} {faker.random_int(500, 589)}, Shanghai Pudong"
        going = f"flight {CARRIER} {faker.random_int(500, 589)}, Shanghai Pudong"
        arrival = _moment(-faker.random_int(1, 2), faker.random_int(10, 19), quarter)
        departure = _moment(faker.random_int(1, 3), faker.random_int(9, 18), quarter)
    elif local:
        coming = going = "by car"
        arrival = _moment(-1, faker.random_int(8, 16), quarter)
        departure = _moment(1, faker.random_int(13, 17), quarter)
    else:
        coming = f"train G0{faker.random_int(100, 199)}, Suzhou"
        going = f"train G0{faker.random_int(100, 199)}, Suzhou"
        arrival = _moment(-1, faker.random_int(11, 18), quarter)
        departure = _moment(faker.random_int(1, 2), faker.random_int(9, 17), quarter)
    if leaves_early:
        departure = _moment(0, 14, 30)
    return Journey(arrival, coming), Journey(departure, going)
