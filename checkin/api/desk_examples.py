"""How the desk's messages look, for the OpenAPI description."""

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, OpenApiResponse

from checkin.api.examples import (
    BADGE,
    HEX,
    STRING,
    UUID,
    WORDS,
    as_json,
    asked,
    nullable,
    required,
    told,
    with_optional,
)

_NAME = {"type": "string", "maxLength": 120, "description": "In either script."}
_NATIVE = {"type": "string", "maxLength": 100, "description": "The name in the other script."}


WALK_IN = as_json(
    with_optional(
        required(
            walk_in_id=UUID | {"description": "UUIDv7, made by the phone."},
            name=_NAME,
            **{"class": {"type": "integer", "description": "Number of the badge class."}},
        ),
        native_name=_NATIVE,
        title=WORDS,
        delegation=nullable(
            {"type": "integer", "description": "Null: the people registered on site."}
        ),
    )
)
SUBSTITUTION = as_json(
    with_optional(
        required(lookup=HEX | {"description": "The listed person's badge."}, name=_NAME),
        native_name=_NATIVE,
        title=WORDS,
    )
)
PRINT = as_json(
    with_optional(
        required(lookup=HEX, format={"type": "string", "enum": ["a6", "label"]}),
        medium={"type": "string", "enum": ["pdf", "svg"], "default": "pdf"},
    )
)
ENTERED = required(delegate=UUID, lookup=HEX, qr=STRING, badge=BADGE)
PAGE = OpenApiResponse(OpenApiTypes.BINARY, description="The badge, one page.")

_LOOKUP = "5f0f6aa2c4de4b0f8c1a7e9d3b2a1c0d"
_ANSWER = {
    "delegate": "3f0c2f6e-8f0b-4f55-9a54-0a3b8e6c7d21",
    "lookup": "c1a7e9d3b2a15f0f0c0d6aa2c4de4b0f",
    "qr": "C1:X50000500H.UB28Z5LY898G044J…",
    "badge": {
        "lookup": "c1a7e9d3b2a15f0f0c0d6aa2c4de4b0f",
        "status": "ok",
        "card": "q83vEjRWeJCrze8S…",
    },
}

WALK_IN_EXAMPLE: OpenApiExample = asked(
    "A guest without a delegation",
    {
        "walk_in_id": "018b92b1-ae80-7000-8000-0000000000a1",
        "name": "Wei ZHANG",
        "native_name": "张伟",
        "title": {"en": "Professor", "zh": "教授"},
        "delegation": None,
        "class": 1,
    },
)
SUBSTITUTION_EXAMPLE: OpenApiExample = asked(
    "The deputy comes",
    {
        "lookup": _LOOKUP,
        "name": "Ann LEE",
        "native_name": "",
        "title": {"en": "Deputy Mayor"},
    },
)
PRINT_EXAMPLE: OpenApiExample = asked("A label", {"lookup": _LOOKUP, "format": "label"})
ENTERED_EXAMPLE: OpenApiExample = told("Entered", _ANSWER, 201)
ENTERED_AGAIN_EXAMPLE: OpenApiExample = told("The same again", _ANSWER, 200)
