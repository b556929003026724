"""The shapes of requests, read strictly (CP1, sections 2 and 3); unknown members are ignored."""

import re
from collections.abc import Callable, Mapping
from typing import Any, cast
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from checkin.effective_time import effective_time
from checkin.errors import EnvelopeInvalid
from checkin.messages import Code, Record
from checkin.operations.walking_in import Entry, Typed
from delegates.documents.badge import Medium, Paper
from delegates.operations.typed_text import visible

MOST_SCANS = 200
_LARGEST = 2**53 - 1
_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\Z")
_UUID7 = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}\Z")
_LOOKUP = re.compile(r"[0-9a-f]{32}\Z")
_ENROLMENT = re.compile(r"[A-Za-z0-9_-]{22}\Z")
#: What JSON can say and no database keeps: NUL, and halves of a character.
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
_CURSOR_LENGTH = 200
_NAME_LENGTH = 120
_NATIVE_LENGTH = 100
_TITLE_LENGTH = 200
# Of a reason that was waved through, and how many: what the server itself stores, with room.
_CODE_LENGTH = 24
_MOST_CODES = 50
_CODES = frozenset(Code)

Check = Callable[[Any], bool]


class FieldInvalid(ValueError):
    """A member of a record is missing or not of its shape; the text names it."""


def _whole(value: Any) -> bool:
    return type(value) is int and 0 <= value <= _LARGEST


def _flag(value: Any) -> bool:
    return isinstance(value, bool)


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
        and len(value["codes"]) <= _MOST_CODES
        # A phone may know reasons of a later version than the server does: the entry happened.
        and all(_text(_CODE_LENGTH)(each) for each in value["codes"])
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
    # Presence tells it to every phone, so it must be an instant that can be written as one.
    if not _whole(effective_time(cast("Record", known)).t_ms):
        raise FieldInvalid("anchor")
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


def walk_in(body: Mapping[str, Any]) -> tuple[UUID, Entry]:
    """Return id and content of a walk-in; raises EnvelopeInvalid, which names the member."""
    walk_in_id, delegation = body.get("walk_in_id"), body.get("delegation")
    _expect(_matching(_UUID7)(walk_in_id), "walk_in_id")
    _expect(_or_null(_whole)(delegation), "delegation")
    _expect(_counting(body.get("class")), "class")
    person = _typed(body)
    entry = Entry(
        name=person.name,
        native_name=person.native_name,
        title=person.title,
        delegation=delegation,
        badge_class=body["class"],
    )
    return UUID(str(walk_in_id)), entry


def substitution(body: Mapping[str, Any]) -> tuple[str, Typed]:
    """Return whose place it is, by lookup, and who comes; raises EnvelopeInvalid."""
    return lookup(body), _typed(body)


def printing(body: Mapping[str, Any]) -> tuple[str, Paper, Medium]:
    """Return the lookup of the badge, the paper and what it comes as; raises EnvelopeInvalid."""
    medium = body.get("medium", Medium.PDF)
    _expect(_one_of(*Paper)(body.get("format")), "format")
    _expect(_one_of(*Medium)(medium), "medium")
    return lookup(body), Paper(body["format"]), Medium(medium)


def lookup(body: Mapping[str, Any]) -> str:
    """Return the lookup that a request names; raises EnvelopeInvalid."""
    _expect(_matching(_LOOKUP)(body.get("lookup")), "lookup")
    return str(body["lookup"])


def _typed(body: Mapping[str, Any]) -> Typed:
    """Return a person as typed; the name in the own script and the title may be left out."""
    name, native, title = body.get("name"), body.get("native_name", ""), body.get("title", {})
    _expect(_text(_NAME_LENGTH)(name), "name")
    _expect(_text(_NATIVE_LENGTH)(native), "native_name")
    _expect(isinstance(title, dict), "title")
    titles = {language: title.get(language, "") for language in ("en", "zh")}
    _expect(all(_text(_TITLE_LENGTH)(each) for each in titles.values()), "title")
    seen = visible(str(name))
    _expect(any(letter.isalnum() for letter in seen), "name")
    return Typed(
        name=seen,
        native_name=visible(str(native)),
        title={language: visible(each) for language, each in titles.items()},
    )


def _expect(fits: bool, member: str) -> None:  # noqa: FBT001 - reads as a sentence
    if not fits:
        raise EnvelopeInvalid(_("“%(member)s” is missing or not valid."), member=member)


def batch(body: Mapping[str, Any]) -> list[Any]:
    """Return the records of an upload, unread; raises EnvelopeInvalid."""
    scans = body.get("scans")
    if not isinstance(scans, list):
        raise EnvelopeInvalid
    return scans


_SIGNS: Mapping[str, Check] = {
    "queued": _whole,
    "battery": _whole,
    "on_shift": _flag,
    "wall_ms": _whole,
    "cursor": _text(_CURSOR_LENGTH),
    "app": _text(20),
}


def life_signs(body: Mapping[str, Any]) -> dict[str, Any]:
    """Return what an upload tells of the phone, as far as it does.

    That is ``queued``, ``battery``, ``on_shift``, ``wall_ms``, ``cursor`` and ``app``. Raises
    EnvelopeInvalid for a status that is no object or holds something else there.
    """
    status = body.get("status")
    if status is None:
        return {}
    if not isinstance(status, dict):
        raise EnvelopeInvalid
    signs = {name: status[name] for name in _SIGNS if status.get(name) is not None}
    if not all(_SIGNS[name](value) for name, value in signs.items()):
        raise EnvelopeInvalid
    return signs
