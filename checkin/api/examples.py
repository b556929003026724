"""How the messages of CP1 look, for the OpenAPI description."""

from typing import Any

from drf_spectacular.utils import OpenApiExample

_INTEGER = {"type": "integer"}
_MS = {"type": "integer", "description": "Milliseconds since the Unix epoch, UTC."}
STRING = {"type": "string"}
UUID = {"type": "string", "format": "uuid"}
HEX = {"type": "string", "pattern": "^[0-9a-f]{32}$"}
WORDS = {"type": "object", "properties": {"en": STRING, "zh": STRING}}


def nullable(schema: dict[str, Any]) -> dict[str, Any]:
    """Return the schema of a value that may be null."""
    return {**schema, "nullable": True}


def _list(items: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": items}


def required(**properties: dict[str, Any]) -> dict[str, Any]:
    """Return the schema of an object in which all these members stand."""
    return {"type": "object", "properties": properties, "required": list(properties)}


def with_optional(schema: dict[str, Any], **properties: dict[str, Any]) -> dict[str, Any]:
    """Return the schema of an object in which these members may stand as well."""
    return schema | {"properties": schema["properties"] | properties}


def as_json(schema: dict[str, Any]) -> dict[str, Any]:
    """Return a body of JSON."""
    return {"application/json": schema}


_RECORD = {
    **required(
        scan_id={**UUID, "description": "UUIDv7, made by the phone: the scan's identity."},
        seq={**_INTEGER, "minimum": 1},
        via={"type": "string", "enum": ["qr", "desk"]},
        lookup=nullable(HEX),
        unknown_hash=nullable(HEX),
        gate=_INTEGER,
        zone=_INTEGER,
        direction={"type": "string", "enum": ["in", "out"]},
        wall_ms=_MS,
        boot_id=UUID,
        mono_ms=_INTEGER,
        anchor=nullable(required(server_ms=_MS, mono_ms=_INTEGER, boot_id=UUID)),
        cursor=nullable(STRING),
        offline={"type": "boolean"},
        shown=nullable(STRING),
        override=nullable(required(by=_INTEGER, reason=STRING, note=STRING, codes=_list(STRING))),
        annuls=nullable(UUID),
    ),
    "description": "A scan record; all members are required.",
}
_VERDICT = required(
    code=STRING, admit={"type": "boolean"}, params={"type": "object"}, also=_list(STRING)
)
BADGE = required(lookup=HEX, status=STRING, card=nullable(STRING))

ENROLMENT = as_json(required(enrolment=STRING, install_id=UUID, app=STRING))
ENROLLED = required(
    device=required(
        id=UUID,
        name=STRING,
        gate=_INTEGER,
        zones=_list(_INTEGER),
        capabilities=_list(STRING),
        valid_until_ms=_MS,
    ),
    token=STRING,
    conference=required(id=_INTEGER, name=WORDS, tz=STRING),
)
SCAN = as_json(required(scan=_RECORD, want_card={"type": "boolean"}))
JUDGED = required(
    scan_id=UUID,
    result={"type": "string", "enum": ["stored", "duplicate"]},
    verdict=_VERDICT,
    badge=nullable(BADGE),
)
BATCH = as_json(
    {
        "type": "object",
        "required": ["scans"],
        "properties": {
            "scans": {**_list(_RECORD), "maxItems": 200},
            "status": {
                "type": "object",
                "properties": {
                    "queued": _INTEGER,
                    "on_shift": {"type": "boolean"},
                    "battery": _INTEGER,
                    "wall_ms": _MS,
                    "cursor": STRING,
                    "app": STRING,
                },
            },
        },
    }
)
HELD = required(
    results=_list(
        {
            "type": "object",
            "required": ["scan_id", "result"],
            "properties": {
                "scan_id": nullable(UUID),
                "result": {"type": "string", "enum": ["quarantined", "duplicate", "invalid"]},
                "code": STRING,
                "detail": STRING,
            },
        }
    )
)
RESULTS = required(
    results=_list(
        {
            "type": "object",
            "required": ["scan_id", "result"],
            "properties": {
                "scan_id": nullable(UUID),
                "result": {"type": "string", "enum": ["stored", "duplicate", "invalid"]},
                "verdict": nullable(STRING),
                "alerts": _list(STRING),
                "code": STRING,
                "detail": STRING,
            },
        }
    )
)
_DEVICE = required(
    name=STRING,
    gate=_INTEGER,
    zones=_list(_INTEGER),
    capabilities=_list(STRING),
    valid_until_ms=_MS,
)
_ZONE = required(
    id=_INTEGER,
    name=WORDS,
    open_to=_list(_INTEGER),
    windows=_list(_list(nullable(_MS))),
    reentry={"type": "string", "enum": ["after_exit", "never", "free"]},
    resets=_list(_MS),
    provisional=_list(_INTEGER),
    escort={"type": "boolean"},
)
SNAPSHOT = {
    "type": "object",
    "required": ["full", "cursor", "lease_ms", "poll_s", "badges", "gone", "presence"],
    "properties": {
        "full": {"type": "boolean"},
        "cursor": STRING,
        "lease_ms": _INTEGER,
        "poll_s": _INTEGER,
        "rules": with_optional(
            required(
                keys=_list(required(key_id=_INTEGER, point=STRING)),
                device=_DEVICE,
                classes=_list(
                    required(id=_INTEGER, code=STRING, name=WORDS, walk_ins={"type": "boolean"})
                ),
                zones=_list(_ZONE),
                gates=_list(required(id=_INTEGER, name=WORDS, zones=_list(_INTEGER))),
                delegations=_list(required(id=_INTEGER, name=WORDS)),
                texts={"type": "object"},
                reasons=_list(required(code=STRING, name=WORDS)),
            ),
            supervisors={
                "description": "For devices that may override.",
                **_list(
                    required(
                        id=_INTEGER,
                        name=STRING,
                        pin=required(salt=STRING, rounds=_INTEGER, hash=STRING),
                    )
                ),
            },
        ),
        "badges": _list(BADGE),
        "gone": _list(HEX),
        "presence": _list(
            required(
                lookup=HEX,
                zone=_INTEGER,
                inside={"type": "boolean"},
                in_ms=nullable(_MS),
                in_scan=nullable(UUID),
                gate=nullable(_INTEGER),
                at_ms=nullable(_MS),
                at_scan=nullable(UUID),
            )
        ),
    },
}
FOUND = required(
    results=_list(
        required(
            lookup=HEX,
            name=STRING,
            native_name=STRING,
            delegation=_INTEGER,
            title=WORDS,
            **{"class": _INTEGER},
            status=STRING,
            inside=_list(_INTEGER),
        )
    ),
    more={"type": "boolean"},
)
CLOCK = required(server_ms=_MS)
BOARD = required(
    as_of_ms=_MS,
    expected=_INTEGER,
    arrived=_INTEGER,
    inside=_INTEGER,
    unidentified=_INTEGER,
    zones=_list(required(zone=_INTEGER, arrived=_INTEGER, inside=_INTEGER, entries=_INTEGER)),
    delegations=_list(required(delegation=_INTEGER, expected=_INTEGER, arrived=_INTEGER)),
)


def asked(name: str, value: Any) -> OpenApiExample:
    """Return the example of a request."""
    return OpenApiExample(name, value=value, request_only=True)


def told(name: str, value: Any, status: int = 200) -> OpenApiExample:
    """Return the example of an answer."""
    return OpenApiExample(name, value=value, response_only=True, status_codes=[str(status)])


_LOOKUP = "5f0f6aa2c4de4b0f8c1a7e9d3b2a1c0d"
_SCAN_ID = "018b92b1-ae80-7000-8000-00000000002a"
_BOOT = "7d3c2f1e-0b6a-4c59-9d8e-1f2a3b4c5d6e"
_VALUE: dict[str, Any] = {
    "scan_id": _SCAN_ID,
    "seq": 42,
    "via": "qr",
    "lookup": _LOOKUP,
    "unknown_hash": None,
    "gate": 4,
    "zone": 1,
    "direction": "in",
    "wall_ms": 1698973200000,
    "boot_id": _BOOT,
    "mono_ms": 61234,
    "anchor": {"server_ms": 1698973100000, "mono_ms": 1200, "boot_id": _BOOT},
    "cursor": None,
    "offline": False,
    "shown": None,
    "override": None,
    "annuls": None,
}

ENROLMENT_EXAMPLE = asked(
    "A code",
    {
        "enrolment": "mB2uVd5mQ1rX8yZ0aBcDeF",
        "install_id": "2f1b6d0e-8a3c-4e57-9b61-0c4d5e6f7a8b",
        "app": "1.0.0",
    },
)
ENROLLED_EXAMPLE = told(
    "A device",
    {
        "device": {
            "id": "0b7e4f52-6f4c-4f0e-9d0a-3f1f5b1f4c11",
            "name": "North door 2",
            "gate": 4,
            "zones": [1, 3],
            "capabilities": ["scan", "desk"],
            "valid_until_ms": 1699142400000,
        },
        "token": "q0Hn3bJ5cKxVwYtUsRrQpPoOnNmMlLkKjJiIhHgGfFe",
        "conference": {
            "id": 5,
            "name": {"en": "5th China-U.S. Sister Cities Conference"},
            "tz": "Asia/Shanghai",
        },
    },
    201,
)
SCAN_EXAMPLE = asked("A scan", {"scan": _VALUE, "want_card": False})
JUDGED_EXAMPLE = told(
    "Let in",
    {
        "scan_id": _SCAN_ID,
        "result": "stored",
        "verdict": {"code": "admit", "admit": True, "params": {}, "also": []},
        "badge": None,
    },
)
REPEAT_EXAMPLE = told(
    "Already inside",
    {
        "scan_id": _SCAN_ID,
        "result": "stored",
        "verdict": {
            "code": "already_inside",
            "admit": False,
            "params": {"rule": "anti_passback", "since_ms": 1698973160034, "gate": 4},
            "also": [],
        },
        "badge": None,
    },
)
BATCH_EXAMPLE = asked(
    "One scan and signs of life",
    {
        "scans": [{**_VALUE, "offline": True, "shown": "admit"}],
        "status": {"queued": 1, "battery": 71, "wall_ms": 1698973200000, "app": "1.0.0"},
    },
)
RESULTS_EXAMPLE = told(
    "Stored",
    {"results": [{"scan_id": _SCAN_ID, "result": "stored", "verdict": "admit", "alerts": []}]},
)
HELD_EXAMPLE = told("Held", {"results": [{"scan_id": _SCAN_ID, "result": "quarantined"}]})
SNAPSHOT_EXAMPLE = told(
    "The first one",
    {
        "full": True,
        "cursor": "9c1185a5c5e9fc54612808977ee8f548",
        "lease_ms": 43200000,
        "poll_s": 30,
        "rules": {
            "keys": [{"key_id": 1, "point": "BNg…"}],
            "device": {
                "name": "North door 2",
                "gate": 4,
                "zones": [1],
                "capabilities": ["scan", "desk"],
                "valid_until_ms": 1699142400000,
            },
            "classes": [
                {
                    "id": 1,
                    "code": "delegate",
                    "name": {"en": "Delegate", "zh": "代表"},
                    "walk_ins": True,
                }
            ],
            "zones": [
                {
                    "id": 1,
                    "name": {"en": "Venue", "zh": "会场"},
                    "open_to": [1],
                    "windows": [],
                    "reentry": "after_exit",
                    "resets": [1699041600000],
                    "provisional": [],
                    "escort": False,
                }
            ],
            "gates": [{"id": 4, "name": {"en": "North door"}, "zones": [1]}],
            "delegations": [{"id": 12, "name": {"en": "Suzhou", "zh": "苏州市"}}],
            "texts": {},
            "reasons": [{"code": "forgot_exit", "name": {"en": "Was not scanned when leaving"}}],
        },
        "badges": [{"lookup": _LOOKUP, "status": "ok", "card": "q83vEjRWeJCrze8S…"}],
        "gone": [],
        "presence": [],
    },
)
FOUND_EXAMPLE = told(
    "One person",
    {
        "results": [
            {
                "lookup": _LOOKUP,
                "name": "Wei ZHANG",
                "native_name": "张伟",
                "delegation": 12,
                "title": {"en": "Mayor", "zh": "市长"},
                "class": 1,
                "status": "ok",
                "inside": [1],
            }
        ],
        "more": False,
    },
)
CLOCK_EXAMPLE = told("Now", {"server_ms": 1698973160034})
BOARD_EXAMPLE = told(
    "In the morning",
    {
        "as_of_ms": 1698973160034,
        "expected": 200,
        "arrived": 142,
        "inside": 120,
        "unidentified": 0,
        "zones": [{"zone": 1, "arrived": 142, "inside": 118, "entries": 160}],
        "delegations": [{"delegation": 12, "expected": 6, "arrived": 4}],
    },
)
