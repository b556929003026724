"""Scans: one at a time, judged here; or many that a phone has judged itself."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self

from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.utils import extend_schema

from checkin import access
from checkin.api import examples, refusals, shapes
from checkin.api.endpoint import Answer, DeviceEndpoint, Unavailable
from checkin.errors import (
    DeviceActive,
    DeviceSuspended,
    EnvelopeInvalid,
    RateLimited,
    ScanIdReused,
    ScanInvalid,
    TokenInvalid,
    TooLarge,
    ZoneNotServed,
)
from checkin.messages import Record
from checkin.models import Device
from checkin.operations import admitting, hearing, merging, quarantining, snapshotting
from checkin.operations.facts import read_facts
from checkin.operations.storing import Told
from conference.errors import DomainError
from conference.models import Conference

_FAULTS = {
    "field_invalid": gettext_lazy("The scan cannot be stored as it is."),
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
        parameters=refusals.HEADERS,
        request=examples.SCAN,
        responses=refusals.answers(
            200,
            examples.JUDGED,
            *refusals.DEVICE,
            *refusals.BODY,
            ScanInvalid,
            ZoneNotServed,
            ScanIdReused,
        ),
        examples=[examples.SCAN_EXAMPLE, examples.JUDGED_EXAMPLE, examples.REPEAT_EXAMPLE],
    )
    def post(self, device: Device, body: dict[str, Any], now: datetime) -> Answer:
        """Judge a plain scan and remember it. The same one again gets the same verdict."""
        record, want_card = _asked(body)
        judged = admitting.judge_scan(device=device, record=record, now=now)
        return _told(judged, record, device.conference if want_card else None, now)

    def answer(self, request: HttpRequest, now: datetime) -> Answer:
        """Answer a sound request with its device read beside the facts of the scan.

        Whatever is not sound, or too fast, goes the usual way, which refuses it in the order of
        the protocol.
        """
        token_hash = access.token_hash_of(request)
        try:
            record, want_card = _asked(self.body_of(request))
        except DomainError:
            return super().answer(request, now)
        if request.method != "POST" or access.wait_of(token_hash, self.need, now):
            return super().answer(request, now)
        facts = read_facts(record, now, token_hash=token_hash)
        caller = access.check_caller(facts.caller if facts else None, self.need, now)
        assert facts is not None
        judged = admitting.judge_known(facts=facts, record=record, now=now)
        conference = Conference.objects.get(pk=caller.conference) if want_card else None
        return _told(judged, record, conference, now)


class Scans(DeviceEndpoint):
    """``POST scans/``."""

    need = access.Need(capability="scan", bucket="scans", rate=access.UPLOADS)
    takes_gzip = True

    @extend_schema(
        operation_id="checkin_upload",
        tags=["check-in"],
        summary="Bring scans that the phone has judged; an empty list is a sign of life",
        parameters=refusals.HEADERS,
        request=examples.BATCH,
        responses=refusals.answers(200, examples.RESULTS, *refusals.DEVICE, *refusals.BODY),
        examples=[examples.BATCH_EXAMPLE, examples.RESULTS_EXAMPLE],
    )
    def post(self, device: Device, body: dict[str, Any], now: datetime) -> Answer:
        """Store each record by itself; what the guard saw stands."""
        readings = _readings(body)
        told = merging.store_scans(device=device, records=_records(readings), now=now)
        _note_signs(device, body, readings, now)
        return _results(readings, told)


class Quarantine(DeviceEndpoint):
    """``POST scans/quarantine/``."""

    need = access.Need(
        capability="", bucket="quarantine", rate=access.OTHERS, for_revoked_devices=True
    )
    takes_gzip = True

    @extend_schema(
        operation_id="checkin_quarantine",
        tags=["check-in"],
        summary="Bring what a revoked phone had not sent yet; a person decides what it is worth",
        parameters=refusals.HEADERS,
        request=examples.BATCH,
        responses=refusals.answers(
            200,
            examples.HELD,
            TokenInvalid,
            DeviceSuspended,
            DeviceActive,
            RateLimited,
            Unavailable,
            *refusals.BODY,
        ),
        examples=[examples.BATCH_EXAMPLE, examples.HELD_EXAMPLE],
    )
    def post(self, device: Device, body: dict[str, Any], now: datetime) -> Answer:
        """Hold each record by itself, apart from the scans."""
        readings = _readings(body)
        told = quarantining.hold_scans(device=device, records=_records(readings), now=now)
        _note_signs(device, body, readings, now)
        return _results(readings, told)


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


def _readings(body: dict[str, Any]) -> list[_Reading]:
    values = shapes.batch(body)
    if len(values) > shapes.MOST_SCANS:
        raise TooLarge
    return [_Reading.of(value) for value in values]


def _records(readings: Iterable[_Reading]) -> list[Record]:
    return [each.record for each in readings if each.record is not None]


def _results(readings: Iterable[_Reading], told: Iterable[Told]) -> Answer:
    """Return an answer for each reading, in order; ``told`` is of those that could be read."""
    heard = iter(told)
    return Answer(
        {"results": [_result(next(heard)) if each.record else each.refusal() for each in readings]}
    )


def _note_signs(
    device: Device, body: dict[str, Any], readings: Iterable[_Reading], now: datetime
) -> None:
    """Write down what the phone says of itself; what the answer names waits there no longer."""
    named = sum(each.scan_id is not None for each in readings)
    hearing.note_signs(device=device, signs=shapes.life_signs(body), named=named, now=now)


def _result(told: Told) -> dict[str, Any]:
    if told.result == "invalid":
        return _invalid(told.scan_id, told.code, str(_FAULTS[told.code]))
    result = {"scan_id": told.scan_id, "result": told.result}
    if told.held:
        return result
    return {**result, "verdict": told.verdict, "alerts": list(told.alerts)}


def _invalid(scan_id: str | None, code: str, detail: str) -> dict[str, Any]:
    return {"scan_id": scan_id, "result": "invalid", "code": code, "detail": detail}


def _asked(body: dict[str, Any]) -> tuple[Record, bool]:
    """Return the record that a request asks about and whether it wants the card."""
    want_card = body.get("want_card", False)
    if "scan" not in body or not isinstance(want_card, bool):
        raise EnvelopeInvalid
    try:
        return shapes.plain_record(body["scan"]), want_card
    except shapes.FieldInvalid as fault:
        raise ScanInvalid(_("The scan's “%(field)s” is not valid."), field=str(fault)) from None


def _told(
    judged: admitting.Judged, record: Record, conference: Conference | None, now: datetime
) -> Answer:
    """Return the answer to a scan; with a conference also its badge, as the snapshot lists it."""
    badge = None
    if conference is not None:
        rows = snapshotting.badge_rows(conference, now=now, lookups=[record["lookup"] or ""])
        badge = rows[0] if rows else None
    return Answer(
        {
            "scan_id": judged.scan_id,
            "result": judged.result,
            "verdict": judged.verdict.as_json(),
            "badge": badge,
        }
    )
