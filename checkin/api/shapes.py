"""The shapes of requests, read strictly (CP1, sections 2 and 3); unknown members are ignored."""

import re
from collections.abc import Callable, Mapping
from typing import Any, cast
from uuid import UUID

from checkin.errors import EnvelopeInvalid
from checkin.messages import Code, Record

MOST_SCANS = 200
_LARGEST = 2**53 - 1
_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\Z")
_UUID7 = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}\Z")
_LOOKUP = re.compile(r"[0-9a-f]{32}\Z")
_ENROLMENT = re.compile(r"[A-Za-z0-9_-]{22}\Z")
#: What JSON can say and no database keeps: NUL, and halves of a character.
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
_CURSOR_LENGTH = 200
_CODES = frozenset(Code)

Check = Callable[[Any], bool]


class FieldInvalid(ValueError):
    """A member of a record is missing or not of its shape; the text names it."""


def _whole(value: Any) -> bool:
    return type(value) is int and 0 <= value <= _LARGEST


def _counting(value: Any) -> bool:
    return _whole(value) and value >= 1


def _matching(shape: re.Pattern[str]) -> Check:
    return lambda value: isinstance(value, str) and shape.match(value) is not None


def _one_of(*values: str) -> Check:
    return lambda value: isinstance(value, str) and value in values


def _text(longest: int) -> Check:
    return lambda value: (
        isinstance(value, str) and len(value) <= longest and not _UNSTORABLE.search(value)
    )


def _or_null(check: Check) -> Check:
    return lambda value: value is None or check(value)


def _anchor(value: Any) -> bool:
    return (
        isinstance(value, dict)
        and _whole(value.get("server_ms"))
        and _whole(value.get("mono_ms"))
        and _matching(_UUID)(value.get("boot_id"))
    )


def _override(value: Any) -> bool:
    return (
        isinstance(value, dict)
        and _whole(value.get("by"))
        and _text(32)(value.get("reason"))
        and _text(200)(value.get("note"))
        and isinstance(value.get("codes"), list)
        and all(each in _CODES for each in value["codes"] if isinstance(each, str))
        and all(isinstance(each, str) for each in value["codes"])
    )


_MEMBERS: Mapping[str, Check] = {
    "scan_id": _matching(_UUID7),
    "seq": _counting,
    "via": _one_of("qr", "desk"),
    "lookup": _or_null(_matching(_LOOKUP)),
    "unknown_hash": _or_null(_matching(_LOOKUP)),
    "gate": _whole,
    "zone": _whole,
    "direction": _one_of("in", "out"),
    "wall_ms": _whole,
    "boot_id": _matching(_UUID),
    "mono_ms": _whole,
    "anchor": _or_null(_anchor),
    "cursor": _or_null(_text(_CURSOR_LENGTH)),
    "offline": lambda value: isinstance(value, bool),
    "shown": _or_null(_one_of(*_CODES)),
    "override": _or_null(_override),
    "annuls": _or_null(_matching(_UUID)),
}
_ANCHOR_MEMBERS = ("server_ms", "mono_ms", "boot_id")
_OVERRIDE_MEMBERS = ("by", "reason", "note", "codes")


def record(value: Any) -> Record:
    """Return a scan record with the members that are known; raises FieldInvalid."""
    if not isinstance(value, dict):
        raise FieldInvalid("record")
    for name, check in _MEMBERS.items():
        if name not in value or not check(value[name]):
            raise FieldInvalid(name)
    known = {name: value[name] for name in _MEMBERS}
    if known["anchor"] is not None:
        known["anchor"] = {name: known["anchor"][name] for name in _ANCHOR_MEMBERS}
    if known["override"] is not None:
        known["override"] = {name: known["override"][name] for name in _OVERRIDE_MEMBERS}
    if (known["lookup"] is None) == (known["unknown_hash"] is None):
        raise FieldInvalid("lookup")
    if (known["override"] is None) == (known["shown"] == Code.OVERRIDE_ADMIT):
        raise FieldInvalid("override")
    if (known["annuls"] is None) == (known["shown"] == Code.ANNULLED):
        raise FieldInvalid("annuls")
    return cast("Record", known)


def plain_record(value: Any) -> Record:
    """Return a record as ``scan/`` takes it: online, with a lookup, not shown yet."""
    known = record(value)
    if known["lookup"] is None:
        raise FieldInvalid("lookup")
    for name in ("shown", "override", "annuls"):
        if cast("dict[str, Any]", known)[name] is not None:
            raise FieldInvalid(name)
    if known["offline"]:
        raise FieldInvalid("offline")
    return known


def told_record(value: Any) -> Record:
    """Return a record as ``scans/`` takes it: what the guard saw is never missing."""
    known = record(value)
    if known["shown"] is None:
        raise FieldInvalid("shown")
    return known


def scan_id_of(value: Any) -> str | None:
    """Return the id of a record that may be broken otherwise, None if it cannot be read."""
    scan_id = value.get("scan_id") if isinstance(value, dict) else None
    return scan_id if _matching(_UUID7)(scan_id) else None


def enrolment(body: Mapping[str, Any]) -> tuple[str, UUID, str]:
    """Return code, installation and version of a request to enrol; raises EnvelopeInvalid."""
    code, install_id, app = body.get("enrolment"), body.get("install_id"), body.get("app", "")
    if not (_matching(_ENROLMENT)(code) and _matching(_UUID)(install_id) and _text(20)(app)):
        raise EnvelopeInvalid
    return str(code), UUID(str(install_id)), str(app)


def batch(body: Mapping[str, Any]) -> list[Any]:
    """Return the records of an upload, unread; raises EnvelopeInvalid."""
    scans = body.get("scans")
    if not isinstance(scans, list):
        raise EnvelopeInvalid
    return scans


def life_signs(body: Mapping[str, Any]) -> dict[str, int]:
    """Return what an upload tells of the phone: ``queued``, ``battery``, ``wall_ms``, if given.

    Raises EnvelopeInvalid for a status that is no object or holds no numbers.
    """
    status = body.get("status")
    if status is None:
        return {}
    if not isinstance(status, dict):
        raise EnvelopeInvalid
    signs = {
        name: status[name]
        for name in ("queued", "battery", "wall_ms")
        if status.get(name) is not None
    }
    if not all(_whole(value) for value in signs.values()):
        raise EnvelopeInvalid
    return signs
