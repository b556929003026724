"""Those who are reminded: how to write to them, and where they are when."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import available_timezones

from conference.models import Channel, Conference
from conference.operations.channels import adapters
from delegates.models import Delegate, Delegation, Invitation
from delegates.operations import reaching
from sessions.models import ReminderRule
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
    #: Whether letters are read on pages of their own, and whether a phone may be texted by a rule.
    has_pages: bool = False
    has_unasked_phone: bool = False

    def is_reached_by(self, rule: ReminderRule) -> bool:
        """Tell whether a reminder by this rule comes to the person on any way."""
        return bool(self.email) or self.has_pages or (rule.by_text and self.has_unasked_phone)


def load(*, delegate_ids: Iterable[int], delegation_ids: Iterable[int]) -> dict[str, Person]:
    """Return these people, by the names that letters have for them."""
    found: dict[str, Person] = {}
    for ids in _in_portions(delegate_ids):
        delegates = reaching.with_ways(Delegate.objects.filter(pk__in=ids)).select_related(
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


def _delegate(delegate: Any) -> Person:
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
        has_pages=delegate.has_pages,
        has_unasked_phone=delegate.has_unasked_phone and adapters.is_on(Channel.SMS),
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
