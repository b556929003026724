"""A phone that is a real Firefox, and the line between it and the server."""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from pytest_django.live_server_helper import LiveServer

from tests.firefox.bidi import Firefox
from tests.support.line import Line
from tests.support.scanner import PATIENT

NAMES = (os.environ.get("PLENARY_FIREFOX", ""), "firefox-esr", "firefox")


@pytest.fixture(scope="session")
def executable() -> str:
    """Where Firefox is; these tests are asked for by name, so without it they fail."""
    found = next(filter(None, map(shutil.which, NAMES)), None)
    assert found, "Firefox is not installed. On Debian: apt-get install firefox-esr."
    return found


@pytest.fixture
def start(executable: str, tmp_path: Path) -> Iterator[Callable[[], Firefox]]:
    """Start Firefox on the one profile of the test, again after it was killed."""
    started: list[Firefox] = []

    def start_one() -> Firefox:
        started.append(Firefox(executable, tmp_path / "profile"))
        started[-1].before_pages(PATIENT)
        return started[-1]

    yield start_one
    for firefox in started:
        firefox.kill()
    assert [error for firefox in started for error in firefox.errors] == []


@pytest.fixture
def line(live_server: LiveServer, settings: Any) -> Iterator[Line]:
    """What the phone reaches the server by."""
    with Line(live_server.url) as passing:
        settings.PUBLIC_BASE_URL = passing.url
        yield passing
