"""The suite's own fixtures; see `tests/support/` for what each part does and why."""

import os
from collections.abc import Iterator
from typing import Any

import pytest
from django.utils import translation
from playwright.sync_api import BrowserContext, Playwright, expect, sync_playwright
from pytest_django import DjangoDbBlocker

from checkin.live import sharing, watchers
from tests.support import chromium, template
from tests.support.patience import PATIENCE_MS
from tests.support.sessions import close_other_sessions

pytest_plugins = [
    "tests.support.broker",
    "tests.support.browser",
    "tests.support.database",
    "tests.support.dns",
    "tests.support.figures",
    "tests.support.hypothesis_profile",
    "tests.support.imap",
    "tests.support.mail",
    "tests.support.running",
    "tests.support.sharing_out",
]

#: The suite needs no Firefox; `make firefox` asks for these tests.
collect_ignore = [] if os.environ.get("PLENARY_WITH_FIREFOX") else ["firefox"]


@pytest.fixture(scope="session")
def django_db_keepdb(django_db_modify_db_settings: None) -> Iterator[bool]:
    """Whether the tables were made by an earlier run, of which this one has a copy."""
    is_copy = template.copy_tables()
    yield is_copy
    if is_copy:
        template.forget_copy()


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """The test database, which PostgreSQL drops only once nobody else is connected."""
    with django_db_blocker.unblock():
        template.keep_tables()
    yield
    with django_db_blocker.unblock():
        close_other_sessions()


@pytest.fixture(autouse=True)
def _english_again() -> Iterator[None]:
    """Forget the language that a page was asked for in."""
    yield
    translation.deactivate()


@pytest.fixture(autouse=True)
def _nothing_counted() -> None:
    """Hold no figures of an earlier test's conference, which had the same number."""
    sharing.forget()
    watchers.forget()


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    """Playwright's loop, which from now on runs in this process beside Django's queries."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        with sync_playwright() as running:
            expect.set_options(timeout=PATIENCE_MS)
            yield running


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    """How to launch the browser that this machine has."""
    return {"executable_path": chromium.executable(), "args": chromium.ARGUMENTS}


@pytest.fixture(scope="session")
def browser_context_args() -> dict[str, Any]:
    """A person in Europe with a laptop; tests say otherwise where it matters."""
    return {
        "locale": "en-US",
        "timezone_id": "Europe/Paris",
        "viewport": {"width": 1280, "height": 800},
    }


@pytest.fixture
def context(context: BrowserContext) -> Iterator[BrowserContext]:
    """A browser session that must ask no other host, break no policy, and throw no error."""
    witness = chromium.Witness(context)
    yield context
    assert witness.complaints == []
