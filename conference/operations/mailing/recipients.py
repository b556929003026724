"""Whose letters: the apps above say who stands behind a name such as ``delegate:12``."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise

from conference.models import Conference


@dataclass(frozen=True, kw_only=True)
class OtherWay:
    """One other way to a recipient: where it leads, since when, and how and when it was ended."""

    channel: str | Promise
    target: str
    since: datetime | None
    until: datetime | None = None
    ended: str | Promise = ""


@dataclass(frozen=True, kw_only=True)
class Recipient:
    """Somebody who is written to, with the page about them and the page about their letters."""

    whose: str
    name: str
    email: str
    url: str
    letters_url: str
    #: The other ways to them, such as a phone: what they allowed and what they stopped.
    ways: tuple[OtherWay, ...] = ()


#: Returns this conference's recipient with this number, or None.
Find = Callable[[Conference, int], Recipient | None]
_finders: dict[str, Find] = {}


def find_recipients(*, kind: str, find: Find) -> None:
    """Register who knows the recipients whose names begin with this kind."""
    _finders[kind] = find


def recipient(*, conference: Conference, whose: str) -> Recipient | None:
    """Return who this name stands for at the conference; None for nobody that is known."""
    kind, _colon, number = whose.partition(":")
    find = _finders.get(kind)
    return find(conference, int(number)) if find and number.isdecimal() else None
