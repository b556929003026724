"""Scans: one at a time, judged here; or many that a phone has judged itself."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.utils import extend_schema

from checkin import access
from checkin.api import examples, shapes
from checkin.api.endpoint import Answer, DeviceEndpoint
from checkin.errors import EnvelopeInvalid, ScanInvalid, TooLarge
from checkin.messages import Record
from checkin.models import Device
from checkin.operations import admitting, hearing, merging, snapshotting
from checkin.operations.merging import Told

_FAULTS = {
    "scan_id_reused": gettext_lazy("Another scan with this id is already stored."),
    "zone_unknown": gettext_lazy("There is no such zone or gate at this conference."),
}


class Scan(DeviceEndpoint):
    """``POST scan/``."""

    need = access.Need(capability="scan", bucket="scan", rate=access.SCANS)

    @extend_schema(
        operation_id="checkin_scan",
        tags=["check-in"],
        summary="Judge one scan, online",
        request=examples.SCAN,
        responses=examples.answers(
            200, examples.JUDGED, *examples.DEVICE_ERRORS, 400, 409, 413, 415
        ),
        examples=[examples.SCAN_EXAMPLE, examples.JUDGED_EXAMPLE, examples.REPEAT_EXAMPLE],
    )
    def post(self, device: Device, body: dict[str, Any], now: datetime) -> Answer:
        """Judge a plain scan and remember it. The same one again gets the same verdict."""
        want_card = body.get("want_card", False)
        if "scan" not in body or not isinstance(want_card, bool):
            raise EnvelopeInvalid
        try:
            record = shapes.plain_record(body["scan"])
        except shapes.FieldInvalid as fault:
            raise ScanInvalid(_("The scan's “%(field)s” is not valid."), field=str(fault)) from None
        judged = admitting.judge_scan(device=device, record=record, now=now)
        return Answer(
            {
                "scan_id": judged.scan_id,
                "result": judged.result,
                "verdict": judged.verdict.as_json(),
                "badge": _badge(device, record, now) if want_card else None,
            }
        )


class Scans(DeviceEndpoint):
    """``POST scans/``."""

    need = access.Need(capability="scan", bucket="scans", rate=access.UPLOADS)
    takes_gzip = True

    @extend_schema(
        operation_id="checkin_upload",
        tags=["check-in"],
        summary="Bring scans that the phone has judged; an empty list is a sign of life",
        request=examples.BATCH,
        responses=examples.answers(200, examples.RESULTS, *examples.DEVICE_ERRORS, 400, 413, 415),
        examples=[examples.BATCH_EXAMPLE, examples.RESULTS_EXAMPLE],
    )
    def post(self, device: Device, body: dict[str, Any], now: datetime) -> Answer:
        """Store each record by itself; what the guard saw stands."""
        values = shapes.batch(body)
        if len(values) > shapes.MOST_SCANS:
            raise TooLarge
        signs = shapes.life_signs(body)
        readings = [_Reading.of(value) for value in values]
        hearing.note_signs(device=device, signs=signs, now=now)
        told = iter(
            merging.store_scans(
                device=device,
                records=[each.record for each in readings if each.record is not None],
                now=now,
            )
        )
        return Answer(
            {
                "results": [
                    _result(next(told)) if each.record else each.refusal() for each in readings
                ]
            }
        )


@dataclass(frozen=True, slots=True)
class _Reading:
    """A record of an upload, or why it is none."""

    scan_id: str | None
    record: Record | None
    fault: str = ""

    @classmethod
    def of(cls, value: Any) -> Self:
        """Read one."""
        try:
            record = shapes.told_record(value)
        except shapes.FieldInvalid as fault:
            return cls(shapes.scan_id_of(value), None, str(fault))
        return cls(record["scan_id"], record)

    def refusal(self) -> dict[str, Any]:
        """Return the answer for one that cannot be read."""
        detail = _("The scan's “%(field)s” is not valid.") % {"field": self.fault}
        return _invalid(self.scan_id, "field_invalid", detail)


def _result(told: Told) -> dict[str, Any]:
    if told.result == "invalid":
        return _invalid(told.scan_id, told.code, str(_FAULTS[told.code]))
    return {
        "scan_id": told.scan_id,
        "result": told.result,
        "verdict": told.verdict,
        "alerts": list(told.alerts),
    }


def _invalid(scan_id: str | None, code: str, detail: str) -> dict[str, Any]:
    return {"scan_id": scan_id, "result": "invalid", "code": code, "detail": detail}


def _badge(device: Device, record: Record, now: datetime) -> dict[str, Any] | None:
    """Return the badge as the snapshot lists it, None if it is not known."""
    rows = snapshotting.badge_rows(device.conference, now=now, lookups=[record["lookup"] or ""])
    return rows[0] if rows else None
