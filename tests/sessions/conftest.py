"""The programme's small world as fixtures."""

import pytest

from conference.models import Membership, Role, User
from tests.sessions import cast, texting
from tests.support.http_sink import Sink


@pytest.fixture
def now():
    return cast.NOW


@pytest.fixture
def conference(db):
    return cast.make_conference()


@pytest.fixture
def room(conference):
    return cast.make_room(conference)


@pytest.fixture
def session(conference, room):
    """A side event in the Lotus Room, 14:00 to 15:30 on the first day, with two seats."""
    return cast.make_session(conference, room=room, capacity=2)


@pytest.fixture
def alice(conference):
    return cast.make_delegate(conference, "Alice", "Ames")


@pytest.fixture
def bo(conference):
    return cast.make_delegate(
        conference, "Bo", "Chen", native_name="陈博", language="zh-hans", name_order="family_first"
    )


@pytest.fixture
def carl(conference):
    return cast.make_delegate(conference, "Carl", "Cole")


@pytest.fixture
def organiser(conference):
    user = User.objects.create_user("olga@example.org", name="Olga Organiser")
    Membership.objects.create(conference=conference, user=user, role=Role.ORGANISER)
    return user


@pytest.fixture
def desk(client, organiser):
    """A browser in which the organiser is signed in."""
    client.force_login(organiser, backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def phone(client, alice):
    """A browser in which Alice is signed in by her account."""
    alice.user = User.objects.create_user("alice@example.org", name="Alice Ames")
    alice.save()
    client.force_login(alice.user, backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def gateway(settings):
    """A gateway for SMS that listens, and this server's settings for it."""
    with Sink() as sink:
        settings.TEXT_ADAPTERS = {"sms": texting.adapter(sink.url)}
        settings.TEXT_PRIVATE_ALLOWED = True
        settings.PUBLIC_BASE_URL = "https://conference.example.org"
        yield sink
