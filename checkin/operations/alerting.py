"""Alerts: raised once each, by a key that names the occasion.

The path of a scan calls ``notice``; it costs no statement unless there is something to tell. All
else, and whatever was missed, is found by the look that workers take every half minute
(``watching``). Whoever writes of alerts is woken on commit; losing that loses nothing.
"""

import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from celery import current_app
from django.db import transaction

from checkin.effective_time import instant
from checkin.messages import Code
from checkin.models import Alert, Scan

WATCH_TASK = "checkin.watch_doors"
#: One person at one gate is told of once in this time, however often the badge is tried.
BLOCKED_EVERY_MS = 600_000
#: A full house wakes a worker at most this often; what comes in between is seen by that look.
_WAKE_EVERY_S = 2.0
_ENTERING = frozenset({Code.ADMIT, Code.ADMIT_PROVISIONAL, Code.OVERRIDE_ADMIT})
_woken: dict[int, float] = {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Occasion:
    """One thing to be told; ``key`` names it within the conference, ``params`` hold its figures."""

    kind: Alert.Kind
    key: str
    happened_at: datetime
    delegate: int | None = None
    device: UUID | None = None
    gate: int | None = None
    zone: int | None = None
    params: Mapping[str, Any] = field(default_factory=dict)


def notice(
    *, scan: Scan, vip: bool, blocked: bool, is_first: bool, capacity: int | None, now: datetime
) -> None:
    """Tell what is to be told of a scan that has just been stored, inside its transaction.

    ``is_first`` says whether it is the person's first entry here, ``capacity`` is the zone's.
    """
    entered = scan.direction == "in" and scan.verdict in _ENTERING
    occasions = []
    if vip and is_first and entered:
        occasions.append(vip_arrival(scan))
    if blocked:
        occasions.append(blocked_person(scan))
    if occasions:
        raise_once(conference=scan.conference_id, occasions=occasions, now=now)
        wake(conference=scan.conference_id)
    elif capacity is not None and entered:
        wake_soon(conference=scan.conference_id)


def vip_arrival(scan: Scan) -> Occasion:
    """Return the arrival of a VIP; were it taken back, the next one would have the next number."""
    return Occasion(
        kind=Alert.Kind.VIP_ARRIVAL,
        key=f"{vip_cause(scan.delegate_id)}:0",
        happened_at=instant(scan.effective_ms),
        delegate=scan.delegate_id,
        device=scan.device_id,
        gate=scan.gate_id,
        zone=scan.zone_id,
    )


def vip_cause(delegate: int | None) -> str:
    """Return what the keys of this VIP's arrivals begin with."""
    return f"{Alert.Kind.VIP_ARRIVAL}:{delegate}"


def blocked_person(scan: Scan) -> Occasion:
    """Return that a blocked person was at a door, whatever came of it."""
    moment = scan.effective_ms // BLOCKED_EVERY_MS
    return Occasion(
        kind=Alert.Kind.BLOCKED_PERSON,
        key=f"{Alert.Kind.BLOCKED_PERSON}:{scan.delegate_id}:{scan.gate_id}:{moment}",
        happened_at=instant(scan.effective_ms),
        delegate=scan.delegate_id,
        device=scan.device_id,
        gate=scan.gate_id,
        zone=scan.zone_id,
        params={"direction": scan.direction, "verdict": scan.verdict},
    )


def conflict_key(conflict: str) -> str:
    """Return the key of the alert that tells of a conflict."""
    return f"{Alert.Kind.CONFLICT}:{conflict}"


def raise_once(*, conference: int, occasions: Iterable[Occasion], now: datetime) -> None:
    """Raise an alert for each occasion that has none yet; those known stay as they are.

    One statement.
    """
    # In one order for all: two that raise the same ones at once wait for each other, not both.
    rows = [
        Alert(
            conference_id=conference,
            kind=each.kind,
            key=each.key,
            delegate_id=each.delegate,
            device_id=each.device,
            gate_id=each.gate,
            zone_id=each.zone,
            params=dict(each.params),
            happened_at=each.happened_at,
            raised_at=now,
        )
        for each in sorted(occasions, key=lambda occasion: occasion.key)
    ]
    if rows:
        Alert.objects.bulk_create(rows, ignore_conflicts=True)


def wake(*, conference: int, seconds: float = 0) -> None:
    """Ask a worker, on commit, to look at the doors of this conference; losing it loses nothing."""
    transaction.on_commit(
        lambda: current_app.send_task(
            WATCH_TASK, [conference], countdown=seconds or None, ignore_result=True, retry=False
        ),
        robust=True,
    )


def wake_soon(*, conference: int) -> None:
    """Ask for a look within moments; many such wishes are answered by one look."""

    def ask() -> None:
        now = time.monotonic()
        if now - _woken.get(conference, float("-inf")) < _WAKE_EVERY_S:
            return
        _woken[conference] = now
        # It looks when the next wish would be heard again: nothing falls in between.
        wake(conference=conference, seconds=_WAKE_EVERY_S)

    transaction.on_commit(ask, robust=True)
