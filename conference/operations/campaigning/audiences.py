"""Audiences of mailings: who they are and how they are narrowed. The apps above fill the register.

An audience is looked up when its letters are made, so that what the screen showed as names is the
list of that moment and not of the day on which it was written.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db.models import Case, QuerySet, When
from django.utils.functional import Promise

from conference.models import Campaign, Conference, Language, Message
from conference.operations.mailing import Letter

Words = str | Promise
#: The purpose of letters of mailings; a kind may have one of its own.
PURPOSE: Final = "mailing"
#: Under this name the numbers of those who were ticked by hand stand in ``Campaign.narrowed``.
CHOSEN: Final = "chosen"


@dataclass(frozen=True, kw_only=True)
class Addressee:
    """One recipient: whose letter it is ("delegate:12"), the name, the address, the language.

    ``other_name`` is the name in the other script, for readers who do not read the first.
    """

    whose: str
    name: str
    other_name: str = ""
    email: str
    language: str

    @property
    def language_name(self) -> str:
        """The language in its own words."""
        return str(Language(self.language).label)

    def is_called(self, wanted: str) -> bool:
        """Tell whether ``wanted`` is a part of either name, or of the address."""
        words = wanted.casefold()
        return any(words in each.casefold() for each in (self.name, self.other_name, self.email))


@dataclass(frozen=True, kw_only=True)
class Narrowing:
    """One way to narrow an audience: any of the chosen values, together with all other ways.

    ``narrow`` must not return anybody twice: it asks by subqueries, not by joins. Of no value it
    is not asked.
    """

    code: str
    label: Words
    choices: Callable[[Conference], Sequence[tuple[str, Words]]]
    narrow: Callable[[QuerySet[Any], Sequence[str]], QuerySet[Any]]


def _nothing(*_given: Any) -> None:
    """Say and do nothing, as most kinds do."""


@dataclass(frozen=True, kw_only=True)
class Beside:
    """What stands beside a letter in the list of its mailing: what it is about, and its state."""

    words: str
    url: str
    state: str
    label: str


@dataclass(frozen=True, kw_only=True)
class ByHand:
    """What is particular to letters whose recipients are ticked by hand, such as invitations.

    ``still`` narrows those who were ticked to those whom the letter has not reached, ``refuse``
    raises a DomainError where it may not leave at that time, ``released`` is told which letters
    were cancelled before they left, ``beside`` tells of letters what they are about. ``page``
    names where recipients are ticked, ``pages`` where all such letters are listed, under the
    word ``listed``.
    """

    page: str
    pages: str
    listed: Words
    still: Callable[[Campaign, QuerySet[Any]], QuerySet[Any]]
    refuse: Callable[[Campaign, datetime], None] = _nothing
    released: Callable[[Campaign, Sequence[int]], None] = _nothing
    beside: Callable[[Sequence[Message]], Mapping[int, Beside]]


@dataclass(frozen=True, kw_only=True)
class Kind:
    """A kind of audience. ``write`` makes letters with personal links, ``preview`` without.

    ``layout`` returns a preview as the text and the HTML of its mail. ``lacks`` tells in a sentence
    what a text must not lack, ``first_words`` gives the texts that a new one begins with.
    """

    code: str
    label: Words
    everybody: Callable[[Conference], QuerySet[Any]]
    addressee: Callable[[Any], Addressee]
    placeholders: Mapping[str, Words]
    write: Callable[[Campaign, Sequence[Any], datetime], list[Letter]]
    preview: Callable[[Campaign, Any, str], Any]
    layout: Callable[[Any, Conference], tuple[str, str]]
    purpose: str = PURPOSE
    lacks: Callable[[str], Words] = lambda _text: ""
    first_words: Callable[[], Mapping[str, str]] = dict
    by_hand: ByHand | None = None

    @property
    def narrowings(self) -> dict[str, Narrowing]:
        """The ways to narrow it, by their codes, whichever app offers them."""
        return _ways[self.code]


_kinds: dict[str, Kind] = {}
_ways: defaultdict[str, dict[str, Narrowing]] = defaultdict(dict)


def register(kind: Kind) -> None:
    """Offer a kind of audience."""
    _kinds[kind.code] = kind


def narrow_by(*, kind: str, way: Narrowing) -> None:
    """Offer one more way to narrow audiences of this kind."""
    _ways[kind][way.code] = way


def kinds() -> list[Kind]:
    """Return the kinds of audience that are looked up, in the order in which they were offered."""
    return [kind for kind in _kinds.values() if kind.by_hand is None]


def all_kinds() -> dict[str, Kind]:
    """Return every kind by its code, those ticked by hand too."""
    return dict(_kinds)


def kind_of(campaign: Campaign) -> Kind:
    """Return the kind of this mailing's audience; KeyError for a mailing without one."""
    return _kinds[campaign.audience]


def members(campaign: Campaign) -> QuerySet[Any]:
    """Return whom this mailing is for as things stand, by number, each once."""
    kind = kind_of(campaign)
    found = kind.everybody(campaign.conference)
    if kind.by_hand is not None:
        return found.filter(pk__in=campaign.narrowed.get(CHOSEN, ())).order_by("pk")
    for code, chosen in campaign.narrowed.items():
        way = kind.narrowings.get(code)
        # What nobody knows any more must not widen an audience.
        found = way.narrow(found, chosen) if way and chosen else found.none()
    return found.order_by("pk")


def samples(campaign: Campaign) -> QuerySet[Any]:
    """Return as whom this mailing can be seen: its audience, or anybody who can be ticked.

    Those who are ticked stand first, and first of all whom the letter can still go to.
    """
    kind = kind_of(campaign)
    if kind.by_hand is None:
        return members(campaign)
    everybody = kind.everybody(campaign.conference)
    if not (ticked := campaign.narrowed.get(CHOSEN)):
        return everybody.order_by("pk")
    still = list(kind.by_hand.still(campaign, members(campaign)).values_list("pk", flat=True))
    order = Case(When(pk__in=still, then=0), When(pk__in=ticked, then=1), default=2)
    return everybody.order_by(order, "pk")


def checked(
    kind: Kind, conference: Conference, asked: Mapping[str, Sequence[str]]
) -> dict[str, Any]:
    """Return what was asked for as it is kept: known ways and known values only.

    Where none of the values asked for is known any more, the way narrows to nobody: what is gone
    must not widen an audience.
    """
    kept: dict[str, Any] = {}
    for code, way in kind.narrowings.items():
        if wanted := set(asked.get(code, ())):
            known = (str(value) for value, _label in way.choices(conference))
            kept[code] = [value for value in known if value in wanted]
    return kept


def in_words(campaign: Campaign) -> list[tuple[str, list[str]]]:
    """Return how the audience is narrowed: each way with the values chosen, in words."""
    kind = kind_of(campaign)
    told: list[tuple[str, list[str]]] = []
    if kind.by_hand is not None:
        return told
    for code, chosen in campaign.narrowed.items():
        way = kind.narrowings.get(code)
        if way is None:
            told.append((code, list(chosen)))
            continue
        words = {str(value): str(label) for value, label in way.choices(campaign.conference)}
        told.append((str(way.label), [words.get(value, value) for value in chosen]))
    return told
