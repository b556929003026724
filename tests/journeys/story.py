"""What every journey stands on: people with their own browsers, and steps that tell where it broke."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page

from demo.accounts import PASSWORD
from tests.support.chromium import Witness
from tests.support.running import Running

DESK = {"viewport": {"width": 1280, "height": 800}}
PHONE = {
    "viewport": {"width": 390, "height": 844},
    "device_scale_factor": 2,
    "is_mobile": True,
    "has_touch": True,
}


class Story:
    """A story told in steps; each person in it has a browser of their own."""

    def __init__(self, plenary: Running, browser: Browser, pictures: Path) -> None:
        self.plenary = plenary
        self.mail = plenary.mail
        self.address = plenary.url
        self._browser = browser
        self._pictures = pictures
        self._people: dict[str, BrowserContext] = {}
        self._witnesses: dict[str, Witness] = {}
        self._began = time.monotonic()

    def person(self, name: str, screen: dict[str, Any], **more: Any) -> Page:
        """Return the first page of a person who sits down at a screen."""
        return self.welcome(name, self._browser.new_context(**screen, **more))

    def welcome(self, name: str, context: BrowserContext) -> Page:
        """Return the first page of a context that was opened elsewhere, and watch it too."""
        self._people[name] = context
        self._witnesses[name] = Witness(context)
        return context.new_page()

    @contextmanager
    def step(self, sentence: str) -> Iterator[None]:
        """Name a part of the story; if it breaks, say which, and keep what everybody saw."""
        began = time.monotonic()
        try:
            yield
        except BaseException as trouble:
            trouble.add_note(f"In the step: {sentence}\nSeen: {', '.join(self._look())}")
            trouble.add_note(self.plenary.log())
            raise
        now = time.monotonic()
        print(f"{now - self._began:6.1f} s  {sentence} ({now - began:.1f} s)")

    def end(self) -> None:
        """Let everybody go."""
        for context in self._people.values():
            context.close()

    def complaints(self) -> list[str]:
        """Return what any browser did that it must not: see `Witness`."""
        return [
            f"{name}: {complaint}"
            for name, witness in self._witnesses.items()
            for complaint in witness.complaints
        ]

    def _look(self) -> Iterator[str]:
        for name, context in self._people.items():
            for number, page in enumerate(context.pages):
                picture = self._pictures / f"{name.replace(' ', '-')}-{number}.png"
                try:
                    page.screenshot(path=picture, full_page=True, timeout=5_000)
                except Exception as trouble:  # noqa: BLE001  # the first trouble is what matters
                    yield f"{name}: no picture ({type(trouble).__name__})"
                else:
                    yield f"{picture} ({page.url})"


def sign_in(page: Page, address: str, part: str) -> None:
    """Sign in by the form, as one of the demo's parts."""
    page.goto(f"{address}/accounts/login/")
    page.locator("[name=login]").fill(f"{part}@plenary.example")
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("form[action$='/login/'] button[type=submit]").first.click()


def speak(page: Page, language: str) -> None:
    """Switch the page to a language (`en`, `zh-hans`) with the button that everybody has."""
    page.locator(f"button[name=language][value={language}]").first.click()
    code = {"zh-hans": "zh-Hans"}.get(language, language)
    page.locator(f"html[lang={code}]").wait_for(state="attached")
