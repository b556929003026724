"""One phone at a door: its line, its browser, what its guard does and sees."""

import contextlib
import json
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import segno
from playwright.sync_api import Browser, BrowserContext, CDPSession, Page, Playwright, expect
from playwright.sync_api import Error as BrowserError

from checkin.models import Device
from tests.chaos.line import Line
from tests.chaos.witness import Sight, Witness
from tests.support import scanner

SCREEN = {"width": 390, "height": 844}
FIRST_START_MS = 40_000
SCRIPT = Path(__file__).with_name("witness.js")
#: How many rows of the phone's scans are in each state, how many records the server refused.
COUNT_ROWS = """async () => {
  const opened = indexedDB.open("plenary-checkin");
  const db = await new Promise((resolve, reject) => {
    opened.onsuccess = () => resolve(opened.result);
    opened.onerror = () => reject(opened.error);
  });
  const all = (store) => new Promise((resolve, reject) => {
    if (!db.objectStoreNames.contains(store)) return resolve([]);
    const asked = db.transaction(store).objectStore(store).getAll();
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(asked.error);
  });
  const found = { scans: await all("scans"), refused: await all("refused"), roster: await all("roster") };
  db.close();
  return found;
}"""


@dataclass
class Try:
    """A badge held up once, and the light that followed, if any did before the phone was ended."""

    lookup: str | None
    zone: int
    scan: str | None = None


@dataclass
class Phone:
    """A phone: `context` is its browser, `page` its page while there is one."""

    name: str
    line: Line
    context: BrowserContext
    device: Device
    profile: Path | None = None
    code: str = ""
    witness: Witness = field(default_factory=Witness)
    tries: list[Try] = field(default_factory=list)
    devices: list[Device] = field(default_factory=list)
    page: Page | None = None
    wall: int = 0
    slept: int = 0
    opened_ms: int = 0
    is_gone: bool = False

    def __post_init__(self) -> None:
        self.take(self.context)
        self.devices.append(self.device)

    def take(self, context: BrowserContext) -> None:
        """Begin with a browser session, new or found again after a cold start."""
        self.context = context
        self.witness.watch(context)
        context.add_init_script(path=SCRIPT)

    # --- The page ---

    def open(self, fragment: str = "") -> Page:
        """Open the page in a new tab and wait until it has made up its mind."""
        page = self.context.new_page()
        self.page = page
        self.opened_ms = round(time.time() * 1000)
        self._set_clocks(page)
        page.goto(f"{self.line.url}/checkin/{fragment}")
        self.wait_until_ready()
        return page

    def wait_until_ready(self) -> None:
        expect(self.live.locator("#scanner")).to_have_attribute(
            "data-ready", "yes", timeout=FIRST_START_MS
        )

    def wait_until_synced(self) -> None:
        """Wait until the list is as the server had it after the page was opened."""
        for _ in range(100):
            if int(self.live.locator("#line").get_attribute("data-synced") or 0) >= self.opened_ms:
                return
            self.live.wait_for_timeout(100)
        raise AssertionError(f"{self.name} did not fetch the list: {self.line.asked[-8:]}")

    @property
    def live(self) -> Page:
        assert self.page is not None, f"{self.name} has no page"
        return self.page

    @property
    def screen(self) -> str:
        return self.live.locator("#scanner").get_attribute("data-screen") or ""

    def enrol(self) -> None:
        """Open the one-time link and start the shift."""
        self.open(f"#e={self.code}")
        self.start_shift()

    def start_shift(self) -> None:
        start = self.live.locator("#start")
        expect(start).to_be_enabled(timeout=FIRST_START_MS)
        start.click()
        expect(self.live.locator("#work")).to_be_visible()

    def kill_tab(self) -> None:
        """End the page at once, without a word to it."""
        page, self.page = self.page, None
        if page is not None:
            page.close(run_before_unload=False)

    def reload(self) -> None:
        self.opened_ms = round(time.time() * 1000)
        self._set_clocks(self.live)
        self.live.reload()
        self.wait_until_ready()

    # --- The guard ---

    def hold_up(self, text: str, lookup: str | None, *, may_count: bool = True) -> Try:
        """Type a code, and do not look. With `may_count` off, no scan may come of it unseen."""
        tried = Try(lookup, self.zone)
        if may_count:
            self.tries.append(tried)
        scanner.type_code(self.live, text)
        return tried

    def look(self, tried: Try) -> Sight:
        """Read the light that follows, and go on."""
        light = scanner.light(self.live)
        code = light.get_attribute("data-code") or ""
        tried.scan = light.get_attribute("data-scan") or None
        scanner.go_on(self.live)
        expect(light).to_be_hidden()
        return Sight(code, tried.scan or "", light.get_attribute("data-light") or "", 0)

    @property
    def zone(self) -> int:
        chosen = self.live.locator("#zone")
        return int(chosen.input_value() or 0) if chosen.count() else 0

    def choose_zone(self, zone: int) -> None:
        self.live.locator("#zone").select_option(str(zone))

    def turn(self, direction: str) -> None:
        self.live.locator(f"#directions [data-direction={direction}]").click()

    def show_to_camera(self, text: str) -> None:
        """Hold a code before the camera, or nothing."""
        frames: list[list[int]] = []
        if text:
            made = segno.make(text, error="m", micro=False)
            frames = [list(map(int, row)) for row in made.matrix_iter(border=4)]
        self.live.evaluate("frames => { window.__chaos.frames = frames; }", frames)

    # --- The world around it ---

    def go_offline(self) -> None:
        """Airplane mode: the browser knows, and says so to the page."""
        self.context.set_offline(True)

    def go_online(self) -> None:
        self.context.set_offline(False)

    def set_clocks(self, *, wall: int | None = None, slept: int | None = None) -> None:
        """Set how far the wall clock is off, and how long the monotonic one has stood still."""
        self.wall = self.wall if wall is None else wall
        self.slept = self.slept if slept is None else slept
        if self.page is not None:
            self.page.evaluate(
                "([wall, slept]) => Object.assign(window.__chaos, { wall, slept })",
                [self.wall, self.slept],
            )

    def hold_at(self, point: str) -> None:
        """Let the page never hear that what it writes at this point is on the disk."""
        self.live.evaluate("point => { window.__chaos.hold = point; }", point)

    def wait_until_held(self, point: str) -> None:
        for _ in range(80):
            if point in self.witness.held:
                return
            self.live.wait_for_timeout(50)
        raise AssertionError(f"{self.name} never wrote at {point}: {self.witness.held}")

    def abort_at(self, point: str, times: int = 1) -> None:
        """Let the next transactions that write at this point fail."""
        self.live.evaluate(
            "([point, times]) => { window.__chaos.abort[point] = times; }", [point, times]
        )

    def cdp(self) -> CDPSession:
        return self.context.new_cdp_session(self.live)

    def set_quota(self, size: int | None) -> None:
        """Let the browser give this page so many bytes of storage."""
        asked: dict[str, Any] = {"origin": self.line.url}
        if size is not None:
            asked["quotaSize"] = size
        self.cdp().send("Storage.overrideQuotaForOrigin", asked)

    # --- What is kept on it ---

    def rows(self) -> list[dict[str, Any]]:
        """Return the phone's own scans as they lie in its store."""
        found: list[dict[str, Any]] = self._store()["scans"]
        return found

    def refused(self) -> list[dict[str, Any]]:
        """Return the records that the server would not take."""
        found: list[dict[str, Any]] = self._store()["refused"]
        return found

    def roster(self) -> list[Any]:
        """Return what is left of the list of badges."""
        found: list[Any] = self._store()["roster"]
        return found

    def expect_one(self, lookup: str) -> Try:
        """Note that somebody is about to be let in by a press."""
        tried = Try(lookup, self.zone)
        self.tries.append(tried)
        return tried

    def unsent(self) -> int:
        return sum(row["state"] != "kept" for row in self.rows())

    def _store(self) -> dict[str, Any]:
        return json.loads(json.dumps(self.live.evaluate(COUNT_ROWS)))

    def wait_until_empty(self, seconds: float = 45) -> None:
        """Wait until nothing on the phone waits for the server."""
        for _ in range(int(seconds / 0.25)):
            if self.unsent() == 0:
                return
            self.live.wait_for_timeout(250)
        states = [(row["state"], row["record"]["shown"]) for row in self.rows()]
        raise AssertionError(f"{self.name} still keeps {states}; asked {self.line.asked[-8:]}")

    def _set_clocks(self, page: Page) -> None:
        page.add_init_script(
            f"Object.assign(window.__chaos ?? {{}}, {{ wall: {self.wall}, slept: {self.slept} }});"
        )


def new_context(browser: Browser) -> BrowserContext:
    """Return a browser session of a phone in the hall."""
    return browser.new_context(viewport=SCREEN, locale="en-US", timezone_id="Asia/Shanghai")


def cold_context(playwright: Playwright, profile: Path, options: dict[str, Any]) -> BrowserContext:
    """Return the session of a browser that was just started, on what it kept from before."""
    return playwright.chromium.launch_persistent_context(
        str(profile), viewport=SCREEN, locale="en-US", timezone_id="Asia/Shanghai", **options
    )


def close_all(phones: Sequence[Phone]) -> None:
    for phone in phones:
        with contextlib.suppress(BrowserError):
            phone.context.close()
        phone.line.close()
