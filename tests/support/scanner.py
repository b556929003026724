"""A phone in a guard's hand: what the browser tests of the scanner do and look at."""

import re
from collections.abc import Sequence

from django.utils import timezone
from playwright.sync_api import Locator, Page, expect

from checkin.models import Gate
from checkin.operations import enrolling_devices
from conference.models import Conference
from delegates.models import Delegate
from delegates.operations import badging

PHONE = {"width": 390, "height": 844}
#: A phone judges by itself when the server takes more than a second and a half, which it may on a
#: busy machine. Where that is not the story, it waits longer; `inHurry` is the browser's own clock.
PATIENT = """if (!window.inHurry) {
  window.inHurry = AbortSignal.timeout;
  AbortSignal.timeout = (ms) => window.inHurry.call(AbortSignal, 20 * ms);
}"""

#: True once a light is on that was not seen before, also when it has gone out by itself: green stays
#: for two and a half seconds, in which a busy machine may not come to look.
LIT = """() => {
  const result = document.getElementById("result");
  return !result.hidden || (result.dataset.scan ?? "") !== (result.dataset.seen ?? "");
}"""
#: Notes that whatever light was on was seen.
SEEN = "result => { result.dataset.seen = result.dataset.scan ?? ''; }"


def enrolment_address(
    conference: Conference,
    *,
    name: str = "North door 2",
    gate: str = "North door",
    capabilities: Sequence[str] = ("scan", "desk"),
) -> str:
    """Return the one-time address of a new device."""
    issued = enrolling_devices.create_device(
        conference=conference,
        gate=Gate.objects.get(conference=conference, name_en=gate),
        name=name,
        capabilities=list(capabilities),
        now=timezone.now(),
    )
    return issued.address


def open_scanner(page: Page, address: str) -> None:
    """Open the scanner and wait until it has made up its mind which screen is up."""
    page.add_init_script(PATIENT)
    page.goto(address)
    expect(page.locator("#scanner")).to_have_attribute("data-ready", "yes")


def start_shift(page: Page) -> None:
    """Press the button that only a phone that can work offline offers."""
    start = page.locator("#start")
    expect(start).to_be_enabled()
    start.click()
    expect(page.locator("#work")).to_be_visible()


def on_shift(page: Page, address: str) -> Page:
    """Set the phone up and start its shift."""
    open_scanner(page, address)
    start_shift(page)
    return page


def code_of(person: Delegate) -> str:
    """Return the text in the QR code of the person's badge."""
    return badging.badge_code_text(person.badges.get(revoked_at=None))


def type_code(page: Page, text: str) -> None:
    """Type a code into the field and send it."""
    page.locator("#result").evaluate(SEEN)
    page.locator("#code").fill(text)
    page.locator("#code").press("Enter")


def light(page: Page) -> Locator:
    """Return the light, once it is on or has been."""
    page.wait_for_function(LIT)
    return page.locator("#result")


def go_on(page: Page) -> None:
    """Press what lets the next person come, if the light has not gone by itself."""
    page.locator("#result").evaluate(SEEN)
    page.locator("#next").evaluate("button => button.click()")


def scan(page: Page, text: str) -> str:
    """Scan a code, go on, and return the verdict that was shown."""
    type_code(page, text)
    code = light(page).get_attribute("data-code")
    go_on(page)
    return code or ""


def expect_line(page: Page, state: str) -> None:
    """Wait until the phone says that it is online or offline."""
    expect(page.locator("#line")).to_have_attribute("data-line", state)


def expect_queued(page: Page, number: int) -> None:
    """Wait until so many scans wait on the phone."""
    expect(page.locator("#line")).to_have_attribute("data-queued", re.compile(f"^{number}$"))
