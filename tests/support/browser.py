"""Which tests need a browser, what happens where there is none, and how they are answered."""

import os

import pytest
from django.core.servers.basehttp import WSGIRequestHandler

from tests.support.chromium import executable

FIXTURES = {"page", "context", "browser", "new_context", "browser_type"}


def pytest_configure() -> None:
    """Let the live server send the body of an answer before its head has been confirmed.

    It writes them apart, and each body waited for up to 40 ms; a page asks for dozens of files.
    """
    WSGIRequestHandler.disable_nagle_algorithm = True


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests that need a browser; without one skip them aloud, or in CI fail."""
    missing = pytest.mark.skip(reason="no browser on this machine: run `make browser`")
    for item in items:
        if not FIXTURES & set(getattr(item, "fixturenames", ())):
            continue
        item.add_marker(pytest.mark.browser)
        if executable():
            continue
        if os.environ.get("CI") == "true":
            raise pytest.UsageError("CI must have a browser: `make browser` says what went wrong.")
        item.add_marker(missing)
