"""Whatever a program sends, the interface answers as it describes itself, and never with 500.

Schemathesis makes the requests from the description: well-formed ones, and ones that bend every
parameter and every body out of shape.
"""

import contextlib

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from django.utils import timezone
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis.checks import not_a_server_error
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from checkin.models import Device
from checkin.operations.enrolling_devices import hash_of
from conference.interface.throttle import ReadThrottle
from config.wsgi import application
from tests import factories
from tests.factories.edition import make_edition

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

#: Requests for each operation and each kind of data; the whole stays below a minute.
EXAMPLES = 6
CHECKS = [
    not_a_server_error,
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
]
DEVICE_TOKEN = "a" * 43


@pytest.fixture
def _kept_connection():
    """Answer within the test's transaction, as Django's own test client does."""
    signals = (request_started, request_finished)
    for signal in signals:
        signal.disconnect(close_old_connections)
    yield
    for signal in signals:
        signal.connect(close_old_connections)


@pytest.fixture
def edition(monkeypatch, _kept_connection):
    # Nobody is slowed down here: it is the answers that are looked at, not their number.
    monkeypatch.setattr(ReadThrottle, "rate", "1000000/min")
    edition = make_edition("suzhou")
    Device.objects.filter(pk=edition.device.pk).update(
        token_hash=hash_of(DEVICE_TOKEN),
        enrolled_at=timezone.now(),
        capabilities=["scan", "desk", "override"],
    )
    return edition


def ask_everything(headers, *, below):
    """Send bounded, repeatable batches to every operation below the path; check every answer."""
    description = schemathesis.openapi.from_wsgi("/api/v1/schema/?format=json", application)
    asked = 0
    for result in description.get_all_operations():
        operation = result.ok()
        if not operation.path.startswith(below):
            continue
        for mode in GenerationMode:

            @settings(
                max_examples=EXAMPLES,
                deadline=None,
                derandomize=True,
                database=None,
                phases=[Phase.explicit, Phase.generate],
                suppress_health_check=list(HealthCheck),
            )
            @given(case=operation.as_strategy(generation_mode=mode))
            def ask(case):
                nonlocal asked
                asked += 1
                case.call_and_validate(headers=headers, checks=CHECKS)

            # Some parameters cannot be bent: every word is a well-formed slug.
            with contextlib.suppress(Unsatisfiable):
                ask()
    return asked


@pytest.mark.parametrize("who", ["nobody", "organiser"])
def test_readers_get_described_answers_only(edition, who):
    headers = {}
    if who != "nobody":
        _row, token = factories.make_token(
            edition.conference, who, owner=edition.organiser, now=timezone.now()
        )
        headers["Authorization"] = f"Bearer {token}"
    asked = sum(
        ask_everything(headers, below=f"/api/v1/{name}")
        for name in ("conferences", "sessions", "deleg")
    )
    assert asked > 100


def test_devices_get_described_answers_only(edition):
    # Long answers are zipped for whoever can unzip them; Schemathesis cannot here.
    headers = {"Authorization": f"Bearer {DEVICE_TOKEN}", "Accept-Encoding": "identity"}
    assert ask_everything(headers, below="/api/v1/checkin/") > 50
