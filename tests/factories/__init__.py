"""Rows for tests: small, unsurprising, a fixed cast of people.

Every function makes one row (and what it cannot stand without) from keywords, with defaults that
a reader would guess. `edition.make_edition` makes a whole conference with one of everything.
"""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from conference.models import ApiToken, Conference, Membership, Role, Room, Series, User, Venue
from conference.operations import tokens
from delegates.models import Accreditation, BadgeClass, Country, Delegate, Delegation, Locality
from sessions.models import Session

#: The instant at which all of it is made: before the conference, in working hours of the venue.
NOW = datetime(2026, 10, 1, 2, 0, tzinfo=UTC)
FIRST_DAY = date(2026, 11, 3)
#: 09:30 at the venue on the first day.
MORNING = datetime(2026, 11, 3, 1, 30, tzinfo=UTC)
HOUR = timedelta(hours=1)


def make_conference(slug: str = "suzhou", **fields: Any) -> Conference:
    series, _ = Series.objects.get_or_create(
        slug="sister-cities",
        defaults={"name_en": "Sister Cities Conference", "name_zh": "友好城市大会"},
    )
    given = {
        "series": series,
        "name_en": f"Conference of {slug.title()}",
        "name_zh": "友好城市大会",
        "theme_en": "Build Green Cities for the People",
        "theme_zh": "建设绿色城市，造福人民",
        "city_en": slug.title(),
        "timezone": "Asia/Shanghai",
        "first_day": FIRST_DAY,
        "last_day": FIRST_DAY + timedelta(days=1),
        "published": True,
    }
    return Conference.objects.create(slug=slug, **(given | fields))


def make_user(email: str = "olivia@example.org", **fields: Any) -> User:
    return User.objects.create_user(email, **fields)


def make_member(conference: Conference, role: str = Role.ORGANISER, **fields: Any) -> User:
    """A user with this role; the address tells both, such as `desk@suzhou.example.org`."""
    user = make_user(**({"email": f"{role}@{conference.slug}.example.org"} | fields))
    Membership.objects.create(conference=conference, user=user, role=role)
    return user


def make_token(
    conference: Conference,
    role: str = Role.ORGANISER,
    *,
    owner: User,
    now: datetime,
    days: int = 30,
) -> tuple[ApiToken, str]:
    return tokens.create_token(
        conference=conference, name="Badge printer", role=role, days=days, actor=owner, now=now
    )


def make_badge_class(conference: Conference, code: str = "delegate", **fields: Any) -> BadgeClass:
    given = {"number": conference.badge_classes.count() + 1, "name_en": code.title()}
    return BadgeClass.objects.create(conference=conference, code=code, **(given | fields))


def make_delegation(
    conference: Conference,
    name_en: str = "California",
    name_zh: str = "加利福尼亚州",
    **fields: Any,
) -> Delegation:
    place, _ = Locality.objects.get_or_create(
        kind=Locality.Kind.STATE,
        country=fields.pop("country", Country.UNITED_STATES),
        name_en=name_en,
        name_zh=name_zh,
    )
    given = {"focal_name": "Fay Focal", "focal_email": "fay@example.org", "focal_phone": "+1 555"}
    return Delegation.objects.create(
        conference=conference,
        locality=place,
        name_en=name_en,
        name_zh=name_zh,
        **(given | fields),
    )


def make_delegate(
    delegation: Delegation,
    given_name: str = "Alice",
    family_name: str = "Ames",
    *,
    state: str | None = None,
    badge_class: BadgeClass | None = None,
    **fields: Any,
) -> Delegate:
    """A person with everything filled in; with `state` also an accreditation."""
    given = {
        "title_en": "Mayor",
        "title_zh": "市长",
        "email": f"{given_name.lower()}@example.org",
        "phone": "(555) 010-0199",
        "phone_e164": "+15550100199",
        "diet": "vegetarian",
        "access_needs": "step-free way",
        "arrival_at": MORNING - 24 * HOUR,
        "arrival_by": "MU5199",
        "rank": 3,
        "vip": True,
    }
    person = Delegate.objects.create(
        conference=delegation.conference,
        delegation=delegation,
        given_name=given_name,
        family_name=family_name,
        **(given | fields),
    )
    if state:
        decided = NOW if state in {"approved", "refused"} else None
        Accreditation.objects.create(
            delegate=person,
            badge_class=badge_class or delegation.conference.badge_classes.get(code="delegate"),
            state=state,
            decided_at=decided,
        )
    return person


def make_room(conference: Conference, name_en: str = "Lotus Room", **fields: Any) -> Room:
    venue, _ = Venue.objects.get_or_create(
        conference=conference, name_en="Lake Centre", name_zh="湖滨中心"
    )
    return Room.objects.create(venue=venue, name_en=name_en, **fields)


def make_session(conference: Conference, title_en: str = "Plenary", **fields: Any) -> Session:
    """A published session for everybody, on the first morning at the venue, for an hour."""
    starts_at = fields.pop("starts_at", MORNING)
    given = {
        "kind": Session.Kind.PLENARY,
        "ends_at": starts_at + HOUR,
        "published_at": NOW,
    }
    return Session.objects.create(
        conference=conference, title_en=title_en, starts_at=starts_at, **(given | fields)
    )
