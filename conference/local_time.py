"""Arithmetic on wall clocks, where not every day has 24 hours."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo


def wall_minutes_before(moment: datetime, minutes: int, zone: ZoneInfo) -> datetime:
    """Return, in UTC, when the venue's clocks show ``minutes`` less than at the aware ``moment``.

    A time that the clocks skip becomes the first minute after the gap; of a time that they show
    twice, the first is meant.
    """
    wall = moment.astimezone(zone).replace(tzinfo=None) - timedelta(minutes=minutes)
    return first_instant(wall, zone)


def first_instant(wall: datetime, zone: ZoneInfo) -> datetime:
    """Return, in UTC, the first instant at which clocks in ``zone`` show the naive ``wall`` time.

    For a time that they skip it is the end of the gap.
    """
    first, second = (wall.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1))
    if is_skipped(wall, zone):
        # Read with the offset behind the gap it lies before it, with the one before it, behind it.
        return offset_changes(zone, second, first)[0]
    return first


def is_skipped(wall: datetime, zone: ZoneInfo) -> bool:
    """Return whether clocks in ``zone`` never show the naive ``wall`` time."""
    there_and_back = wall.replace(tzinfo=zone, fold=0).astimezone(UTC).astimezone(zone)
    return there_and_back.replace(tzinfo=None) != wall


def offset_changes(zone: ZoneInfo, start: datetime, end: datetime) -> list[datetime]:
    """Return the instants after ``start``, up to ``end``, at which the zone's offset changes."""
    changes = []
    before = start.astimezone(UTC)
    while before < end:
        after = min(before + timedelta(days=1), end.astimezone(UTC))
        if _offset(zone, before) != _offset(zone, after):
            changes.append(_change_between(zone, before, after))
        before = after
    return changes


def _change_between(zone: ZoneInfo, before: datetime, after: datetime) -> datetime:
    """Return the one change between two instants less than a day apart, to the second."""
    offset_after = _offset(zone, after)
    while after - before > timedelta(milliseconds=500):
        middle = before + (after - before) / 2
        if _offset(zone, middle) == offset_after:
            after = middle
        else:
            before = middle
    return after.replace(microsecond=0)


def _offset(zone: ZoneInfo, instant: datetime) -> timedelta | None:
    return instant.astimezone(zone).utcoffset()
