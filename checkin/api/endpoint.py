"""How a device's request is checked and answered: the order and the headers of CP1, section 2.

The classes are DRF views only to stand in the schema. A door is the hottest path there is, so
requests do not go through DRF's negotiation, and the checks come in the protocol's own order.
"""

import gzip
import json
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any, ClassVar

from django.db import OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.utils import timezone, translation
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext_lazy as _
from rest_framework.authentication import BaseAuthentication
from rest_framework.views import APIView

from checkin import access
from checkin.api.draining import Refusal
from checkin.errors import EnvelopeInvalid, MediaType, TooLarge
from checkin.models import Device
from checkin.operations.packing import Packed, compact_json
from conference.errors import DomainError

MOST_BYTES = 1024 * 1024
_WORTH_ZIPPING = 1024
_UNAVAILABLE_FOR_S = 2


class MethodNotAllowed(DomainError):
    """The address does not know this method."""

    code = "method_not_allowed"
    message = _("This address does not know that method.")
    status = 405


class NotFound(DomainError):
    """There is no such address."""

    code = "not_found"
    message = _("There is no such address.")
    status = 404


class Unavailable(DomainError):
    """The database does not answer for the moment."""

    code = "unavailable"
    message = _("The server cannot answer now. Try again in a moment.")
    status = 503


class DeviceToken(BaseAuthentication):
    """The bearer token that a device got at its enrolment; it opens one conference's door."""

    def authenticate(self, request: Any) -> tuple[None, Device]:
        """Return the device as the request's credentials; raises TokenInvalid."""
        return None, access.device_of(request, timezone.now())


@dataclass(frozen=True, slots=True)
class Answer:
    """What goes back: a body for JSON, a status, an ETag if the client may ask for changes.

    With a media type the body is bytes, sent as they are.
    """

    body: Any
    status: int = 200
    etag: str = ""
    media_type: str = ""


class Endpoint(APIView):
    """An address of ``/api/v1/checkin/``; subclasses answer ``post`` or ``get`` by an Answer."""

    authentication_classes: Any = ()
    permission_classes: Any = ()
    takes_gzip: ClassVar[bool] = False

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Check, call, answer; every refusal is one sentence and a code."""
        now = timezone.now()
        translation.activate(_language(request.META.get("HTTP_ACCEPT_LANGUAGE", "")[:200]))
        try:
            response: HttpResponse = respond(request, self.answer(request, now))
        except DomainError as refusal:
            response = refused(request, refusal)
        except OperationalError:
            response = refused(request, Unavailable(retry_after_s=_UNAVAILABLE_FOR_S))
        finally:
            translation.deactivate()
        return stamped(response, timezone.now())

    def answer(self, request: HttpRequest, now: datetime) -> Answer:
        """Return the answer; raises DomainError for whatever may not be."""
        raise NotImplementedError

    def handler(self, request: HttpRequest) -> Callable[..., Answer]:
        """Return the method of this class that answers; raises MethodNotAllowed."""
        method = (request.method or "").lower()
        if method not in {"get", "post"} or not hasattr(self, method):
            raise MethodNotAllowed
        found: Callable[..., Answer] = getattr(self, method)
        return found

    def body_of(self, request: HttpRequest) -> dict[str, Any]:
        """Return the JSON object in the body; raises TooLarge, MediaType, EnvelopeInvalid."""
        if int(request.META.get("CONTENT_LENGTH") or 0) > MOST_BYTES:
            raise TooLarge
        zipped = request.headers.get("Content-Encoding", "").lower() == "gzip"
        raw = _unzipped(request.body) if zipped and self.takes_gzip else request.body
        if request.content_type != "application/json":
            raise MediaType
        try:
            # Decoded here: given bytes, json would guess UTF-16 and UTF-32 too.
            body = json.loads(raw.decode(), parse_constant=_refuse)
        except (ValueError, RecursionError):
            raise EnvelopeInvalid from None
        if not isinstance(body, dict):
            raise EnvelopeInvalid
        return body


class DeviceEndpoint(Endpoint):
    """An address for enrolled devices: token, standing, rate, capability, size, envelope."""

    authentication_classes: Any = (DeviceToken,)
    need: ClassVar[access.Need]

    def answer(self, request: HttpRequest, now: datetime) -> Answer:
        """Check the device, then let the method answer."""
        _nobody, device = DeviceToken().authenticate(request)
        access.check(device, self.need, now)
        answering = self.handler(request)
        if request.method == "POST":
            return answering(device, self.body_of(request), now)
        return answering(device, request, now)


def refused(request: HttpRequest, refusal: DomainError) -> HttpResponse:
    """Return a refusal as the protocol's one body for all errors."""
    retry_after_s = refusal.params.get("retry_after_s")
    body = compact_json({"code": refusal.code, "detail": str(refusal)})
    response = Refusal(request, body, status=refusal.status)
    if retry_after_s is None and refusal.status == Unavailable.status:
        retry_after_s = _UNAVAILABLE_FOR_S
    if retry_after_s is not None:
        response.headers["Retry-After"] = str(retry_after_s)
    return response


def respond(request: HttpRequest, answer: Answer) -> HttpResponse:
    """Return the answer, zipped where that is worth it, or 304 if the client has it already."""
    etag = f'"{answer.etag}"' if answer.etag else ""
    if etag and request.headers.get("If-None-Match", "").removeprefix("W/") == etag:
        unchanged: HttpResponse = HttpResponseNotModified()
        unchanged.headers["ETag"] = etag
        return unchanged
    if answer.media_type:
        return HttpResponse(answer.body, status=answer.status, content_type=answer.media_type)
    zips = "gzip" in request.headers.get("Accept-Encoding", "")
    content, is_zipped = _content(answer.body, zips=zips)
    response = HttpResponse(content, status=answer.status, content_type="application/json")
    if etag:
        response.headers["ETag"] = etag
    if is_zipped:
        response.headers["Content-Encoding"] = "gzip"
        patch_vary_headers(response, ("Accept-Encoding",))
    return response


def _content(body: Any, *, zips: bool) -> tuple[bytes, bool]:
    """Return what is sent, and whether it is zipped: where the client takes that and it pays."""
    if isinstance(body, Packed):
        return (body.zipped() if zips else body.plain()), zips
    content = compact_json(body)
    if zips and len(content) > _WORTH_ZIPPING:
        return gzip.compress(content, compresslevel=6, mtime=0), True
    return content, False


def stamped(response: HttpResponse, now: datetime) -> HttpResponse:
    """Add what every answer carries: the server's time, and that nobody may keep it."""
    response.headers["CP1-Time"] = str(round(now.timestamp() * 1000))
    response.headers["Content-Length"] = str(len(response.content))
    response.headers["Cache-Control"] = "no-store"
    return response


def _unzipped(raw: bytes) -> bytes:
    unzip = zlib.decompressobj(wbits=31)
    try:
        plain = unzip.decompress(raw, MOST_BYTES + 1)
    except zlib.error:
        raise EnvelopeInvalid from None
    if len(plain) > MOST_BYTES:
        raise TooLarge
    if not unzip.eof:
        raise EnvelopeInvalid
    return plain


def _refuse(constant: str) -> None:
    message = f"{constant} is not JSON"
    raise ValueError(message)


@lru_cache(maxsize=256)
def _language(accepted: str) -> str:
    """Return the language for these texts of ``Accept-Language``; no cookie is looked at."""
    asking = HttpRequest()
    asking.META["HTTP_ACCEPT_LANGUAGE"] = accepted
    return translation.get_language_from_request(asking)
