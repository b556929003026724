"""From a one-time code to a device with a token."""

from datetime import datetime

from django.http import HttpRequest
from drf_spectacular.utils import extend_schema
from rest_framework.throttling import BaseThrottle

from checkin import access
from checkin.api import examples, refusals, shapes
from checkin.api.endpoint import Answer, Endpoint, Unavailable
from checkin.errors import EnrolmentInvalid, RateLimited
from checkin.operations import enrolling_devices
from checkin.operations.ruling import device_row
from checkin.operations.snapshotting import words


class Enrolments(Endpoint):
    """``POST enrolments/``."""

    def answer(self, request: HttpRequest, now: datetime) -> Answer:
        """Enrol whoever holds a code that lives; five tries a minute from one address."""
        answering = self.handler(request)
        # DRF knows how many proxies of ours stand in front.
        address = BaseThrottle().get_ident(request)  # type: ignore[arg-type]
        access.check_rate(f"enrol:{address}", access.ENROLMENTS, now)
        found: Answer = answering(request, now)
        return found

    @extend_schema(
        operation_id="checkin_enrol",
        tags=["check-in"],
        summary="Enrol a phone with a one-time code",
        auth=[],
        parameters=refusals.HEADERS,
        request=examples.ENROLMENT,
        responses=refusals.answers(
            201, examples.ENROLLED, RateLimited, Unavailable, *refusals.BODY, EnrolmentInvalid
        ),
        examples=[examples.ENROLMENT_EXAMPLE, examples.ENROLLED_EXAMPLE],
    )
    def post(self, request: HttpRequest, now: datetime) -> Answer:
        """Give the device of this code a token. The same installation may repeat a lost answer."""
        code, install_id, app = shapes.enrolment(self.body_of(request))
        enrolled = enrolling_devices.enrol(code=code, install_id=install_id, app=app, now=now)
        device, conference = enrolled.device, enrolled.device.conference
        return Answer(
            {
                "device": {"id": str(device.pk), **device_row(device)},
                "token": enrolled.token,
                "conference": {
                    "id": conference.pk,
                    "name": words(conference, "name"),
                    "tz": conference.timezone,
                },
            },
            status=201,
        )
