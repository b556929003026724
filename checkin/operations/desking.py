"""What the arrival desk looks up: people by name in either script or by their badge's code."""

from dataclasses import dataclass
from datetime import UTC, datetime

from django.db.models import Case, IntegerField, Prefetch, Q, QuerySet, Value, When

from checkin.effective_time import instant, period
from checkin.models import Presence, Zone
from conference.models import Conference
from delegates.documents import badge_code
from delegates.models import Badge, Delegate

MOST = 30
_NAMES = ("family_name", "given_name", "native_name", "badge_name")


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """Somebody in one area: since when, and whether still inside."""

    zone: Zone
    inside: bool
    first_in: datetime | None


def find_people(*, conference: Conference, q: str) -> QuerySet[Delegate]:
    """Return those whose names hold every word of ``q``, in any order.

    Those who come are first, and among them those of whom a name begins with the first word. A
    scanned badge code finds its person, whatever the issue.
    """
    people = _with_desk_facts(Delegate.objects.filter(conference=conference))
    if q.startswith(badge_code.PREFIX):
        read = badge_code.read(q, conference=conference.pk, keys={})
        return people.filter(badges__lookup=read.lookup or "-")
    words = q.split()
    for word in words:
        people = people.filter(_named("icontains", word))
    return people.order_by(
        _last(unless=Q(withdrawn_at=None)),
        _last(unless=_named("istartswith", words[0] if words else "")),
        "family_name",
        "given_name",
        "native_name",
        "pk",
    )


def person_at_desk(*, conference: Conference, pk: int) -> Delegate | None:
    """Return a person of the conference with all that the desk sees."""
    people = Delegate.objects.filter(conference=conference, pk=pk)
    return _with_desk_facts(people).select_related("substituted_by").first()


def valid_badge(person: Delegate) -> Badge | None:
    """Return the valid badge of a person found here, without asking the database again."""
    return next((badge for badge in person.badges.all() if badge.revoked_at is None), None)


def whereabouts(person: Delegate, *, now: datetime) -> list[Whereabouts]:
    """Return where a person found here has been, and is at ``now``; the arrival first."""
    now_ms = round(now.timestamp() * 1000)
    return [
        Whereabouts(
            zone=each.zone,
            inside=each.inside and _same_period(each, now_ms),
            first_in=_moment(each.first_in_ms, now),
        )
        for each in sorted(
            person.presences.all(), key=lambda each: (not each.zone.is_arrival, each.zone.order)
        )
        if each.first_in_ms is not None
    ]


def arrived_at(person: Delegate, *, now: datetime) -> datetime | None:
    """Return when a person found here was first let in anywhere."""
    times = [each.first_in_ms for each in person.presences.all() if each.first_in_ms is not None]
    return _moment(min(times), now) if times else None


def _named(how: str, word: str) -> Q:
    return Q(*((f"{name}__{how}", word) for name in _NAMES), _connector=Q.OR)


def _last(*, unless: Q) -> Case:
    return Case(When(unless, then=Value(0)), default=Value(1), output_field=IntegerField())


def _with_desk_facts(people: QuerySet[Delegate]) -> QuerySet[Delegate]:
    return people.select_related(
        "conference", "delegation", "accreditation__badge_class", "handling__attention"
    ).prefetch_related(
        Prefetch("badges", queryset=Badge.objects.select_related("badge_class").order_by("-issue")),
        Prefetch("presences", queryset=Presence.objects.select_related("zone")),
    )


def _same_period(presence: Presence, now_ms: int) -> bool:
    resets = sorted(presence.zone.resets)
    return presence.in_ms is not None and period(resets, presence.in_ms) == period(resets, now_ms)


def _moment(ms: int | None, now: datetime) -> datetime | None:
    return None if ms is None else instant(ms, now.tzinfo or UTC)
