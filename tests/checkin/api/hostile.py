"""What attackers send, and what the door must answer: by the page of the protocol alone."""

import gzip
import json
import re
import time

from checkin.models import Alert, Conflict, Presence, Scan, WalkIn
from delegates.models import Badge, Delegate

HEX = "0123456789abcdef"
UUID = re.compile(f"[{HEX}]{{8}}(-[{HEX}]{{4}}){{3}}-[{HEX}]{{12}}")
#: ``scans/quarantine/`` is for revoked phones and has tests of its own.
POSTS = ["scan/", "scans/", "walk-ins/", "enrolments/", "substitutions/", "badges/print/"]
GETS = ["snapshot/", "search/", "clock/", "board/"]
DEEP = 100_000

NOT_THE_SHAPE = {
    "nothing": b" ",
    "null": b"null",
    "a list": b"[]",
    "a number": b"1",
    "a text": b'"scans"',
    "a torn object": b'{"scans":[',
    "two objects": b'{"scans":[]} {"scans":[]}',
    "bytes that are no UTF-8": b'{"scans":[],"x":"\xff\xfe"}',
    "a byte order mark": '{"scans":[]}'.encode("utf-8-sig"),
    "UTF-16": '{"scans":[]}'.encode("utf-16"),
    "UTF-32": '{"scans":[]}'.encode("utf-32"),
    "not a number": b'{"scans":[NaN]}',
    "no end": b'{"scans":[Infinity]}',
    "digits without end": b'{"scans":[' + b"9" * 100_000 + b"]}",
    "a list in a list in a list": b"[" * DEEP + b"]" * DEEP,
    "an object in an object": b'{"scans":' * DEEP + b"1" + b"}" * DEEP,
    "quotes of another kind": b"{'scans':[]}",
    "zipped, and nobody says so": gzip.compress(b'{"scans":[]}'),
}


def stored():
    """Count whatever a request could leave behind."""
    kept = (Scan, Presence, Conflict, Alert, WalkIn, Delegate, Badge)
    return [model.objects.count() for model in kept]


def assert_refused(answer, *statuses):
    assert answer.status_code in statuses, (answer.status_code, answer.content[:300])
    body = json.loads(answer.content)
    assert set(body) == {"code", "detail"}
    assert all(isinstance(each, str) and each for each in body.values())
    assert_stamped(answer)


def assert_stamped(answer):
    assert abs(int(answer["CP1-Time"]) - time.time() * 1000) < 10_000
    assert answer["Cache-Control"] == "no-store"


LARGEST = 2**53 - 1
ODD = [
    None,
    True,
    False,
    -1,
    0,
    1,
    1.0,
    1.5,
    -0.0,
    1e300,
    LARGEST,
    LARGEST + 1,
    2**63,
    2**64,
    10**30,
    "",
    "0",
    "1",
    "in",
    "out",
    "IN",
    "qr",
    "desk",
    "admit",
    "override_admit",
    "annulled",
    "ADMIT",
    "x" * 200,
    "x" * 201,
    "\x00",
    "a\x00b",
    "\ud800",
    "𠮷" * 200,
    [],
    {},
    [1],
    {"by": 1},
    "0" * 32,
    "F" * 32,
    "f" * 31,
    "f" * 32 + "\n",
    "٣" * 32,
    "018b92b1-ae80-7000-8000-00000000002a",
    "018B92B1-AE80-7000-8000-00000000002A",
    "018b92b1-ae80-4000-8000-00000000002a",
    "018b92b1-ae80-7000-c000-00000000002a",
    "018b92b1ae8070008000-00000000002a",
    "{018b92b1-ae80-7000-8000-00000000002a}",
    "urn:uuid:018b92b1-ae80-7000-8000-00000000002a",
    "018b92b1-ae80-7000-8000-00000000002a\n",
    "018b92b1-ae80-7000-8000-0000000000２a",
    "00000000-0000-0000-0000-000000000000",
    {"server_ms": 1, "mono_ms": 1, "boot_id": "018b92b1-ae80-4000-8000-00000000002a"},
    {"server_ms": LARGEST, "mono_ms": 0, "boot_id": "018b92b1-ae80-4000-8000-00000000002a"},
    {"server_ms": True, "mono_ms": 1, "boot_id": "018b92b1-ae80-4000-8000-00000000002a"},
    {"server_ms": 1, "mono_ms": -1, "boot_id": "018b92b1-ae80-4000-8000-00000000002a"},
    {"server_ms": 1, "mono_ms": 1, "boot_id": None},
    {"server_ms": 1, "mono_ms": 1},
    {"by": 1, "reason": "x", "note": "", "codes": ["already_inside"]},
    {"by": 1, "reason": "x" * 33, "note": "", "codes": []},
    {"by": 1, "reason": "x", "note": "x" * 201, "codes": []},
    {"by": 1, "reason": "x", "note": "", "codes": [[]]},
    {"by": 1, "reason": "x", "note": "", "codes": "already_inside"},
    {"by": 1, "reason": "x", "note": "", "codes": ["x" * 25]},
    {"by": 1, "reason": "x", "note": "", "codes": ["already_inside"] * 51},
    {"by": 1, "reason": "x", "note": "", "codes": ["of_a_later_version"]},
    {"by": True, "reason": "x", "note": "\x00", "codes": []},
]
CODES = {
    "admit", "exit_ok", "admit_provisional", "already_inside", "wrong_zone", "not_yet", "expired",
    "unconfirmed", "revoked", "blocked", "wrong_conference", "unknown", "refer", "override_admit",
    "annulled",
}  # fmt: skip
NUMBERS = {"seq", "gate", "zone", "wall_ms", "mono_ms"}


def whole(value):
    return type(value) is int and 0 <= value <= LARGEST


def is_uuid(value):
    return isinstance(value, str) and UUID.fullmatch(value) is not None


def is_hex(value):
    return isinstance(value, str) and len(value) == 32 and set(value) <= set(HEX)


def is_text(value, longest):
    return (
        isinstance(value, str)
        and len(value) <= longest
        and "\x00" not in value
        and not any("\ud800" <= each <= "\udfff" for each in value)
    )


def is_anchor(value):
    return (
        isinstance(value, dict)
        and whole(value.get("server_ms"))
        and whole(value.get("mono_ms"))
        and is_uuid(value.get("boot_id"))
    )


def is_override(value):
    return (
        isinstance(value, dict)
        and whole(value.get("by"))
        and is_text(value.get("reason"), 32)
        and is_text(value.get("note"), 200)
        and isinstance(value.get("codes"), list)
        and len(value["codes"]) <= 50
        and all(is_text(each, 24) for each in value["codes"])
    )


def is_member(name, value):
    """Whether a member alone is of its shape, as section 3 tells it."""
    if name in NUMBERS:
        return whole(value) and (name != "seq" or value > 0)
    if name in {"scan_id", "boot_id"}:
        is_seven = name == "boot_id" or (
            is_uuid(value) and value[14] == "7" and value[19] in "89ab"
        )
        return is_uuid(value) and is_seven
    if name in {"lookup", "unknown_hash"}:
        return value is None or is_hex(value)
    if name == "offline":
        return isinstance(value, bool)
    checks = {
        "via": lambda: isinstance(value, str) and value in {"qr", "desk"},
        "direction": lambda: isinstance(value, str) and value in {"in", "out"},
        "anchor": lambda: value is None or is_anchor(value),
        "cursor": lambda: value is None or is_text(value, 200),
        "shown": lambda: isinstance(value, str) and value in CODES,
        "override": lambda: value is None or is_override(value),
        "annuls": lambda: value is None or is_uuid(value),
    }
    return checks[name]()


def is_record(record):
    return (
        all(is_member(name, value) for name, value in record.items())
        and (record["lookup"] is None) != (record["unknown_hash"] is None)
        and (record["override"] is not None) == (record["shown"] == "override_admit")
        and (record["annuls"] is not None) == (record["shown"] == "annulled")
        and whole(instant_of(record))
    )


def instant_of(record):
    """Section 3, "effective time"; it goes to every phone and is an integer like all others."""
    anchor = record["anchor"]
    if anchor and anchor["boot_id"] == record["boot_id"]:
        return anchor["server_ms"] + record["mono_ms"] - anchor["mono_ms"]
    return max(record["wall_ms"], anchor["server_ms"] if anchor else 0)


MEMBERS = [
    "scan_id", "seq", "via", "lookup", "unknown_hash", "gate", "zone", "direction", "wall_ms",
    "boot_id", "mono_ms", "anchor", "cursor", "offline", "shown", "override", "annuls",
]  # fmt: skip
