"""The focal point of a delegation on a phone, in Chinese; no account, only the letter's link."""

import re
import urllib.request
from email.message import EmailMessage

from playwright.sync_api import Locator, Page, expect

from tests.journeys.story import PHONE, Story, speak


def text_of(mail: EmailMessage) -> str:
    """Return the plain text of a letter."""
    part = mail.get_body(("plain",))
    assert part is not None
    return str(part.get_content())


def link_in(mail: EmailMessage, path: str) -> str:
    """Return the one address in the letter that leads below this path."""
    found = set(re.findall(rf"http://\S+{path}\S+/", text_of(mail)))
    assert len(found) == 1, found
    return found.pop()


def open_as_a_mail_scanner(link: str) -> None:
    """Fetch the page as programs do that look at letters before people: no script, no cookie."""
    with urllib.request.urlopen(link, timeout=30) as answer:
        assert answer.status == 200
        answer.read()


class FocalPoint:
    """What the focal point does and sees."""

    def __init__(self, story: Story, link: str) -> None:
        self.page: Page = story.person("focal point", PHONE, locale="zh-CN")
        self._link = link

    def open_letter(self) -> None:
        self.page.goto(self._link)
        expect(self.page.locator("html")).to_have_attribute("lang", "zh-Hans")

    def read_in_english_and_back(self) -> None:
        speak(self.page, "en")
        expect(self.page).to_have_url(self._link)
        speak(self.page, "zh-hans")

    def accept(self, note: str) -> None:
        self.page.locator("[name=note]").fill(note)
        self.page.locator("[name=reply][value=accepted]").click()
        self.list_is_shown()

    def list_is_shown(self) -> None:
        expect(self.page.locator("#people")).to_be_visible()

    def missing(self) -> Locator:
        """Return what is missing and must not be."""
        return self.page.locator(".to-do li.is-missing:not(:has(form))")

    def name_person(self, **fields: str) -> None:
        """Add a person to the list."""
        self.page.locator("a[href$='/people/new/']").first.click()
        self._fill(fields)

    def complete_person(self, **fields: str) -> None:
        """Follow the first thing that is missing, and fill it in."""
        self.missing().get_by_role("link").first.click()
        self._fill(fields)

    def submit(self) -> None:
        self.page.locator("form[action$='/submit/'] button").click()
        expect(self.page.locator("form[action$='/submit/']")).to_have_count(0)

    def _fill(self, fields: dict[str, str]) -> None:
        form = self.page.locator("form[data-badge-preview]")
        for name, value in fields.items():
            field = form.locator(f"[name={name}]")
            if field.evaluate("field => field.tagName") == "SELECT":
                field.select_option(value)
            else:
                field.fill(value)
        form.locator(".form__actions button").first.click()
        self.list_is_shown()
