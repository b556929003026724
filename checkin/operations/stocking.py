"""The badges of a whole snapshot, kept sealed and zipped between phones.

They are kept in pieces of neighbouring persons, with the position from which they were read.
Whoever needs them asks what has changed since, and only those pieces are made anew; whatever the
cache has lost is made again. The cards are encrypted for their badges: the cache holds no names.
"""

import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from itertools import groupby
from typing import Final

from django.core.cache import cache
from django.db.models import Q

from checkin.operations.changing import Position, changes_since, present_position
from checkin.operations.packing import Piece, compact_json
from checkin.operations.snapshotting import sealed_rows
from conference.models import Conference
from delegates.models import CredentialAuthority

#: Told anew whenever rows or pieces take another form.
_FORM: Final = 1
_PERSONS: Final = 256
_KEPT: Final = timedelta(hours=24)
#: Who finds somebody else at work on the same pieces waits this long for them, then makes them.
_PATIENCE_S: Final = 10.0
_LOOK_S: Final = 0.05


@dataclass(frozen=True, slots=True, kw_only=True)
class Stock:
    """Pieces by number of neighbourhood, as they were when read from ``position``."""

    position: Position
    at: datetime
    pieces: dict[int, Piece]

    def row(self) -> list[Piece]:
        """Return the pieces in order."""
        return [piece for _number, piece in sorted(self.pieces.items())]


def key_of(conference: Conference) -> str:
    """Return where in the cache the stock is.

    It names the conference by its secret too: in another database with this number it is another
    conference, and with another secret all badges are others.
    """
    secrets = CredentialAuthority.objects.filter(conference=conference).values_list("secret")
    named = b"".join(bytes(secret) for (secret,) in secrets)
    return f"checkin:badges:{_FORM}:{conference.pk}:{sha256(named).hexdigest()[:16]}"


def stock_of(conference: Conference, *, now: datetime) -> Stock:
    """Return the badges of a conference as they stand; two who ask at once make them once."""
    key = key_of(conference)
    until = time.monotonic() + _PATIENCE_S
    while True:
        position = present_position()
        kept: Stock | None = cache.get(key)
        stale = _stale(conference, kept, position, now)
        if kept is not None and stale is not None and not stale:
            return kept
        mine = cache.add(f"{key}:making", 1, timeout=round(_PATIENCE_S))
        if mine or time.monotonic() >= until:
            break
        time.sleep(_LOOK_S)
    try:
        made = _made(conference, kept, stale, position=position, now=now)
        cache.set(key, made, timeout=round(_KEPT.total_seconds()))
    finally:
        if mine:
            cache.delete(f"{key}:making")
    return made


def _stale(
    conference: Conference, kept: Stock | None, position: Position, now: datetime
) -> set[int] | None:
    """Return which pieces have changed since; None if all of them must be made."""
    if kept is None or not kept.position.precedes(position) or now - kept.at > _KEPT:
        return None
    changes = changes_since(conference, kept.position, then=kept.at, now=now)
    # Whose badge it was that is no more is not known: that is rare enough.
    if changes.everything or changes.lost:
        return None
    return {delegate // _PERSONS for delegate in changes.delegates}


def _made(
    conference: Conference,
    kept: Stock | None,
    stale: set[int] | None,
    *,
    position: Position,
    now: datetime,
) -> Stock:
    if kept is None or stale is None:
        return Stock(position=position, at=now, pieces=_pieces(conference, Q(), now))
    others = {number: piece for number, piece in kept.pieces.items() if number not in stale}
    neighbours = Q(pk__in=[])
    for number in stale:
        first = number * _PERSONS
        neighbours |= Q(delegate__gte=first, delegate__lt=first + _PERSONS)
    return Stock(position=position, at=now, pieces=others | _pieces(conference, neighbours, now))


def _pieces(conference: Conference, persons: Q, now: datetime) -> dict[int, Piece]:
    rows = sealed_rows(conference, persons, now=now)
    # A list's text without its brackets, as it stands in a longer one.
    return {
        number: Piece.of(compact_json([row for _delegate, row in neighbours])[1:-1])
        for number, neighbours in groupby(rows, key=lambda row: row[0] // _PERSONS)
    }
