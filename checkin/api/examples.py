"""How the messages of CP1 look, for the OpenAPI description."""

from typing import Any

from drf_spectacular.utils import OpenApiExample, OpenApiResponse

_INTEGER = {"type": "integer"}
_MS = {"type": "integer", "description": "Milliseconds since the Unix epoch, UTC."}
_STRING = {"type": "string"}
_UUID = {"type": "string", "format": "uuid"}
_HEX = {"type": "string", "pattern": "^[0-9a-f]{32}$"}
_WORDS = {"type": "object", "properties": {"en": _STRING, "zh": _STRING}}


def _nullable(schema: dict[str, Any]) -> dict[str, Any]:
    return {**schema, "nullable": True}


def _list(items: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": items}


def _object(**properties: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "required": list(properties)}


def _json(schema: dict[str, Any]) -> dict[str, Any]:
    return {"application/json": schema}


_RECORD = {
    **_object(
        scan_id={**_UUID, "description": "UUIDv7, made by the phone: the scan's identity."},
        seq={**_INTEGER, "minimum": 1},
        via={"type": "string", "enum": ["qr", "desk"]},
        lookup=_nullable(_HEX),
        unknown_hash=_nullable(_HEX),
        gate=_INTEGER,
        zone=_INTEGER,
        direction={"type": "string", "enum": ["in", "out"]},
        wall_ms=_MS,
        boot_id=_UUID,
        mono_ms=_INTEGER,
        anchor=_nullable(_object(server_ms=_MS, mono_ms=_INTEGER, boot_id=_UUID)),
        cursor=_nullable(_STRING),
        offline={"type": "boolean"},
        shown=_nullable(_STRING),
        override=_nullable(
            _object(by=_INTEGER, reason=_STRING, note=_STRING, codes=_list(_STRING))
        ),
        annuls=_nullable(_UUID),
    ),
    "description": "A scan record; all members are required.",
}
_VERDICT = _object(
    code=_STRING, admit={"type": "boolean"}, params={"type": "object"}, also=_list(_STRING)
)
_BADGE = _object(lookup=_HEX, status=_STRING, card=_nullable(_STRING))

ENROLMENT = _json(_object(enrolment=_STRING, install_id=_UUID, app=_STRING))
ENROLLED = _object(
    device=_object(
        id=_UUID,
        name=_STRING,
        gate=_INTEGER,
        zones=_list(_INTEGER),
        capabilities=_list(_STRING),
        valid_until_ms=_MS,
    ),
    token=_STRING,
    conference=_object(id=_INTEGER, name=_WORDS, tz=_STRING),
)
SCAN = _json(_object(scan=_RECORD, want_card={"type": "boolean"}))
JUDGED = _object(
    scan_id=_UUID,
    result={"type": "string", "enum": ["stored", "duplicate"]},
    verdict=_VERDICT,
    badge=_nullable(_BADGE),
)
BATCH = _json(
    {
        "type": "object",
        "required": ["scans"],
        "properties": {
            "scans": {**_list(_RECORD), "maxItems": 200},
            "status": {
                "type": "object",
                "properties": {
                    "queued": _INTEGER,
                    "battery": _INTEGER,
                    "wall_ms": _MS,
                    "cursor": _STRING,
                    "app": _STRING,
                },
            },
        },
    }
)
RESULTS = _object(
    results=_list(
        {
            "type": "object",
            "required": ["scan_id", "result"],
            "properties": {
                "scan_id": _nullable(_UUID),
                "result": {"type": "string", "enum": ["stored", "duplicate", "invalid"]},
                "verdict": _nullable(_STRING),
                "alerts": _list(_STRING),
                "code": _STRING,
                "detail": _STRING,
            },
        }
    )
)
_ZONE = _object(
    id=_INTEGER,
    name=_WORDS,
    open_to=_list(_INTEGER),
    windows=_list(_list(_nullable(_MS))),
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
        "cursor": _STRING,
        "lease_ms": _INTEGER,
        "poll_s": _INTEGER,
        "rules": _object(
            keys=_list(_object(key_id=_INTEGER, point=_STRING)),
            classes=_list(_object(id=_INTEGER, code=_STRING, name=_WORDS)),
            zones=_list(_ZONE),
            gates=_list(_object(id=_INTEGER, name=_WORDS, zones=_list(_INTEGER))),
            delegations=_list(_object(id=_INTEGER, name=_WORDS)),
            texts={"type": "object"},
            reasons=_list(_object(code=_STRING, name=_WORDS)),
        ),
        "badges": _list(_BADGE),
        "gone": _list(_HEX),
        "presence": _list(
            _object(
                lookup=_HEX,
                zone=_INTEGER,
                inside={"type": "boolean"},
                in_ms=_nullable(_MS),
                in_scan=_nullable(_UUID),
                gate=_nullable(_INTEGER),
                at_ms=_nullable(_MS),
                at_scan=_nullable(_UUID),
            )
        ),
    },
}
FOUND = _object(
    results=_list(
        _object(
            lookup=_HEX,
            name=_STRING,
            native_name=_STRING,
            delegation=_INTEGER,
            title=_WORDS,
            **{"class": _INTEGER},
            status=_STRING,
            inside=_list(_INTEGER),
        )
    ),
    more={"type": "boolean"},
)
CLOCK = _object(server_ms=_MS)
BOARD = _object(
    as_of_ms=_MS,
    expected=_INTEGER,
    arrived=_INTEGER,
    inside=_INTEGER,
    unidentified=_INTEGER,
    zones=_list(_object(zone=_INTEGER, arrived=_INTEGER, inside=_INTEGER, entries=_INTEGER)),
    delegations=_list(_object(delegation=_INTEGER, expected=_INTEGER, arrived=_INTEGER)),
)
_ERROR = _object(code=_STRING, detail=_STRING)

#: What every address for devices may refuse with.
DEVICE_ERRORS = (401, 403, 410, 429, 503)
_MEANINGS = {
    304: "Nothing has changed since the ETag given.",
    400: "`envelope_invalid`, or `scan_invalid` for a single scan.",
    401: "`token_invalid`",
    403: "`capability_missing`, `zone_not_served`, `device_suspended` or `enrolment_invalid`",
    409: "`scan_id_reused`",
    410: "`device_revoked`: wipe what the device holds.",
    413: "`too_large`",
    415: "`media_type`",
    429: "`rate_limited`, with `Retry-After` in seconds.",
    503: "`unavailable`, with `Retry-After` in seconds.",
}


def answers(status: int, schema: dict[str, Any], *others: int) -> dict[Any, Any]:
    """Return the answers of an address for its description: the good one and the refusals."""
    good = {(status, "application/json"): OpenApiResponse(schema)}
    refusals = {
        (other, "application/json"): OpenApiResponse(
            None if other < 400 else _ERROR, description=_MEANINGS[other]
        )
        for other in others
    }
    return good | refusals


def _asked(name: str, value: Any) -> OpenApiExample:
    return OpenApiExample(name, value=value, request_only=True)


def _told(name: str, value: Any, status: int = 200) -> OpenApiExample:
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

ENROLMENT_EXAMPLE = _asked(
    "A code",
    {
        "enrolment": "mB2uVd5mQ1rX8yZ0aBcDeF",
        "install_id": "2f1b6d0e-8a3c-4e57-9b61-0c4d5e6f7a8b",
        "app": "1.0.0",
    },
)
ENROLLED_EXAMPLE = _told(
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
SCAN_EXAMPLE = _asked("A scan", {"scan": _VALUE, "want_card": False})
JUDGED_EXAMPLE = _told(
    "Let in",
    {
        "scan_id": _SCAN_ID,
        "result": "stored",
        "verdict": {"code": "admit", "admit": True, "params": {}, "also": []},
        "badge": None,
    },
)
REPEAT_EXAMPLE = _told(
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
BATCH_EXAMPLE = _asked(
    "One scan and signs of life",
    {
        "scans": [{**_VALUE, "offline": True, "shown": "admit"}],
        "status": {"queued": 1, "battery": 71, "wall_ms": 1698973200000, "app": "1.0.0"},
    },
)
RESULTS_EXAMPLE = _told(
    "Stored",
    {"results": [{"scan_id": _SCAN_ID, "result": "stored", "verdict": "admit", "alerts": []}]},
)
SNAPSHOT_EXAMPLE = _told(
    "The first one",
    {
        "full": True,
        "cursor": "9c1185a5c5e9fc54612808977ee8f548",
        "lease_ms": 43200000,
        "poll_s": 30,
        "rules": {
            "keys": [{"key_id": 1, "point": "BNg…"}],
            "classes": [{"id": 1, "code": "delegate", "name": {"en": "Delegate", "zh": "代表"}}],
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
FOUND_EXAMPLE = _told(
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
CLOCK_EXAMPLE = _told("Now", {"server_ms": 1698973160034})
BOARD_EXAMPLE = _told(
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
