"""A conference, a delegation and its people, as small as they can be."""

from datetime import UTC, date, datetime

import pytest

from conference.models import Conference, Membership, Series, User
from delegates.models import BadgeClass, Country, Delegation, Locality

NOW = datetime(2023, 10, 1, 8, 0, tzinfo=UTC)


@pytest.fixture
def now():
    return NOW


@pytest.fixture
def conference(db):
    return make_conference("test-2023")


@pytest.fixture
def other_conference(db):
    return make_conference("other-2024")


@pytest.fixture
def organiser(conference):
    user = User.objects.create_user("organiser@example.org", name="Olga Organiser")
    Membership.objects.create(conference=conference, user=user, role="organiser")
    return user


@pytest.fixture
def badge_class(conference):
    return conference.badge_classes.get(code="delegate")


@pytest.fixture
def press_class(conference):
    return conference.badge_classes.get(code="press")


@pytest.fixture
def california(conference):
    return make_delegation(conference, "California", "加利福尼亚州", "US", "US-CA")


@pytest.fixture
def jiangsu(conference):
    return make_delegation(conference, "Jiangsu", "江苏省", "CN", "CN-JS")


def make_conference(slug):
    series, _ = Series.objects.get_or_create(slug="sister-cities", defaults={"name_en": "Sister"})
    conference = Conference.objects.create(
        series=series,
        slug=slug,
        name_en="5th China-U.S. Sister Cities Conference",
        name_zh="第五届中美友好城市大会",
        theme_en="Build Green Cities for the People",
        theme_zh="建设绿色城市，造福人民",
        first_day=date(2023, 11, 3),
        last_day=date(2023, 11, 4),
    )
    for number, code, english, chinese in (
        (1, "delegate", "Delegate", "代表"),
        (2, "press", "Press", "媒体"),
        (3, "interpreter", "Interpreter", "翻译"),
    ):
        BadgeClass.objects.create(
            conference=conference, number=number, code=code, name_en=english, name_zh=chinese
        )
    return conference


def make_delegation(conference, name_en, name_zh, country, code):
    kind = Locality.Kind.STATE if country == "US" else Locality.Kind.PROVINCE
    place, _ = Locality.objects.get_or_create(
        code=code,
        defaults={
            "kind": kind,
            "country": Country(country),
            "name_en": name_en,
            "name_zh": name_zh,
        },
    )
    return Delegation.objects.create(
        conference=conference, locality=place, name_en=name_en, name_zh=name_zh
    )
