"""The short way in for phones at the doors, beside all that pages for people need.

Their addresses know no session, no cookie and no form: a device shows its token with each request.
So they are answered without sessions, messages, sign-in or page policies, which would cost more
than the scan itself. What is left out here is left out for these addresses only.
"""

from collections.abc import Callable
from typing import Any, Final, cast

from django.core.handlers.base import BaseHandler
from django.core.handlers.exception import convert_exception_to_response
from django.http import HttpRequest, HttpResponseBase

Answering = Callable[[HttpRequest], HttpResponseBase]

PREFIXES: Final = ("/api/v1/checkin/",)


class ShortWay:
    """Answers the doors' addresses by their views alone, everything else in the usual way."""

    prefixes = PREFIXES

    def __init__(self, get_response: Answering) -> None:
        """Keep the usual way; the short one is Django's own, with nothing round the view."""
        self._usual = get_response
        handler: Any = BaseHandler()
        handler._view_middleware = []
        handler._template_response_middleware = []
        handler._exception_middleware = []
        self._short = cast("Answering", convert_exception_to_response(handler._get_response))

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer."""
        if request.path_info.startswith(self.prefixes):
            return self._short(request)
        return self._usual(request)
