"""The demo, loaded once for a module whose tests are marked ``django_db``."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from django.db import transaction

from conference.models import Conference
from demo.loading.everything import load

#: Tuesday 10 March 2026, 09:00 in Suzhou.
NOW = datetime(2026, 3, 10, 1, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def _loaded(django_db_setup, django_db_blocker) -> Iterator[None]:
    """Load the demo for a module's tests, and undo it after the last of them."""
    with django_db_blocker.unblock(), transaction.atomic():
        load(now=NOW)
        yield
        transaction.set_rollback(True)


@pytest.fixture
def edition(_loaded) -> Conference:
    """The fifth conference as loaded."""
    return Conference.objects.get(slug="china-us-2023")


@pytest.fixture
def rehearsal(_loaded) -> Conference:
    """The rehearsal that starts on 10 March 2026."""
    return Conference.objects.get(slug="china-us-rehearsal")
