"""How refusals leave: one shape for every error of the interface, `{"code", "detail"}`.

``code`` is for programs and stable, ``detail`` is a sentence for people in the language that was
asked for. Input that does not fit also has ``errors``: for each field its sentences.
"""

from collections.abc import Iterator, Mapping
from math import ceil
from typing import Any, Final

from django.core.exceptions import PermissionDenied as DjangoPermissionDenied
from django.db import OperationalError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.views import defaults
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import set_rollback

from conference.errors import DomainError

API_PREFIX: Final = "/api/"
#: What a client should wait, in seconds, before it asks an overloaded server again.
RETRY_SECONDS: Final = 2
#: Where our word for programs is another than the framework's.
CODES: Final[Mapping[int, str]] = {
    404: "not_found",
    405: "method_not_allowed",
    406: "not_acceptable",
    413: "too_large",
    415: "media_type",
    429: "rate_limited",
}


def exception_handler(exception: Exception, context: Mapping[str, Any]) -> Response | None:
    """Return the answer to a refusal, or None for what nobody foresaw: Django then answers 500."""
    if isinstance(exception, DomainError):
        return _refusal(exception.status, exception.code, str(exception))
    if isinstance(exception, OperationalError):
        # A lock or a connection that was waited for too long: the same request may work soon.
        return _refusal(
            503,
            "unavailable",
            _("The service is busy. Try again in a moment."),
            headers={"Retry-After": str(RETRY_SECONDS)},
        )
    if isinstance(exception, Http404):
        exception = exceptions.NotFound()
    elif isinstance(exception, DjangoPermissionDenied):
        exception = exceptions.PermissionDenied()
    if isinstance(exception, exceptions.ValidationError):
        return _refusal(
            400,
            "invalid",
            _("Some of the values cannot be used. See each field."),
            errors=_by_field(exception.detail),
        )
    if isinstance(exception, exceptions.APIException):
        return _refusal(
            exception.status_code,
            CODES.get(exception.status_code) or _code_of(exception),
            str(exception.detail),
            headers=_headers_of(exception),
        )
    return None


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer an address that does not exist: programs in their shape, people with a page."""
    if request.path.startswith(API_PREFIX):
        detail = _("There is nothing at this address.")
        return JsonResponse({"code": "not_found", "detail": detail}, status=404)
    return defaults.page_not_found(request, exception)


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer what nobody foresaw, without a word about its inside."""
    if request.path.startswith(API_PREFIX):
        detail = _("Something went wrong on our side. It has been noted.")
        return JsonResponse({"code": "server_error", "detail": detail}, status=500)
    return defaults.server_error(request)


def _refusal(
    status: int,
    code: str,
    detail: str,
    *,
    errors: dict[str, list[str]] | None = None,
    headers: dict[str, str] | None = None,
) -> Response:
    set_rollback()
    body: dict[str, Any] = {"code": code, "detail": detail}
    if errors is not None:
        body["errors"] = errors
    return Response(body, status=status, headers=headers)


def _code_of(exception: exceptions.APIException) -> str:
    codes = exception.get_codes()
    return codes if isinstance(codes, str) else str(exception.default_code)


def _headers_of(exception: exceptions.APIException) -> dict[str, str]:
    headers = {}
    if challenge := getattr(exception, "auth_header", None):
        headers["WWW-Authenticate"] = str(challenge)
    if wait := getattr(exception, "wait", None):
        headers["Retry-After"] = str(ceil(wait))
    return headers


def _by_field(detail: Any) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for field, sentence in _sentences(detail, ""):
        found.setdefault(field or "non_field_errors", []).append(sentence)
    return found


def _sentences(detail: Any, path: str) -> Iterator[tuple[str, str]]:
    """Yield each sentence with the dotted path of its field, such as ``scans.0.gate``."""
    if isinstance(detail, Mapping):
        for key, value in detail.items():
            name = path if key == "non_field_errors" else f"{path}.{key}".lstrip(".")
            yield from _sentences(value, name)
    elif isinstance(detail, list):
        for index, value in enumerate(detail):
            nested = isinstance(value, Mapping | list)
            yield from _sentences(value, f"{path}.{index}".lstrip(".") if nested else path)
    else:
        yield path, str(detail)
