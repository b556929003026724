"""Section 4: the verdict, from what is known at the door and nothing else."""

from collections.abc import Iterator, Sequence

from docs.cp1_client.badge import Json

ADMITTING = {"admit", "exit_ok", "admit_provisional", "override_admit"}
OVERRIDABLE = {"refer", "unconfirmed", "not_yet", "expired", "wrong_zone", "already_inside"}

# So near to the edge of a window, a time that is uncertain decides nothing.
EDGE_MS = 15 * 60 * 1000

Window = Sequence[int | None]
Reason = tuple[str, Json]


def judge(
    *,
    read: str,
    signature: str | None,
    qr_class: int | None,
    direction: str,
    now: int,
    uncertain: bool,
    entry: Json | None,
    card: Json | None,
    presence: Json | None,
    zone: Json,
) -> Json:
    """Say whether somebody may pass, and why not."""
    final = _final(read, signature, direction, entry)
    if final:
        return _verdict(*final, also=[])
    reasons = [
        *_listing(entry, card, qr_class, zone),
        *_rights(card if entry else None, zone, now, uncertain=uncertain),
        *_repeat(presence, zone, now),
    ]
    if not reasons:
        return _verdict("admit" if entry else "admit_provisional", {}, also=[])
    code, params = reasons[0]
    others = dict.fromkeys(other for other, _ in reasons if other != code)
    return _verdict(code, params, also=list(others))


def _verdict(code: str, params: Json, *, also: list[str]) -> Json:
    return {"code": code, "admit": code in ADMITTING, "params": params, "also": also}


def _final(  # noqa: PLR0911  (one line of the page each)
    read: str, signature: str | None, direction: str, entry: Json | None
) -> Reason | None:
    if read == "unreadable":
        return "unknown", {"why": "unreadable"}
    if read == "wrong_conference":
        return "wrong_conference", {}
    if signature == "invalid":
        return "unknown", {"why": "signature"}
    if entry is None and signature != "valid":
        return "unknown", {"why": "unknown_key" if signature == "unknown_key" else "not_found"}
    status = entry["status"] if entry else None
    if status == "revoked":
        return "revoked", {}
    if direction == "out":
        return "exit_ok", {"alert": "blocked"} if status == "blocked" else {}
    return ("blocked", {}) if status == "blocked" else None


def _listing(
    entry: Json | None, card: Json | None, qr_class: int | None, zone: Json
) -> Iterator[Reason]:
    if entry is None:
        if qr_class not in zone["provisional"]:
            yield "refer", {"why": "not_listed"}
        return
    if entry["status"] == "unconfirmed":
        yield "unconfirmed", {}
    if card is None:
        yield "refer", {"why": "card"}


def _rights(card: Json | None, zone: Json, now: int, *, uncertain: bool) -> Iterator[Reason]:
    if card:
        yield from _when([card.get("valid") or (None, None)], "badge", now, uncertain=uncertain)
        if card["class"] not in zone["open_to"] and zone["id"] not in (card.get("zones") or ()):
            yield "wrong_zone", {}
    yield from _when(zone["windows"], "zone", now, uncertain=uncertain)
    flags = (card.get("flags") or ()) if card else ()
    if "desk" in flags:
        yield "refer", {"why": "desk"}
    elif "escort" in flags and zone["escort"]:
        yield "refer", {"why": "escort"}


def _when(windows: Sequence[Window], what: str, now: int, *, uncertain: bool) -> Iterator[Reason]:
    edges = [edge for window in windows for edge in window if edge is not None]
    if not edges:
        return
    if uncertain and any(abs(now - edge) < EDGE_MS for edge in edges):
        yield "refer", {"why": "time"}
        return
    if any(_contains(window, now) for window in windows):
        return
    later = [start for start, _ in windows if start is not None and start > now]
    if later:
        yield "not_yet", {"what": what, "from_ms": min(later)}
    else:
        ends = [end for _, end in windows if end is not None]
        yield "expired", {"what": what, "until_ms": max(ends)}


def _contains(window: Window, now: int) -> bool:
    start, end = window
    return (start is None or start <= now) and (end is None or now < end)


def _repeat(presence: Json | None, zone: Json, now: int) -> Iterator[Reason]:
    if presence is None or presence["in_ms"] is None:
        return
    if period(zone["resets"], presence["in_ms"]) != period(zone["resets"], now):
        return
    params = {"since_ms": presence["in_ms"], "gate": presence["gate"]}
    if zone["reentry"] == "never":
        yield "already_inside", {"rule": "once", **params}
    elif zone["reentry"] == "after_exit" and presence["inside"]:
        yield "already_inside", {"rule": "anti_passback", **params}


def period(resets: Sequence[int], at: int) -> int:
    """Give the reset that began the period of an instant, 0 before the first."""
    return max((reset for reset in resets if reset <= at), default=0)
