"""A delegate with a phone: the pass, the days, a seat, the calendar."""

import urllib.request

from icalendar import Calendar
from playwright.sync_api import Locator, Page, expect

from sessions.models import Session
from tests.journeys.story import PHONE, Story


class DelegatesPhone:
    """What the delegate does and sees."""

    def __init__(self, story: Story, link: str) -> None:
        self.page: Page = story.person("delegate", PHONE, locale="zh-CN")
        self._address = story.address
        self._link = link

    def open_pass(self) -> None:
        """Open the personal link and press its one button."""
        self.page.goto(self._link)
        self.page.locator("main form button").click()
        expect(self.page.locator(".pass__code svg")).to_be_visible()

    def picture_of_code(self) -> bytes:
        """Return the QR code as it is seen on the phone, as a PNG."""
        code = self.page.locator(".pass__code")
        code.evaluate("code => code.scrollIntoView({ block: 'center' })")
        return code.screenshot()

    def open_agenda(self) -> None:
        self.page.goto(f"{self._address}/me/agenda/")

    def entry(self, session: Session) -> Locator:
        """Return the session on the agenda."""
        return self.page.locator(f"#session-{session.pk}")

    def show_home_time(self, zone: str) -> None:
        self.page.locator("details:has(#home-zone) summary").click()
        self.page.locator("#home-zone").select_option(zone)
        self.page.locator("form:has(#home-zone) button").first.click()
        expect(self.page.locator(".home-time").first).to_be_visible()

    def take_seat(self, session: Session) -> None:
        self.entry(session).locator("form[action$='/take/'] button").click()
        expect(self.entry(session).locator("form[action$='/give-back/']")).to_be_visible()

    def subscribe(self) -> str:
        """Make the calendar's address and return it."""
        self.page.goto(f"{self._address}/me/calendar/")
        self.page.locator("form[action$='/subscribe/'] button").click()
        return self.page.locator("#address").input_value()


def read_calendar(address: str) -> Calendar:
    """Fetch a calendar as a calendar program does, and read it."""
    with urllib.request.urlopen(address, timeout=30) as answer:
        assert answer.headers["Content-Type"].startswith("text/calendar")
        return Calendar.from_ical(answer.read())
