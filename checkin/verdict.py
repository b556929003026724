"""The verdict at the door (CP1, section 4): a pure function, the same here and on the phone.

Numbers in comments are the lines of section 4. ``static/checkin/verdict.js`` is its twin.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from checkin.effective_time import contains, period
from checkin.messages import Code, Direction, Entry, PresenceRow, Window, ZoneRules
from delegates.documents.badge_card import Card
from delegates.documents.badge_code import Read, Signature

Params = dict[str, str | int | None]
Reason = tuple[Code, Params]

ADMITTING: Final = frozenset(
    {Code.ADMIT, Code.EXIT_OK, Code.ADMIT_PROVISIONAL, Code.OVERRIDE_ADMIT}
)
OVERRIDABLE: Final = frozenset(
    {
        Code.REFER,
        Code.UNCONFIRMED,
        Code.NOT_YET,
        Code.EXPIRED,
        Code.WRONG_ZONE,
        Code.ALREADY_INSIDE,
    }
)

_NEAR_AN_EDGE_MS = 900_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """Somebody at a door: all that the verdict depends on.

    The defaults are the server's: it sees no QR code, and its own clock is certain. ``signature``
    is None if ``read`` is not ok; ``presence`` is that of the badge's person in this zone.
    """

    direction: Direction
    now: int
    zone: ZoneRules
    entry: Entry | None
    card: Card | None
    presence: PresenceRow | None
    read: Read = Read.OK
    signature: Signature | None = Signature.NONE
    qr_class: int | None = None
    uncertain: bool = False


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the guard is told: the strongest code, its parameters, the other codes beside it."""

    code: Code
    params: Params
    also: tuple[Code, ...] = ()

    @property
    def admit(self) -> bool:
        """Whether the person may pass."""
        return admits(self.code)

    def as_json(self) -> dict[str, object]:
        """Return the verdict as it goes over the wire."""
        return {
            "code": self.code.value,
            "admit": self.admit,
            "params": self.params,
            "also": [code.value for code in self.also],
        }


def admits(code: str) -> bool:
    """Return whether a code lets people pass; one that is not known does not."""
    return code in ADMITTING


def may_override(code: str) -> bool:
    """Return whether a supervisor may wave a refusal of this code through: lines 8 to 15."""
    return code in OVERRIDABLE


def judge(attempt: Attempt) -> Verdict:
    """Return the verdict: what is final, else the strongest of all reasons, else admission."""
    if final := _final(attempt):
        return Verdict(*final)
    reasons = list(_reasons(attempt))
    if not reasons:  # 16
        return Verdict(Code.ADMIT if attempt.entry else Code.ADMIT_PROVISIONAL, {})
    code, params = reasons[0]
    others = dict.fromkeys(other for other, _ in reasons if other != code)
    return Verdict(code, params, tuple(others))


def _final(attempt: Attempt) -> Reason | None:
    """Return what ends the matter at once, lines 1 to 7."""
    if attempt.read == Read.UNREADABLE:  # 1
        return Code.UNKNOWN, {"why": "unreadable"}
    if attempt.read == Read.WRONG_CONFERENCE:  # 2
        return Code.WRONG_CONFERENCE, {}
    if attempt.signature == Signature.INVALID:  # 3
        return Code.UNKNOWN, {"why": "signature"}
    if attempt.entry is None and attempt.signature != Signature.VALID:  # 4
        is_new_key = attempt.signature == Signature.UNKNOWN_KEY
        return Code.UNKNOWN, {"why": "unknown_key" if is_new_key else "not_found"}
    return _final_by_status(attempt.entry["status"] if attempt.entry else "ok", attempt.direction)


def _final_by_status(status: str, direction: Direction) -> Reason | None:
    """Return what a badge's status ends at once, lines 5 to 7."""
    if status == "revoked":  # 5
        return Code.REVOKED, {}
    if direction == "out":  # 6: nobody is held inside, the alert is silent
        return Code.EXIT_OK, {"alert": "blocked"} if status == "blocked" else {}
    return (Code.BLOCKED, {}) if status == "blocked" else None  # 7


def _reasons(attempt: Attempt) -> Iterator[Reason]:
    """Yield every reason against an entry, the strongest first, lines 8 to 15."""
    zone, entry = attempt.zone, attempt.entry
    card = attempt.card if entry else None
    if entry is None and attempt.qr_class not in zone["provisional"]:  # 8
        yield Code.REFER, {"why": "not_listed"}
    if entry and entry["status"] == "unconfirmed":  # 9
        yield Code.UNCONFIRMED, {}
    if entry and card is None:  # 10
        yield Code.REFER, {"why": "card"}
    if card is not None:
        yield from _outside([card.get("valid") or (None, None)], "badge", attempt)  # 11
        if card["class"] not in zone["open_to"] and zone["id"] not in card.get("zones", ()):  # 12
            yield Code.WRONG_ZONE, {}
    yield from _outside(zone["windows"], "zone", attempt)  # 13
    if card is not None:
        yield from _referred(card.get("flags", ()), zone)  # 14
    if attempt.presence is not None:
        yield from _repeated(attempt.presence, zone, attempt.now)  # 15


def _outside(
    windows: Sequence[Window], what: Literal["badge", "zone"], attempt: Attempt
) -> Iterator[Reason]:
    """Yield why ``now`` is in none of the windows, or too near to an edge to tell (W)."""
    now = attempt.now
    edges = [edge for window in windows for edge in window if edge is not None]
    if attempt.uncertain and any(abs(now - edge) < _NEAR_AN_EDGE_MS for edge in edges):
        yield Code.REFER, {"why": "time"}
    elif not edges or any(contains(window, now) for window in windows):
        return
    elif later := [start for start, _ in windows if start is not None and start > now]:
        yield Code.NOT_YET, {"what": what, "from_ms": min(later)}
    else:
        latest = max(until for _, until in windows if until is not None)
        yield Code.EXPIRED, {"what": what, "until_ms": latest}


def _referred(flags: Sequence[str], zone: ZoneRules) -> Iterator[Reason]:
    """Yield why the card sends its bearer to the desk."""
    if "desk" in flags:
        yield Code.REFER, {"why": "desk"}
    elif "escort" in flags and zone["escort"]:
        yield Code.REFER, {"why": "escort"}


def _repeated(presence: PresenceRow, zone: ZoneRules, now: int) -> Iterator[Reason]:
    """Yield why this entry would be a repeat in the zone's present period."""
    since_ms, resets = presence["in_ms"], zone["resets"]
    if since_ms is None or period(resets, since_ms) != period(resets, now):
        return
    told: Params = {"since_ms": since_ms, "gate": presence["gate"]}
    if zone["reentry"] == "never":
        yield Code.ALREADY_INSIDE, {"rule": "once", **told}
    elif zone["reentry"] == "after_exit" and presence["inside"]:
        yield Code.ALREADY_INSIDE, {"rule": "anti_passback", **told}
