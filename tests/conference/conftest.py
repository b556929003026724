"""A small cast for the house: one conference, another one, and who works on them."""

from datetime import UTC, date, datetime

import pytest

from conference.models import Conference, Membership, Role, Series, User

NOW = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)


@pytest.fixture
def series(db) -> Series:
    return Series.objects.create(slug="sister-cities", name_en="Sister Cities Conference")


@pytest.fixture
def suzhou(series: Series) -> Conference:
    return Conference.objects.create(
        series=series,
        number=5,
        slug="suzhou",
        name_en="5th Conference",
        name_zh="第五届大会",
        theme_en="Build Green Cities for the People",
        city_en="Suzhou",
        timezone="Asia/Shanghai",
        first_day=date(2026, 11, 3),
        last_day=date(2026, 11, 4),
        published=True,
    )


@pytest.fixture
def tacoma(series: Series) -> Conference:
    return Conference.objects.create(
        series=series,
        number=6,
        slug="tacoma",
        name_en="6th Conference",
        timezone="America/Los_Angeles",
        first_day=date(2027, 7, 19),
        last_day=date(2027, 7, 20),
    )


@pytest.fixture
def organiser(suzhou: Conference) -> User:
    user = User.objects.create_user("olivia@example.org", name="Olivia Organiser")
    Membership.objects.create(conference=suzhou, user=user, role=Role.ORGANISER)
    return user


@pytest.fixture
def desk(client, organiser: User):
    """A browser session in which the organiser is signed in."""
    client.force_login(organiser, backend="django.contrib.auth.backends.ModelBackend")
    return client
