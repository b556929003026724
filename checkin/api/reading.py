"""What devices ask for: the snapshot, people by name, the clock, the board."""

import json
from datetime import datetime
from hashlib import sha256
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema

from checkin import access, live
from checkin.api import examples, refusals
from checkin.api.endpoint import Answer, DeviceEndpoint, Endpoint, NotFound
from checkin.errors import EnvelopeInvalid
from checkin.models import Device
from checkin.operations import handing_out, searching


class Snapshot(DeviceEndpoint):
    """``GET snapshot/``."""

    need = access.Need(capability="scan", bucket="snapshot", rate=access.OTHERS)

    @extend_schema(
        operation_id="checkin_snapshot",
        tags=["check-in"],
        summary="Everything a phone may know, sealed for each badge",
        parameters=[
            *refusals.HEADERS,
            *refusals.KNOWN_ALREADY,
            OpenApiParameter(
                "cursor", str, description="The cursor of the snapshot that is already held."
            ),
        ],
        responses=refusals.answers(200, examples.SNAPSHOT, *refusals.DEVICE) | refusals.UNCHANGED,
        examples=[examples.SNAPSHOT_EXAMPLE],
    )
    def get(self, device: Device, request: HttpRequest, now: datetime) -> Answer:
        """Return what the device does not hold yet: everything, changes, or 304 for none."""
        given = handing_out.snapshot(device=device, cursor=request.GET.get("cursor", ""), now=now)
        return Answer(given.body, etag=given.cursor)


class Search(DeviceEndpoint):
    """``GET search/``."""

    need = access.Need(capability="desk", bucket="search", rate=access.OTHERS)

    @extend_schema(
        operation_id="checkin_search",
        tags=["check-in"],
        summary="Find people by name, in either script",
        parameters=[
            *refusals.HEADERS,
            OpenApiParameter(
                "q",
                str,
                required=True,
                description="2 to 80 characters, or one Chinese character; words in any order.",
            ),
        ],
        responses=refusals.answers(200, examples.FOUND, *refusals.DEVICE, EnvelopeInvalid),
        examples=[examples.FOUND_EXAMPLE],
    )
    def get(self, device: Device, request: HttpRequest, now: datetime) -> Answer:
        """Return at most 20 people with the lookups of their valid badges."""
        q = request.GET.get("q", "").strip()
        if len(q) > searching.LONGEST:
            raise EnvelopeInvalid(
                _("Type at most %(most)d characters of the name."), most=searching.LONGEST
            )
        if not searching.is_searchable(q):
            raise EnvelopeInvalid(_("Type at least two letters, or one Chinese character."))
        found = searching.search(conference=device.conference, q=q, now=now)
        return Answer({"results": found.results, "more": found.more})


class Clock(DeviceEndpoint):
    """``GET clock/``."""

    need = access.Need(capability="", bucket="clock", rate=access.OTHERS)

    @extend_schema(
        operation_id="checkin_clock",
        tags=["check-in"],
        summary="The server's clock",
        parameters=refusals.HEADERS,
        responses=refusals.answers(200, examples.CLOCK, *refusals.DEVICE),
        examples=[examples.CLOCK_EXAMPLE],
    )
    def get(self, device: Device, request: HttpRequest, now: datetime) -> Answer:
        """Return the server's time in ms since the epoch."""
        return Answer({"server_ms": round(now.timestamp() * 1000)})


class Board(DeviceEndpoint):
    """``GET board/``."""

    need = access.Need(capability="scan", bucket="board", rate=access.OTHERS)

    @extend_schema(
        operation_id="checkin_board",
        tags=["check-in"],
        summary="Who has arrived, in figures",
        parameters=[*refusals.HEADERS, *refusals.KNOWN_ALREADY],
        responses=refusals.answers(200, examples.BOARD, *refusals.DEVICE) | refusals.UNCHANGED,
        examples=[examples.BOARD_EXAMPLE],
    )
    def get(self, device: Device, request: HttpRequest, now: datetime) -> Answer:
        """Return counts of persons, at most a second old."""
        counted = live.snapshot(device.conference_id, now=now)
        figures: dict[str, Any] = {
            "expected": counted.expected,
            "arrived": counted.arrived,
            "inside": counted.inside,
            "unidentified": counted.unidentified,
            "zones": [
                {
                    "zone": each.zone,
                    "arrived": each.arrived,
                    "inside": each.inside,
                    "entries": each.entries,
                }
                for each in counted.zones
            ],
            "delegations": [
                {
                    "delegation": each.delegation,
                    "expected": each.expected,
                    "arrived": each.arrived,
                }
                for each in counted.delegations
            ],
        }
        # Of these figures alone: what else the organiser's board shows is no news to a phone.
        etag = sha256(json.dumps(figures).encode()).hexdigest()[:20]
        return Answer({"as_of_ms": counted.as_of_ms, **figures}, etag=etag)


class Nowhere(Endpoint):
    """Every other address below ``/api/v1/checkin/``."""

    schema = None

    def answer(self, request: HttpRequest, now: datetime) -> Answer:
        """Refuse."""
        raise NotFound
