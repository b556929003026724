"""The rehearsal with everything running, and the people of a story."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import Browser

from conference.models import Conference
from demo.accounts import REHEARSAL
from demo.loading.everything import load
from tests.journeys.story import Story
from tests.support.running import Running


@pytest.fixture
def rehearsal(plenary: Running) -> Conference:
    """The demo's rehearsal, begun today, in the database that all processes see."""
    load(now=timezone.now())
    return Conference.objects.get(slug=REHEARSAL)


@pytest.fixture
def story(plenary: Running, browser: Browser, tmp_path: Path) -> Iterator[Story]:
    """A story; at its end nobody's browser may have done what it must not."""
    told = Story(plenary, browser, tmp_path)
    yield told
    told.end()
    assert told.complaints() == []
