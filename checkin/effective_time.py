"""When a scan happened, and in which period of its zone (CP1, sections 2 and 3)."""

from bisect import bisect_right
from collections.abc import Sequence
from datetime import UTC, datetime, tzinfo
from typing import Final, NamedTuple

from checkin.messages import Clocks, Window

#: A phone's clock may say anything; whatever it says after this is shown as this, which any
#: time zone can show.
_LAST_MS: Final = round(datetime(9999, 12, 1, tzinfo=UTC).timestamp() * 1000)


class EffectiveTime(NamedTuple):
    """An instant in ms since the Unix epoch, and whether it rests on the phone's wall clock."""

    t_ms: int
    uncertain: bool


def effective_time(record: Clocks) -> EffectiveTime:
    """Return when the scan happened, from the record alone, in whatever order it came."""
    anchor = record["anchor"]
    if anchor is None:
        return EffectiveTime(record["wall_ms"], uncertain=True)
    if anchor["boot_id"] == record["boot_id"]:
        elapsed_ms = record["mono_ms"] - anchor["mono_ms"]
        return EffectiveTime(anchor["server_ms"] + elapsed_ms, uncertain=False)
    # A dead clock says 1970, yet the scan came after its last anchor.
    return EffectiveTime(max(record["wall_ms"], anchor["server_ms"]), uncertain=True)


def period(resets: Sequence[int], t_ms: int) -> int:
    """Return the largest of the sorted resets that is not after ``t_ms``, or 0."""
    passed = bisect_right(resets, t_ms)
    return resets[passed - 1] if passed else 0


def instant(t_ms: int, zone: tzinfo = UTC) -> datetime:
    """Return an instant in ms since the epoch; one that no calendar knows, as its first or last."""
    return datetime.fromtimestamp(max(0, min(t_ms, _LAST_MS)) / 1000, tz=zone)


def contains(window: Window, t_ms: int) -> bool:
    """Return whether a half-open window contains an instant; None is no bound."""
    start, until = window
    return (start is None or start <= t_ms) and (until is None or t_ms < until)
