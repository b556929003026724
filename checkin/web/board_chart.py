"""Arrivals by hour of a day at the venue, and how they add up beside those who were due."""

from collections import Counter
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta

from checkin.live import Snapshot
from conference.models import Conference

_QUARTER_MS, _HOUR_MS = 900_000, 3_600_000
_WIDTH = 640  # units of the drawing
_SUM_HEIGHT, BAR_HEIGHT = 132, 92
_LEAST_HOURS = 4


@dataclass(frozen=True)
class Bar:
    """One hour: what stands under it, how many came, and where it is drawn."""

    label: str
    count: int
    x: int
    y: int
    width: int
    height: int
    middle: int


@dataclass(frozen=True)
class Chart:
    """A day of arrivals. ``arrived`` and ``planned`` are points of lines; sizes are units."""

    day: date
    days: list[date]
    bars: list[Bar]
    arrived: str
    area: str
    planned: str
    total: int
    due: int
    total_at: tuple[int, int]
    due_at: tuple[int, int]
    width: int
    sum_height: int = _SUM_HEIGHT
    bar_height: int = BAR_HEIGHT


def chart(
    snapshot: Snapshot, conference: Conference, *, day: str = "", bar_height: int = BAR_HEIGHT
) -> Chart | None:
    """Draw a day of arrivals: the one asked for, else the latest until today that had any."""
    counts: Counter[datetime] = Counter()
    for quarter, count in snapshot.quarters:
        counts[_at_venue(quarter * _QUARTER_MS, conference)] += count
    days = sorted({at.date() for at in counts})
    if not days:
        return None
    today = conference.today(snapshot.as_of)
    chosen = date.fromisoformat(day) if day else None
    if chosen not in days:
        chosen = max((each for each in days if each <= today), default=days[0])
    due: Counter[datetime] = Counter()
    for hour, count in snapshot.planned:
        due[_at_venue(hour * _HOUR_MS, conference)] += count
    drawn = _drawn(snapshot, conference, (chosen, days), counts, due)
    return drawn if bar_height == BAR_HEIGHT else _stretched(drawn, bar_height)


def _stretched(drawn: Chart, bar_height: int) -> Chart:
    """Return the chart with bars of another height."""
    bars = []
    for bar in drawn.bars:
        height = round(bar.height / BAR_HEIGHT * bar_height)
        bars.append(replace(bar, height=height, y=bar_height - height))
    return replace(drawn, bars=bars, bar_height=bar_height)


def _drawn(
    snapshot: Snapshot,
    conference: Conference,
    day_of: tuple[date, list[date]],
    counts: Counter[datetime],
    due: Counter[datetime],
) -> Chart:
    day, days = day_of
    hours = [at.hour for at in (*counts, *due) if at.date() == day]
    first = min(hours)
    last = max(*hours, min(first + _LEAST_HOURS - 1, 23))
    first = min(first, last - _LEAST_HOURS + 1)
    slots = range(max(first, 0), last + 1)
    start = datetime(day.year, day.month, day.day, slots[0], tzinfo=conference.zone)
    end = start + timedelta(hours=len(slots))
    slot = _WIDTH // len(slots)
    now = snapshot.as_of.astimezone(conference.zone)
    came = _sums(counts, start, min(end, max(now, start)), timedelta(minutes=15))
    planned = _sums(due, start, end, timedelta(hours=1))
    most = max(came[-1][1], planned[-1][1], snapshot.expected if planned[-1][1] else 0, 1)

    def place(hours_on: float, count: int) -> tuple[int, int]:
        return round(hours_on * slot), round(_SUM_HEIGHT * (1 - count / most))

    arrived = [place(*point) for point in came]
    waited = [place(*point) for point in planned] if planned[-1][1] else []
    return Chart(
        day=day,
        days=days,
        bars=_bars(counts, day, slots, slot),
        arrived=_points(arrived),
        area=_points([(arrived[0][0], _SUM_HEIGHT), *arrived, (arrived[-1][0], _SUM_HEIGHT)]),
        planned=_points(waited),
        total=came[-1][1],
        due=planned[-1][1],
        total_at=arrived[-1],
        due_at=waited[-1] if waited else (0, 0),
        width=slot * len(slots),
    )


def _bars(counts: Counter[datetime], day: date, hours: range, slot: int) -> list[Bar]:
    by_hour: Counter[int] = Counter()
    for at, count in counts.items():
        if at.date() == day:
            by_hour[at.hour] += count
    most = max(by_hour.values(), default=0) or 1
    bars = []
    for place, hour in enumerate(hours):
        height = round(by_hour[hour] / most * BAR_HEIGHT)
        bars.append(
            Bar(
                label=f"{hour:02}",
                count=by_hour[hour],
                x=place * slot + slot // 10,
                y=BAR_HEIGHT - height,
                width=slot - slot // 5,
                height=height,
                middle=place * slot + slot // 2,
            )
        )
    return bars


def _sums(
    counts: Counter[datetime], start: datetime, end: datetime, step: timedelta
) -> list[tuple[float, int]]:
    """Return hours since ``start`` and how many had come by then, all former days included."""
    ordered = sorted(counts.items())
    sums, summed, place, at = [], 0, 0, start
    while True:
        while place < len(ordered) and ordered[place][0] < at:
            summed += ordered[place][1]
            place += 1
        sums.append(((at - start) / timedelta(hours=1), summed))
        if at >= end:
            return sums
        at += step


def _points(places: list[tuple[int, int]]) -> str:
    return " ".join(f"{x},{y}" for x, y in places)


def _at_venue(ms: int, conference: Conference) -> datetime:
    return datetime.fromtimestamp(ms / 1000, tz=UTC).astimezone(conference.zone)
