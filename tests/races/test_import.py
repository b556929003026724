"""One list applied by several people at once adds everybody once."""

from datetime import UTC, datetime

import pytest

from delegates.models import Delegate, ImportBatch
from delegates.operations.importing import applying, batches
from tests.delegates.conftest import make_conference, make_delegation
from tests.delegates.files import messy
from tests.support.at_once import at_once

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]

NOW = datetime(2023, 10, 1, 8, 0, tzinfo=UTC)
PEOPLE = 5


@pytest.fixture
def load():
    delegation = make_delegation(make_conference("race"), "California", "加州", "US", "US-CA")

    def load():
        return batches.load_file(
            conference=delegation.conference,
            delegation=delegation,
            file_name="list.csv",
            content=messy.assistant(),
            now=NOW,
        )

    return load


def apply(batch):
    return lambda: applying.apply_batch(batch=ImportBatch.objects.get(pk=batch.pk), now=NOW)


def test_one_list_applied_many_times_at_once(load):
    batch = load()
    at_once(*[apply(batch)] * 4)
    assert Delegate.objects.count() == PEOPLE


def test_copies_of_one_list_applied_at_once(load):
    loads = [load() for _ in range(4)]
    at_once(*[apply(batch) for batch in loads])
    assert Delegate.objects.count() == PEOPLE
