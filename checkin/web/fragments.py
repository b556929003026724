"""The living part of a page: drawn once for each state of the figures, however many ask for it."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from datetime import datetime
from hashlib import sha256
from threading import Lock

from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.utils.translation import get_language

from checkin.live import Snapshot

#: How often a page asks. With a count that is at most a second old, an arrival shows within three.
EVERY_MS = 1500
_MOST_KEPT = 48

_drawn: OrderedDict[Hashable, str] = OrderedDict()
_drawing = Lock()


class Fragment:
    """One way to draw the figures of one conference; ``kind`` tells the ways apart."""

    def __init__(
        self, snapshot: Snapshot, *, conference: int, kind: tuple[str, ...], draw: Callable[[], str]
    ) -> None:
        """Take the figures and what draws them; nothing is drawn until it is asked for."""
        self._snapshot = snapshot
        self._key = (conference, snapshot.version, get_language(), *kind)
        self._draw = draw

    @property
    def etag(self) -> str:
        """What changes with the figures and the way they are drawn, and with nothing else."""
        return f'"{sha256(repr(self._key).encode()).hexdigest()[:20]}"'

    def html(self) -> str:
        """Return the drawing, made once in this process."""
        with _drawing:
            if self._key in _drawn:
                _drawn.move_to_end(self._key)
                return _drawn[self._key]
        html = self._draw()
        with _drawing:
            _drawn[self._key] = html
            while len(_drawn) > _MOST_KEPT:
                _drawn.popitem(last=False)
        return html

    def answer(self, request: HttpRequest, now: datetime) -> HttpResponse:
        """Answer a page that asks for its living part: 304 if it has it already."""
        if request.headers.get("If-None-Match") == self.etag:
            response: HttpResponse = HttpResponseNotModified()
        else:
            response = HttpResponse(self.html())
        response.headers["ETag"] = self.etag
        # The page asks by its own ETag: a browser's cache in between would hide the 304.
        response.headers["Cache-Control"] = "no-store"
        # When the figures were counted is told even where they have not changed.
        response.headers["Figures-As-Of"] = str(self._snapshot.as_of_ms)
        age = round(now.timestamp() * 1000) - self._snapshot.as_of_ms
        response.headers["Figures-Age"] = str(max(age, 0))
        return response
