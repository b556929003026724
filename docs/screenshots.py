"""Takes the pictures of README.md from a demo begun anew: `make screenshots`.

All pictures go to var/screenshots/, each page on a phone and on a desk, in both languages; the ones
that README.md shows are kept beside this file, in docs/screenshots/.
"""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from config.broker import free_port  # noqa: E402
from tests.support import chromium  # noqa: E402

ALL = ROOT / "var" / "screenshots"
KEPT = ROOT / "docs" / "screenshots"
LARGEST = 250_000  # bytes
REHEARSAL = "/organise/china-us-rehearsal"
MAILING = "main th a[href*='/mailings/']"
SCREENS = {
    "phone": {
        "viewport": {"width": 390, "height": 844},
        "device_scale_factor": 1.5,
        "is_mobile": True,
        "has_touch": True,
    },
    "desk": {"viewport": {"width": 1280, "height": 800}},
}
LANGUAGES = {"en": "en-US", "zh-hans": "zh-CN"}

#: The pictures in README.md.
IN_README = (
    "overview-desk-en",
    "list-desk-en",
    "letter-desk-zh-hans",
    "map-desk-en",
    "audience-desk-en",
    "why-desk-en",
    "arrivals-desk-en",
    "wall-desk-en",
    "edition-phone-zh-hans",
    "delegation-phone-zh-hans",
    "pass-phone-en",
    "agenda-phone-zh-hans",
    "ready-phone-zh-hans",
    "gate-phone-en",
)


@dataclass(frozen=True)
class Shot:
    """One page: its name, whose it is, where it is, and what to do there first."""

    name: str
    part: str
    path: str
    prepare: Callable[[Page], None] | None = None
    only: str = ""  # the part of the page that is taken; without it, what the screen shows


def load_list(page: Page) -> None:
    page.locator("[name=file]").set_input_files(ROOT / "demo" / "data" / "delegation_sample.xlsx")
    delegation = page.locator("[name=delegation]")
    washington = delegation.locator("option", has_text="Washington").or_(
        delegation.locator("option", has_text="华盛顿")
    )
    delegation.select_option(str(washington.first.get_attribute("value")))
    page.locator("main form button").first.click()
    page.locator("tr[id^=row-]").first.wait_for()


def scroll_to(selector: str) -> Callable[[Page], None]:
    def scroll(page: Page) -> None:
        page.locator(selector).first.evaluate("part => part.scrollIntoView()")

    return scroll


def follow(*links: str) -> Callable[[Page], None]:
    """Go on by the first of each of these links in turn."""

    def go_on(page: Page) -> None:
        for link in links:
            page.locator(link).first.click()
            page.wait_for_load_state()

    return go_on


def see_the_letter(page: Page) -> None:
    """Open the letter that was sent, and see it as its recipients do."""
    follow("main th a")(page)
    preview = page.locator("details:has(.previews)")
    preview.locator("summary").click()
    preview.evaluate("part => part.scrollIntoView()")


def take_a_gate(page: Page) -> None:
    """Take a gate and see whether this phone can work offline."""
    page.locator("form[action$='/work/'] button").first.click()
    page.locator("#start:enabled").wait_for()


def admit_somebody(page: Page) -> None:
    """Start the shift at the gate that was taken, find the demo's delegate, let the light show."""
    page.locator("#start:enabled").click()
    page.locator("#q").fill("Delgado")
    page.locator("#search-form .scanner__pair button").click()
    page.locator("#found button:has(.scanner__found-name)").first.click()
    page.locator("#result").wait_for()


SHOTS = (
    Shot("front", "", "/"),
    Shot("edition", "", "/conferences/china-us-2023/"),
    Shot("programme", "", "/conferences/china-us-2023/programme/"),
    Shot("sign-in", "", "/accounts/login/"),
    Shot("overview", "organiser", f"{REHEARSAL}/"),
    Shot("map", "organiser", f"{REHEARSAL}/", only="section:has(> #pairs)"),
    Shot("delegations", "organiser", f"{REHEARSAL}/delegations/"),
    Shot("list", "organiser", f"{REHEARSAL}/imports/new/", load_list),
    Shot("letter", "organiser", f"{REHEARSAL}/letters/", see_the_letter),
    Shot("mailing", "organiser", f"{REHEARSAL}/mailings/", follow(MAILING)),
    Shot(
        "audience",
        "organiser",
        f"{REHEARSAL}/mailings/",
        follow(MAILING, "main a[href$='/audience/']"),
    ),
    Shot("why", "organiser", f"{REHEARSAL}/messages/", follow("main td a[href*='/messages/']")),
    Shot("reminders", "organiser", f"{REHEARSAL}/reminders/"),
    Shot("blocked", "organiser", f"{REHEARSAL}/blocked/"),
    Shot("accreditation", "organiser", f"{REHEARSAL}/accreditation/"),
    Shot("sessions", "organiser", f"{REHEARSAL}/programme/"),
    Shot("rooms", "organiser", f"{REHEARSAL}/programme/rooms/"),
    Shot("arrivals", "organiser", f"{REHEARSAL}/arrivals/"),
    Shot("wall", "organiser", f"{REHEARSAL}/arrivals/wall/"),
    Shot("alerts", "organiser", f"{REHEARSAL}/alerts/"),
    Shot("arrival-desk", "organiser", f"{REHEARSAL}/desk/?q=Delgado"),
    Shot("devices", "organiser", f"{REHEARSAL}/devices/"),
    Shot("delegation", "focal-point", "/delegation/"),
    Shot("pass", "delegate", "/me/", scroll_to(".pass")),
    Shot("agenda", "delegate", "/me/agenda/"),
    Shot("inbox", "delegate", "/me/inbox/"),
    Shot("notices", "delegate", "/me/notices/"),
    Shot("ready", "gate-staff", "/checkin/", take_a_gate),
    Shot("gate", "gate-staff", "/checkin/", admit_somebody),
)


@contextmanager
def fresh_demo() -> Iterator[str]:
    """Run Plenary as `make run` does, on data of its own; yield its address."""
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    with tempfile.TemporaryDirectory() as folder:
        environment = os.environ | {"PORT": str(port), "PLENARY_DATA_DIR": folder}
        command = [sys.executable, "config/run"]
        with subprocess.Popen(command, cwd=ROOT, env=environment) as running:
            try:
                wait_for(f"{address}/readyz")
                yield address
            finally:
                running.send_signal(signal.SIGINT)


def wait_for(url: str, seconds: float = 240) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(url, timeout=10):
                return
        except OSError:
            time.sleep(0.5)
    raise SystemExit(f"{url} does not answer")


def take(browser: Browser, address: str, screen: str, language: str) -> None:
    """Take all pictures on one screen in one language."""
    for part in dict.fromkeys(shot.part for shot in SHOTS):
        context = browser.new_context(**SCREENS[screen], locale=LANGUAGES[language])
        # Who comes without this is spoken to in the language of the account.
        context.add_cookies([{"name": "django_language", "value": language, "url": address}])
        page = context.new_page()
        if part:
            page.goto(f"{address}/demo/sign-in/{part}/")
            page.locator("main form button").first.click()
        for shot in (each for each in SHOTS if each.part == part):
            page.goto(address + shot.path)
            if shot.name == "delegation":
                page.locator("a[href^='/delegation/']").first.click()
            if shot.prepare:
                shot.prepare(page)
            page.evaluate("document.fonts.ready")
            page.wait_for_timeout(300)
            seen = page.locator(shot.only) if shot.only else page
            seen.screenshot(path=ALL / f"{shot.name}-{screen}-{language}.png")
        context.close()


def main() -> int:
    ALL.mkdir(parents=True, exist_ok=True)
    KEPT.mkdir(exist_ok=True)
    with fresh_demo() as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium.executable(), args=chromium.ARGUMENTS
        )
        for screen in SCREENS:
            for language in LANGUAGES:
                take(browser, address, screen, language)
        browser.close()
    large = []
    for name in IN_README:
        picture = Path(shutil.copy(ALL / f"{name}.png", KEPT))
        if picture.stat().st_size > LARGEST:
            large.append(name)
    print(f"{len(list(ALL.glob('*.png')))} pictures in {ALL}, {len(IN_README)} in {KEPT}")
    if large:
        print(f"Larger than {LARGEST} bytes: {', '.join(large)}")
    return 1 if large else 0


if __name__ == "__main__":
    sys.exit(main())
