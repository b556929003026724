"""How fast a slow phone judges without a line: 20,000 cards, a processor slowed down four times.

``measure()`` starts the page from the real server, hands it a snapshot, takes the line away and
scans. Beside the verdict stands what the browser needs, in the same run, for one strict write and
one read in a store of its own: the least that a verdict on disk can cost.
"""

import json
import os
import statistics
import threading
import time
import uuid
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.test")
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
django.setup()

from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler  # noqa: E402
from django.core.wsgi import get_wsgi_application  # noqa: E402
from playwright.sync_api import BrowserContext, Page, sync_playwright  # noqa: E402

from delegates.documents import badge_code  # noqa: E402
from delegates.documents.badge_card import Card, seal_card  # noqa: E402
from delegates.documents.badge_code import Payload  # noqa: E402
from delegates.documents.badge_keys import (  # noqa: E402
    badge_secret,
    load_signing_key,
    lookup_of,
    new_conference_secret,
    new_signing_key,
    public_point,
)
from tests.support import chromium  # noqa: E402

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIEnvironment

CARDS = 20_000
SCANS = 200
SLOWER = 4
STARTS = 5
VERDICT_P95_MS = 150
START_MS = 3_000

_CONFERENCE = 7
_ZONE = {
    "id": 1,
    "name": {"en": "Venue", "zh": "会场"},
    "open_to": [1],
    "windows": [],
    "reentry": "after_exit",
    "resets": [],
    "provisional": [],
    "escort": False,
}

# From the text that a decoder hands over to the light that is on.
_SCAN = """async (text) => {
  const page = document.getElementById("scanner");
  while (page.dataset.busy === "yes") await new Promise((ready) => setTimeout(ready, 5));
  return new Promise((done) => {
  const result = document.getElementById("result");
  const code = document.getElementById("code");
  const seen = new MutationObserver(() => {
    if (result.hidden) return;
    const took = performance.now() - started;
    seen.disconnect();
    const verdict = result.dataset.code;
    document.getElementById("next").click();
    done([took, verdict]);
  });
  seen.observe(result, { attributes: true, attributeFilter: ["hidden"] });
  code.value = text;
  const started = performance.now();
  document.getElementById("code-form").requestSubmit();
  });
}"""

_REFERENCE = """times => new Promise((done) => {
  const opening = indexedDB.open("reference", 1);
  opening.onupgradeneeded = () => opening.result.createObjectStore("rows");
  opening.onsuccess = async () => {
    const db = opening.result;
    const row = { text: "x".repeat(600) };
    const took = [];
    for (let key = 0; key < times; key += 1) {
      const started = performance.now();
      await new Promise((ready) => {
        const change = db.transaction("rows", "readwrite", { durability: "strict" });
        change.objectStore("rows").put(row, key);
        change.oncomplete = ready;
      });
      await new Promise((ready) => {
        const asked = db.transaction("rows").objectStore("rows").get(key);
        asked.onsuccess = ready;
      });
      took.push(performance.now() - started);
    }
    done(took);
  };
})"""


class _Quiet(WSGIRequestHandler):
    """A server that does not write down every request."""

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        """Say nothing."""


class _Roster:
    """A conference of so many badges: its snapshot, and the texts of some of them."""

    def __init__(self, cards: int, scanned: int) -> None:
        secret, scalar = new_conference_secret(), new_signing_key()
        key = load_signing_key(scalar)
        self.point = public_point(scalar)
        self.badges: list[dict[str, Any]] = []
        self.texts: list[str] = []
        for number in range(cards):
            issued = badge_secret(secret, uuid.UUID(int=number + 1), 1)
            card: Card = {
                "name": f"Delegate {number}",
                "native_name": f"代表{number}",
                "delegation": number % 200,
                "title": {"en": "Deputy Director of the Foreign Affairs Office", "zh": "副主任"},
                "class": 1,
            }
            self.badges.append(
                {"lookup": lookup_of(issued), "status": "ok", "card": seal_card(card, issued)}
            )
            if number % max(1, cards // scanned) == 0 and len(self.texts) < scanned:
                payload = Payload(
                    key_id=1, conference=_CONFERENCE, secret=issued, issue=1, qr_class=1
                )
                self.texts.append(badge_code.write(payload, key))

    def snapshot(self) -> str:
        """Return the answer of ``snapshot/``."""
        rules = {
            "keys": [{"key_id": 1, "point": self.point}],
            "classes": [{"id": 1, "code": "delegate", "name": {"en": "Delegate"}}],
            "zones": [_ZONE],
            "gates": [{"id": 4, "name": {"en": "North door"}, "zones": [1]}],
            "delegations": [{"id": n, "name": {"en": f"City {n}"}} for n in range(200)],
            "texts": {},
            "reasons": [],
        }
        return json.dumps(
            {
                "full": True,
                "cursor": "bench",
                "lease_ms": 43_200_000,
                "poll_s": 3_600,
                "rules": rules,
                "badges": self.badges,
                "gone": [],
                "presence": [],
            },
            ensure_ascii=False,
        )


def measure(*, cards: int = CARDS, scans: int = SCANS, slower: int = SLOWER) -> dict[str, Any]:
    """Return p50 and p95 of the verdict and of the reference in ms, and the slowest cold start."""
    roster = _Roster(cards, scans)
    server = ThreadedWSGIServer(("127.0.0.1", 0), _Quiet)
    server.daemon_threads = True
    server.set_app(_Door(roster))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    address = f"http://localhost:{server.server_port}/checkin/"
    try:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(
                executable_path=chromium.executable(), args=chromium.ARGUMENTS
            )
            context = browser.new_context(viewport={"width": 390, "height": 844})
            page, applied_ms = _enrolled(context, address, roster)
            _slow_down(page, slower)
            context.set_offline(True)
            outcomes = [page.evaluate(_SCAN, text) for text in roster.texts]
            assert {verdict for _, verdict in outcomes} == {"admit"}
            reference = page.evaluate(_REFERENCE, scans)
            page.close()
            starts = [_cold_start(context, address, slower) for _ in range(STARTS)]
            browser.close()
    finally:
        server.shutdown()
    verdicts = [took for took, _ in outcomes]
    return {
        "cards": cards,
        "scans": len(verdicts),
        "slower": slower,
        "p50_ms": round(statistics.median(verdicts), 1),
        "p95_ms": round(_p95(verdicts), 1),
        "reference_p50_ms": round(statistics.median(reference), 1),
        "reference_p95_ms": round(_p95(reference), 1),
        "cold_start_ms": round(max(starts)),
        "snapshot_applied_ms": round(applied_ms),
        "verdict_most_ms": VERDICT_P95_MS,
        "start_most_ms": START_MS,
    }


class _Door:
    """The real pages and files, and before them a door that knows the roster by heart."""

    def __init__(self, roster: _Roster) -> None:
        self._pages = get_wsgi_application()
        device = {
            "id": str(uuid.uuid4()),
            "name": "North door 2",
            "gate": 4,
            "zones": [1],
            "capabilities": ["scan"],
            "valid_until_ms": 2**52,
        }
        conference = {"id": _CONFERENCE, "name": {"en": "Bench"}, "tz": "Asia/Shanghai"}
        enrolled = {"device": device, "token": "t" * 43, "conference": conference}
        self._answers = {
            "enrolments": json.dumps(enrolled).encode(),
            "snapshot": roster.snapshot().encode(),
            "scans": b'{"results":[]}',
        }

    def __call__(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        """Answer as the door or the pages would."""
        path = environ["PATH_INFO"]
        if not path.startswith("/api/v1/checkin/"):
            return self._pages(environ, start_response)
        environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        body = self._answers[path.strip("/").rsplit("/", 1)[-1]]
        headers = {"CP1-Time": str(round(time.time() * 1000)), "Content-Type": "application/json"}
        headers["Content-Length"] = str(len(body))
        start_response("200 OK", list(headers.items()))
        return [body]


def _enrolled(context: BrowserContext, address: str, roster: _Roster) -> tuple[Page, float]:
    """Return the page on its shift, and how long until the first snapshot was on the disk."""
    page = context.new_page()
    started = time.monotonic()
    page.goto(f"{address}#e={'b' * 22}")
    page.wait_for_selector(f"#line[data-cards='{len(roster.badges)}']", timeout=60_000)
    applied_ms = (time.monotonic() - started) * 1000
    page.wait_for_selector("#start:enabled", timeout=60_000)
    page.click("#start")
    page.wait_for_selector("#work:visible")
    return page, applied_ms


def _cold_start(context: BrowserContext, address: str, slower: int) -> float:
    """Return how long a new page without a line takes until the guard can scan, in ms."""
    page = context.new_page()
    _slow_down(page, slower)
    started = time.monotonic()
    page.goto(address)
    page.wait_for_selector("#work:visible", timeout=30_000)
    took = (time.monotonic() - started) * 1000
    page.close()
    return took


def _slow_down(page: Page, slower: int) -> None:
    session = page.context.new_cdp_session(page)
    session.send("Emulation.setCPUThrottlingRate", {"rate": slower})


def _p95(values: list[float]) -> float:
    return statistics.quantiles(values, n=20)[-1]


if __name__ == "__main__":
    print(json.dumps(measure(), indent=2))
