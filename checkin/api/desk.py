"""What the arrival desk does: walk-ins, substitutions, badges printed."""

from datetime import datetime
from typing import Any

from drf_spectacular.utils import extend_schema

from checkin import access
from checkin.api import desk_examples, refusals, shapes
from checkin.api.endpoint import Answer, DeviceEndpoint
from checkin.errors import AlreadySubstituted, BadgeUnknown, WalkInIdReused
from checkin.models import Device
from checkin.operations import printing, snapshotting, substituting, walking_in
from checkin.operations.walking_in import Entered
from delegates.errors import NoValidBadge, QuotaExhausted
from delegates.models import Badge
from delegates.operations import badging

_REFUSALS = (*refusals.DEVICE, *refusals.BODY)


class WalkIns(DeviceEndpoint):
    """``POST walk-ins/``."""

    need = access.Need(capability="desk", bucket="walk-ins", rate=access.OTHERS)

    @extend_schema(
        operation_id="checkin_walk_in",
        tags=["check-in"],
        summary="Enter somebody who is on no list, and issue a provisional badge",
        parameters=refusals.HEADERS,
        request=desk_examples.WALK_IN,
        responses=refusals.answers(
            201, desk_examples.ENTERED, *_REFUSALS, WalkInIdReused, QuotaExhausted
        )
        | refusals.answers(200, desk_examples.ENTERED),
        examples=[
            desk_examples.WALK_IN_EXAMPLE,
            desk_examples.ENTERED_EXAMPLE,
            desk_examples.ENTERED_AGAIN_EXAMPLE,
        ],
    )
    def post(self, device: Device, body: dict[str, Any], now: datetime) -> Answer:
        """Enter a person; the same one again gets the same answer, with status 200."""
        walk_in_id, entry = shapes.walk_in(body)
        entered = walking_in.enter(
            conference=device.conference,
            walk_in_id=walk_in_id,
            entry=entry,
            device=device,
            now=now,
        )
        return _answer(device, entered, now)


class Substitutions(DeviceEndpoint):
    """``POST substitutions/``."""

    need = access.Need(capability="desk", bucket="substitutions", rate=access.OTHERS)

    @extend_schema(
        operation_id="checkin_substitute",
        tags=["check-in"],
        summary="Name who comes in the place of a listed person; the former badge is void",
        parameters=refusals.HEADERS,
        request=desk_examples.SUBSTITUTION,
        responses=refusals.answers(
            201, desk_examples.ENTERED, *_REFUSALS, BadgeUnknown, AlreadySubstituted
        )
        | refusals.answers(200, desk_examples.ENTERED),
        examples=[
            desk_examples.SUBSTITUTION_EXAMPLE,
            desk_examples.ENTERED_EXAMPLE,
            desk_examples.ENTERED_AGAIN_EXAMPLE,
        ],
    )
    def post(self, device: Device, body: dict[str, Any], now: datetime) -> Answer:
        """Name the successor; the same one again gets the same answer, with status 200."""
        lookup, typed = shapes.substitution(body)
        entered = substituting.substitute(
            delegate=_badge(device, lookup).delegate, typed=typed, device=device, now=now
        )
        return _answer(device, entered, now)


class BadgePrints(DeviceEndpoint):
    """``POST badges/print/``."""

    need = access.Need(capability="desk", bucket="prints", rate=access.OTHERS)

    @extend_schema(
        operation_id="checkin_print_badge",
        tags=["check-in"],
        summary="A badge to print, of A6 or as a label of 90 × 62 mm, as PDF or SVG; it is logged",
        parameters=refusals.HEADERS,
        request=desk_examples.PRINT,
        responses={
            (200, "application/pdf"): desk_examples.PAGE,
            (200, "image/svg+xml"): desk_examples.PAGE,
        }
        | refusals.refusals(*_REFUSALS, BadgeUnknown, NoValidBadge),
        examples=[desk_examples.PRINT_EXAMPLE],
    )
    def post(self, device: Device, body: dict[str, Any], now: datetime) -> Answer:
        """Return a valid badge as a PDF or a picture, and note it as printed."""
        lookup, paper, medium = shapes.printing(body)
        document = printing.print_badge(
            badge=_badge(device, lookup), paper=paper, medium=medium, device=device, now=now
        )
        return Answer(document, media_type=medium.media_type)


def _badge(device: Device, lookup: str) -> Badge:
    badge = (
        Badge.objects.filter(conference=device.conference_id, lookup=lookup)
        .select_related("conference", "badge_class", "delegate__conference", "delegate__delegation")
        .first()
    )
    if badge is None:
        raise BadgeUnknown
    return badge


def _answer(device: Device, entered: Entered, now: datetime) -> Answer:
    """Return the badge as the snapshot lists it, with the text of its code to draw."""
    badge = entered.badge
    rows = snapshotting.badge_rows(device.conference, now=now, lookups=[badge.lookup])
    return Answer(
        {
            "delegate": str(badge.delegate.uid),
            "lookup": badge.lookup,
            "qr": badging.badge_code_text(badge),
            "badge": rows[0],
        },
        status=201 if entered.is_new else 200,
    )
