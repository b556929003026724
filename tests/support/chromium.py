"""The browser: found or fetched, launched quietly, and watched for what it must not do."""

import functools
from urllib.parse import urlsplit

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Request, WebError

from tests.browser_setup import find_browser

OWN_HOSTS = {"127.0.0.1", "localhost", ""}
ARGUMENTS = [
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-dev-shm-usage",
    "--disable-extensions",
    "--disable-sync",
    "--no-first-run",
    "--no-proxy-server",
]


@functools.cache
def executable() -> str | None:
    """Return the path of the browser on this machine, or None."""
    return find_browser()


class Witness:
    """Notes what a page asked of other hosts, every broken policy, every uncaught error."""

    def __init__(self, context: BrowserContext) -> None:
        """Watch everything that happens in the context."""
        self.complaints: list[str] = []
        context.on("request", self._note_request)
        context.on("console", self._note_console)
        context.on("weberror", self._note_error)

    def _note_request(self, request: Request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme in {"http", "https", "ws", "wss"} and parts.hostname not in OWN_HOSTS:
            self.complaints.append(f"asked another host: {request.url}")

    def _note_console(self, message: ConsoleMessage) -> None:
        if message.type == "error" and "Content Security Policy" in message.text:
            self.complaints.append(message.text)

    def _note_error(self, error: WebError) -> None:
        self.complaints.append(f"uncaught: {error.error}")


def accessibility_faults(page: Page) -> list[str]:
    """Return what axe finds wrong with the page as it stands, one line for each element."""
    found = Axe().run(page).response["violations"]
    return [
        f"{violation['id']} at {node['target']}: {violation['help']}"
        for violation in found
        for node in violation["nodes"]
    ]
