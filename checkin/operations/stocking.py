"""What whole snapshots are made of, kept zipped between phones.

It is kept in pieces of neighbouring persons, with the position from which they were read. Whoever
needs them asks what has changed since, and only those pieces are made anew; whatever the cache has
lost is made again.
"""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from hashlib import sha256
from itertools import groupby
from typing import Any, Final

from django.core.cache import cache
from django.db.models import Q

from checkin.operations.changing import Position, present_position
from checkin.operations.packing import Piece, compact_json
from conference.models import Conference
from delegates.models import CredentialAuthority

#: Told anew whenever rows or pieces take another form.
_FORM: Final = 2
_PERSONS: Final = 256
_KEPT: Final = timedelta(hours=24)
#: Who finds somebody else at work on the same pieces waits this long for them, then makes them.
_PATIENCE_S: Final = 10.0
_LOOK_S: Final = 0.05
_MOST_AT_HAND: Final = 8

_at_work = threading.Lock()


@dataclass(frozen=True, kw_only=True)
class Stock:
    """Pieces by number of neighbourhood, as they were when read from ``position``."""

    position: Position
    at: datetime
    pieces: dict[int, Piece]

    @cached_property
    def members(self) -> Piece:
        """All of them in order, with the commas between; put together once in a process."""
        comma = Piece.of(b",")
        row = [piece for _number, piece in sorted(self.pieces.items())]
        return Piece.joined([each for piece in row for each in (comma, piece)][1:])


_at_hand: "OrderedDict[str, Stock]" = OrderedDict()

#: Tells whose rows may have changed since a stock was read; None if all may have.
Stale = Callable[[Stock], Iterable[int] | None]
#: Reads the rows of the persons asked for, each after its delegate's number, in their order.
Read = Callable[[Q], Iterator[tuple[int, dict[str, Any]]]]


def key_of(conference: Conference, kind: str = "badges") -> str:
    """Return where in the cache a stock is.

    It names the conference by its secret too: in another database with this number it is another
    conference, and with another secret all badges are others.
    """
    secrets = CredentialAuthority.objects.filter(conference=conference).values_list("secret")
    named = b"".join(bytes(secret) for (secret,) in secrets)
    return f"checkin:{kind}:{_FORM}:{conference.pk}:{sha256(named).hexdigest()[:16]}"


def stock(key: str, *, stale: Stale, read: Read, now: datetime) -> Stock:
    """Return the rows as they stand; two who ask at once make them once."""
    until = time.monotonic() + _PATIENCE_S
    while True:
        position = present_position()
        kept = _at_hand.get(key)
        changed = _changed(kept, stale, position, now)
        if changed is None or changed:
            kept = cache.get(key)
            changed = _changed(kept, stale, position, now)
        if kept is not None and changed is not None and not changed:
            _keep_at_hand(key, kept)
            return kept
        mine = cache.add(f"{key}:making", 1, timeout=round(_PATIENCE_S))
        if mine or time.monotonic() >= until:
            break
        time.sleep(_LOOK_S)
    try:
        pieces = _made(kept, changed, read)
        made = Stock(position=position, at=now, pieces=pieces)
        cache.set(key, made, timeout=round(_KEPT.total_seconds()))
        _keep_at_hand(key, made)
    finally:
        if mine:
            cache.delete(f"{key}:making")
    return made


def _keep_at_hand(key: str, stock: Stock) -> None:
    """Keep a stock in this process: megabytes from the cache take longer than to ask of them."""
    with _at_work:
        _at_hand[key] = stock
        _at_hand.move_to_end(key)
        while len(_at_hand) > _MOST_AT_HAND:
            _at_hand.popitem(last=False)


def _changed(
    kept: Stock | None, stale: Stale, position: Position, now: datetime
) -> set[int] | None:
    """Return which neighbourhoods have changed since; None if all of them must be made."""
    if kept is None or not kept.position.precedes(position) or now - kept.at > _KEPT:
        return None
    persons = stale(kept)
    return None if persons is None else {person // _PERSONS for person in persons}


def _made(kept: Stock | None, changed: set[int] | None, read: Read) -> dict[int, Piece]:
    if kept is None or changed is None:
        return _pieces(read(Q()))
    others = {number: piece for number, piece in kept.pieces.items() if number not in changed}
    neighbours = Q(pk__in=[])
    for number in changed:
        first = number * _PERSONS
        neighbours |= Q(delegate__gte=first, delegate__lt=first + _PERSONS)
    return others | _pieces(read(neighbours))


def _pieces(rows: Iterator[tuple[int, dict[str, Any]]]) -> dict[int, Piece]:
    # A list's text without its brackets, as it stands in a longer one.
    return {
        number: Piece.of(compact_json([row for _delegate, row in neighbours])[1:-1])
        for number, neighbours in groupby(rows, key=lambda row: row[0] // _PERSONS)
    }
