"""Reminders of deadlines: to focal points who owe an answer, names, or people to submit.

A deadline that is a day ends with that day at the venue.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta

from django.db.models import Exists, OuterRef, QuerySet

from conference.local_time import first_instant
from conference.models import Conference, Message
from delegates.models import Accreditation, Delegate, Invitation
from delegates.operations import inviting, posting
from delegates.operations import reminding as reminding_by_hand
from sessions.models import ReminderRule
from sessions.operations.reminders import reasons
from sessions.operations.reminders.occasions import (
    Narrowed,
    Occasion,
    Place,
    offset_of,
    reachable_delegations,
)

#: After a reminder by hand a rule keeps silent for so long.
_AFTER_BY_HAND = timedelta(days=1)
_END_OF_DAY = time(23, 59)
_State = Invitation.State


class Answers:
    """Invitations that were sent and not answered, with a deadline."""

    def occasions(self, rules: list[ReminderRule], narrowed: Narrowed) -> list[Occasion]:
        """Return each unanswered invitation with each rule."""
        found = (
            standing_invitations({rule.conference_id for rule in rules})
            .filter(
                answered_at=None,
                deadline__isnull=False,
                delegation__in=reachable_delegations(narrowed),
            )
            .exclude(state__in=[_State.ACCEPTED, _State.TENTATIVE])
        )
        if narrowed.between is not None:
            found = found.filter(deadline__range=narrowed.between)
        if narrowed.thing_ids is not None:
            found = found.filter(pk__in=narrowed.thing_ids)
        invitations = list(found)
        return [
            Occasion(
                rule=rule,
                thing=f"invitation:{invitation.pk}",
                about=invitation,
                at=invitation.deadline,
                offset=offset_of(rule),
            )
            for rule in rules
            for invitation in invitations
            if invitation.deadline is not None
            and invitation.conference_id == rule.conference_id
            # What has run out can only be regretted afterwards.
            and (rule.is_after or invitation.state != _State.EXPIRED)
        ]

    def places(self, occasions: list[Occasion], narrowed: Narrowed) -> Iterator[Place]:
        """Return the focal points who owe the answers."""
        by_hand = _reminded_by_hand(occasions)
        for occasion in occasions:
            invitation = occasion.about
            recently = any(
                occasion.due - _AFTER_BY_HAND < at <= occasion.due
                for at in by_hand.get(invitation.pk, ())
            )
            yield Place(
                occasion=occasion,
                delegation_id=invitation.delegation_id,
                since=invitation.sent_at,
                refused=reasons.BY_HAND if recently else "",
            )


class Nominations:
    """Delegations that were invited, have not declined and have not submitted their list."""

    def occasions(self, rules: list[ReminderRule], narrowed: Narrowed) -> list[Occasion]:
        """Return each open list with each rule."""
        found = (
            reachable_delegations(narrowed)
            .filter(
                conference__in={rule.conference_id for rule in rules},
                nominations_close__isnull=False,
                submitted_at=None,
            )
            .select_related("conference")
        )
        if narrowed.between is not None:
            first, last = narrowed.between
            found = found.filter(nominations_close__range=(first.date(), last.date()))
        if narrowed.thing_ids is not None:
            found = found.filter(pk__in=narrowed.thing_ids)
        delegations = list(found)
        return [
            Occasion(
                rule=rule,
                thing=f"names:{delegation.pk}",
                about=delegation,
                at=end_of(delegation.nominations_close, rule.conference),
                offset=offset_of(rule),
            )
            for rule in rules
            for delegation in delegations
            if delegation.conference_id == rule.conference_id
        ]

    def places(self, occasions: list[Occasion], narrowed: Narrowed) -> Iterator[Place]:
        """Return the focal points, concerned since they were invited."""
        invited = _invited_since({each.rule.conference_id for each in occasions})
        for occasion in occasions:
            if (delegation_id := occasion.about.pk) in invited:
                yield Place(
                    occasion=occasion, delegation_id=delegation_id, since=invited[delegation_id]
                )


class Accreditations:
    """Delegations with people on their list who were not submitted, by the day of the rule."""

    def occasions(self, rules: list[ReminderRule], narrowed: Narrowed) -> list[Occasion]:
        """Return the closing day of each rule."""
        days = [
            Occasion(
                rule=rule,
                thing=f"accreditation:{rule.pk}",
                about=rule,
                at=end_of(rule.until_day, rule.conference),
                offset=offset_of(rule),
            )
            for rule in rules
            if rule.until_day is not None
        ]
        if narrowed.between is not None:
            first, last = narrowed.between
            days = [each for each in days if first <= each.at <= last]
        if narrowed.thing_ids is not None:
            days = [each for each in days if each.rule.pk in narrowed.thing_ids]
        return days

    def places(self, occasions: list[Occasion], narrowed: Narrowed) -> Iterator[Place]:
        """Return the focal points who have people to submit."""
        conferences = {each.rule.conference_id for each in occasions}
        invited = _invited_since(conferences)
        waiting = Delegate.objects.attending().filter(
            accreditation__state=Accreditation.State.NOMINATED
        )
        delegations = list(
            reachable_delegations(narrowed)
            .filter(conference__in=conferences, delegates__in=waiting)
            .order_by("pk")
            .values_list("pk", "conference_id")
            .distinct()
        )
        for occasion in occasions:
            for pk, conference_id in delegations:
                if conference_id == occasion.rule.conference_id and pk in invited:
                    yield Place(occasion=occasion, delegation_id=pk, since=invited[pk])


def standing_invitations(conference_ids: set[int]) -> QuerySet[Invitation]:
    """Return the delegations' invitations that were sent and are neither declined nor void.

    Of several the latest: one that ran out says nothing once another has followed it.
    """
    sent = Invitation.objects.filter(
        delegate=None, purpose=inviting.PURPOSE, sent_at__isnull=False
    ).exclude(state__in=[_State.DRAFT, _State.CANCELLED])
    later = sent.filter(delegation=OuterRef("delegation"), pk__gt=OuterRef("pk"))
    return (
        sent.filter(~Exists(later), conference__in=conference_ids)
        .exclude(state=_State.DECLINED)
        .select_related("conference")
    )


def end_of(day: date | None, conference: Conference) -> datetime:
    """Return the instant at which a day ends at the venue, to the minute."""
    assert day is not None
    return first_instant(datetime.combine(day, _END_OF_DAY), conference.zone).astimezone(UTC)


def _invited_since(conference_ids: set[int]) -> dict[int, datetime]:
    """Return since when the delegations have been invited, by delegation."""
    found: dict[int, datetime] = {}
    for delegation_id, sent_at in standing_invitations(conference_ids).values_list(
        "delegation_id", "sent_at"
    ):
        assert sent_at is not None
        found[delegation_id] = min(sent_at, found.get(delegation_id, sent_at))
    return found


def _reminded_by_hand(occasions: list[Occasion]) -> dict[int, list[datetime]]:
    """Return when invitations were reminded of by hand, by invitation."""
    found: dict[int, list[datetime]] = {}
    if not occasions:
        return found
    letters = Message.objects.filter(
        conference__in={each.rule.conference_id for each in occasions},
        purpose=reminding_by_hand.MAIL_PURPOSE,
        created_at__gt=min(each.due for each in occasions) - _AFTER_BY_HAND,
    ).exclude(state=Message.State.CANCELLED)
    for message in letters.only("key", "created_at"):
        found.setdefault(posting.invitation_id_of(message), []).append(message.created_at)
    return found
