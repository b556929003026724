"""What was not read of a refused request is taken off the line: the next one follows on it."""

import time
from typing import Final

from django.http import HttpRequest, HttpResponse

#: More than any phone sends. Who sends more, or slower, loses the connection as it is.
_MOST_BYTES: Final = 4 * 1024 * 1024
_WITHIN_S: Final = 10.0
_CHUNK: Final = 16 * 1024


class Refusal(HttpResponse):
    """An answer to a request that may not have been read.

    It leaves at once: a phone that has to wipe itself does not wait for its own upload. Left
    unread, the rest would make the web server drop the connection, and with it the next request
    or this very answer.
    """

    def __init__(self, request: HttpRequest, content: bytes, *, status: int) -> None:
        """Keep the request until the answer is out."""
        super().__init__(content, status=status, content_type="application/json")
        self._request = request

    def close(self) -> None:
        """Throw away what is still to come; the web server calls this after the last byte."""
        super().close()
        until = time.monotonic() + _WITHIN_S
        left = _MOST_BYTES
        try:
            while left > 0 and time.monotonic() < until and (read := self._request.read(_CHUNK)):
                left -= len(read)
        except OSError:
            return  # the phone has gone
