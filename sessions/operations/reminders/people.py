"""Those who are reminded: how to write to them, and where they are when."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import available_timezones

from conference.models import Conference
from delegates.models import Delegate, Delegation, Invitation
from sessions.operations.reminders.of_deadlines import standing_invitations
from sessions.operations.reminders.timing import Whereabouts

#: Whose arrival is not known counts as being there from so many days before the first.
_THERE_BEFORE = timedelta(days=1)
_AT_ONCE = 1000
_KNOWN_ZONES = frozenset(available_timezones())


@dataclass(frozen=True, kw_only=True)
class Person:
    """A recipient: a delegate, or a delegation's focal point with its standing invitation."""

    whose: str
    email: str
    name: str
    letter_name: str
    language: str
    whereabouts: Whereabouts
    delegation: Delegation
    delegate: Delegate | None = None
    invitation: Invitation | None = None


def load(*, delegate_ids: Iterable[int], delegation_ids: Iterable[int]) -> dict[str, Person]:
    """Return these people, by the names that letters have for them."""
    found: dict[str, Person] = {}
    for ids in _in_portions(delegate_ids):
        delegates = Delegate.objects.filter(pk__in=ids).select_related(
            "conference", "delegation__locality"
        )
        for delegate in delegates:
            person = _delegate(delegate)
            found[person.whose] = person
    for ids in _in_portions(delegation_ids):
        delegations = list(
            Delegation.objects.filter(pk__in=ids).select_related("conference", "locality")
        )
        conferences = {each.conference_id for each in delegations}
        invitations = {
            invitation.delegation_id: invitation
            for invitation in standing_invitations(conferences)
            .filter(delegation__in=ids)
            .order_by("pk")
        }
        for delegation in delegations:
            person = _focal_point(delegation, invitations.get(delegation.pk))
            found[person.whose] = person
    return found


def _in_portions(ids: Iterable[int]) -> Iterable[list[int]]:
    wanted = sorted(set(ids))
    return (wanted[start : start + _AT_ONCE] for start in range(0, len(wanted), _AT_ONCE))


def _delegate(delegate: Delegate) -> Person:
    conference = delegate.conference
    return Person(
        whose=f"delegate:{delegate.pk}",
        email=delegate.email,
        name=delegate.display_name,
        letter_name=delegate.letter_name,
        language=delegate.language,
        whereabouts=Whereabouts(
            home=_zone(delegate.home_timezone) or _home_of(delegate.delegation),
            venue=conference.timezone,
            there_from=delegate.arrival_at
            or _midnight(conference.first_day - _THERE_BEFORE, conference),
            there_until=delegate.departure_at
            or _midnight(conference.last_day + timedelta(days=1), conference),
        ),
        delegation=delegate.delegation,
        delegate=delegate,
    )


def _focal_point(delegation: Delegation, invitation: Invitation | None) -> Person:
    return Person(
        whose=f"delegation:{delegation.pk}",
        email=delegation.focal_email,
        name=delegation.focal_name,
        letter_name=delegation.focal_name,
        language=delegation.focal_language,
        whereabouts=Whereabouts(home=_home_of(delegation), venue=delegation.conference.timezone),
        delegation=delegation,
        invitation=invitation,
    )


def _home_of(delegation: Delegation) -> str:
    return _zone(delegation.locality.timezone) if delegation.locality is not None else ""


def _zone(name: str) -> str:
    """Return the zone if it is one: it comes from spreadsheets as it was typed."""
    return name if name in _KNOWN_ZONES else ""


def _midnight(day: date, conference: Conference) -> datetime:
    return datetime.combine(day, time(), tzinfo=conference.zone)
