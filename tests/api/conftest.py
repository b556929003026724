"""Two conferences and who may read what of them, by session or by token."""

import pytest
from django.test import Client
from django.utils import timezone

from tests import factories


@pytest.fixture
def suzhou(db):
    conference = factories.make_conference("suzhou")
    factories.make_badge_class(conference)
    return conference


@pytest.fixture
def tacoma(db):
    conference = factories.make_conference("tacoma", published=False)
    factories.make_badge_class(conference)
    return conference


@pytest.fixture
def organiser(suzhou):
    return factories.make_member(suzhou, "organiser")


@pytest.fixture
def california(suzhou):
    return factories.make_delegation(suzhou)


@pytest.fixture
def alice(california):
    return factories.make_delegate(
        california, native_name="艾丽斯", role="head", state="approved", organisation_en="City Hall"
    )


@pytest.fixture
def reading():
    """Return a client that reads as this user, or with this token."""

    def as_(user=None, *, token=None):
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        client = Client(headers=headers)
        if user is not None:
            client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return as_


@pytest.fixture
def token(suzhou, organiser):
    """Return a fresh token of Suzhou with this role."""

    def with_role(role="organiser"):
        return factories.make_token(suzhou, role, owner=organiser, now=timezone.now())[1]

    return with_role
