"""What an address of the door answers with besides its good answer, for the OpenAPI description.

The sentences are the refusals' own, so the description cannot tell others than the server does.
"""

from collections import defaultdict
from typing import Any

from django.utils import translation
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, OpenApiResponse

from checkin.api.endpoint import Unavailable
from checkin.errors import (
    CapabilityMissing,
    DeviceRevoked,
    DeviceSuspended,
    EnvelopeInvalid,
    MediaType,
    RateLimited,
    TokenInvalid,
    TooLarge,
)
from conference.errors import DomainError

Refusal = type[DomainError]

#: What every address for devices may refuse with, and every one that takes a body.
DEVICE: tuple[Refusal, ...] = (
    TokenInvalid,
    DeviceRevoked,
    DeviceSuspended,
    CapabilityMissing,
    RateLimited,
    Unavailable,
)
BODY: tuple[Refusal, ...] = (EnvelopeInvalid, TooLarge, MediaType)

_BODY_OF_ERRORS = {
    "type": "object",
    "properties": {
        "code": {"type": "string", "description": "Decide by this."},
        "detail": {"type": "string", "description": "For people, in the language asked for."},
    },
    "required": ["code", "detail"],
}

#: What every answer of the door carries.
HEADERS = [
    OpenApiParameter(
        "CP1-Time",
        int,
        OpenApiParameter.HEADER,
        response=True,
        description="The server's clock, in ms since the Unix epoch: the anchor of scans.",
    ),
    OpenApiParameter(
        "Retry-After",
        int,
        OpenApiParameter.HEADER,
        response=[429, 503],
        description="Seconds; wait that long × (1 + random up to 0.5).",
    ),
]
#: What is there besides where an answer can be known already.
KNOWN_ALREADY = [
    OpenApiParameter(
        "If-None-Match",
        str,
        OpenApiParameter.HEADER,
        description="The ETag of the answer that is held: 304 if nothing has changed.",
    ),
    OpenApiParameter("ETag", str, OpenApiParameter.HEADER, response=[200, 304]),
]
UNCHANGED: dict[Any, Any] = {
    (304, "application/json"): OpenApiResponse(None, description="Nothing has changed since then.")
}


def answers(status: int, schema: dict[str, Any], *kinds: Refusal) -> dict[Any, Any]:
    """Return the answers of an address for its description: the good one and the refusals."""
    good = {(status, "application/json"): OpenApiResponse(schema)}
    return good | refusals(*kinds)


def refusals(*kinds: Refusal) -> dict[Any, Any]:
    """Return what an address may refuse with, by status, each with its sentence in English."""
    by_status: defaultdict[int, list[Refusal]] = defaultdict(list)
    for kind in kinds:
        by_status[kind.status].append(kind)
    return {
        (status, "application/json"): OpenApiResponse(
            _BODY_OF_ERRORS,
            description=", ".join(f"`{kind.code}`" for kind in these),
            examples=[_example(kind) for kind in these],
        )
        for status, these in by_status.items()
    }


def _example(kind: Refusal) -> OpenApiExample:
    with translation.override("en"):
        body = {"code": kind.code, "detail": str(kind())}
    return OpenApiExample(
        kind.code, value=body, response_only=True, status_codes=[str(kind.status)]
    )
