"""Which delegation a text in a list means."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from conference.models import Conference
from delegates.models import Delegation
from delegates.operations.importing.cells import fold, key_of, one_line
from delegates.operations.importing.findings import Finding, finding

_COUNT = re.compile(r"[(（\[]?\s*\d+\s*(?:人|persons?|people|pax)?\s*[)）\]]?\s*$", re.IGNORECASE)
_WORDS = re.compile(
    r"\b(?:the|delegation|delegates|state|province|city|of|from|municipality|autonomous|region|"
    r"people's republic|china|usa|u\.?s\.?a?)\b|代表团|代表|[：:]",
    re.IGNORECASE,
)
_ENDINGS = re.compile(r"(?:省|市|州|自治区|壮族自治区|回族自治区|维吾尔自治区|特别行政区)$")
_BAND = re.compile(r"delegation|代表团|访问团|[(（]\s*\d+\s*人?\s*[)）]", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Parties:
    """The delegations of a conference by all the names that a list may call them."""

    by_key: dict[str, tuple[Delegation, ...]]
    by_pk: dict[int, Delegation]

    def find(self, text: str, column: str) -> tuple[Delegation | None, list[Finding]]:
        """Return the delegation that is meant, or None with the reason."""
        for key in _keys(text):
            matches = self.by_key.get(key, ())
            if len(matches) == 1:
                return matches[0], []
            if matches:
                names = ", ".join(str(match) for match in matches)
                return None, [finding("several_delegations", column, text=text, names=names)]
        return None, [finding("unknown_delegation", column, text=text)]

    def band(self, text: str) -> tuple[Delegation | None, bool]:
        """Return the delegation that a lone text announces, and whether it announces one."""
        delegation, _findings = self.find(text, "")
        return delegation, delegation is not None or _BAND.search(text) is not None


def parties_of(conference: Conference) -> Parties:
    """Return the delegations of this conference, ready to be found."""
    by_key: dict[str, tuple[Delegation, ...]] = {}
    delegations = conference.delegations.select_related("locality", "organisation")
    for delegation in delegations:
        # The full names win over the short ones: New York the state, not the city.
        for key in {key for name in _names(delegation) for key in _keys(name)}:
            by_key[key] = (*by_key.get(key, ()), delegation)
    for delegation in delegations:
        for name in (delegation.name_en, delegation.name_zh):
            exact = [other for other in delegations if name in (other.name_en, other.name_zh)]
            if name and exact == [delegation]:
                by_key[key_of(name)] = (delegation,)
    return Parties(by_key, {delegation.pk: delegation for delegation in delegations})


def _names(delegation: Delegation) -> Iterable[str]:
    yield from (delegation.name_en, delegation.name_zh)
    if place := delegation.locality:
        yield from (place.name_en, place.name_zh, place.code, place.code.rpartition("-")[2])
    if body := delegation.organisation:
        yield from (body.name_en, body.name_zh, body.abbreviation)


def _keys(text: str) -> list[str]:
    """Return the keys of a name, the fullest first."""
    whole = _COUNT.sub("", one_line(fold(text))).strip()
    bare = one_line(_WORDS.sub(" ", whole))
    keys = [key_of(whole), key_of(bare), key_of(_ENDINGS.sub("", bare))]
    chinese = re.sub(r"[\x00-\x7f]", "", bare).strip()
    if chinese and chinese != bare:
        latin = re.sub(r"[^\x00-\x7f]", " ", bare)
        keys += [key_of(chinese), key_of(latin), key_of(_ENDINGS.sub("", chinese))]
    # A code such as JS or CA is a name only when it is written as one.
    return [key for key in dict.fromkeys(keys) if key]
