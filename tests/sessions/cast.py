"""Makers of the programme's small world: a conference, its rooms, sessions and delegates."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from conference.models import Conference, Room, Series, Venue
from delegates.models import Accreditation, BadgeClass, Delegate, Delegation, Locality
from sessions.models import Session

SHANGHAI = ZoneInfo("Asia/Shanghai")
#: Two days before the conference.
NOW = datetime(2026, 11, 1, 2, 0, tzinfo=UTC)


def venue_time(hour, minute=0, day=3, zone=SHANGHAI):
    """An instant by the venue's clocks, on a day of November 2026."""
    return datetime(2026, 11, day, hour, minute, tzinfo=zone)


def make_conference(slug="suzhou", **fields):
    series, _ = Series.objects.get_or_create(slug="sister-cities", defaults={"name_en": "Sister"})
    conference = Conference.objects.create(
        **{
            "series": series,
            "slug": slug,
            "name_en": "5th Sister Cities Conference",
            "name_zh": "第五届友城大会",
            "city_en": "Suzhou",
            "city_zh": "苏州",
            "timezone": "Asia/Shanghai",
            "first_day": date(2026, 11, 3),
            "last_day": date(2026, 11, 4),
            "published": True,
            **fields,
        }
    )
    BadgeClass.objects.create(
        conference=conference, number=1, code="delegate", name_en="Delegate", name_zh="代表"
    )
    return conference


def make_room(conference, name_en="Lotus Room", name_zh="荷花厅", **fields):
    venue, _ = Venue.objects.get_or_create(
        conference=conference, name_en="Conference Centre", defaults={"name_zh": "会议中心"}
    )
    return Room.objects.create(venue=venue, name_en=name_en, name_zh=name_zh, floor="2", **fields)


def make_session(conference, starts=None, *, minutes=90, **fields):
    """A published side event with seats, unless said otherwise."""
    starts = starts or venue_time(14)
    return Session.objects.create(
        **{
            "conference": conference,
            "kind": Session.Kind.SIDE_EVENT,
            "title_en": "Cities and the climate",
            "title_zh": "城市与气候",
            "starts_at": starts,
            "ends_at": starts + timedelta(minutes=minutes),
            "takes_enrolments": True,
            "published_at": NOW,
            **fields,
        }
    )


def make_delegate(
    conference, given_name="Alice", family_name="Ames", *, state="approved", **fields
):
    """A delegate of California whose accreditation is approved, unless said otherwise."""
    place, _ = Locality.objects.get_or_create(
        code="US-CA",
        defaults={
            "kind": Locality.Kind.STATE,
            "country": "US",
            "name_en": "California",
            "name_zh": "加利福尼亚州",
            "timezone": "America/Los_Angeles",
        },
    )
    delegation, _ = Delegation.objects.get_or_create(
        conference=conference,
        locality=place,
        defaults={"name_en": "California", "name_zh": "加利福尼亚州"},
    )
    delegate = Delegate.objects.create(
        **{
            "conference": conference,
            "delegation": delegation,
            "given_name": given_name,
            "family_name": family_name,
            "email": f"{given_name}.{family_name}@example.org".lower(),
            **fields,
        }
    )
    if state:
        Accreditation.objects.create(
            delegate=delegate,
            badge_class=conference.badge_classes.get(code="delegate"),
            state=state,
            decided_at=NOW,
        )
    return delegate
