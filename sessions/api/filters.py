"""Which sessions."""

from datetime import date, datetime, time, timedelta
from typing import ClassVar
from zoneinfo import ZoneInfo

import django_filters as filters
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from conference.interface.filtering import InstantFilter
from conference.interface.searching import having_words
from sessions.models import Session


class SessionFilter(filters.FilterSet):  # type: ignore[misc]
    """By kind, day, room, time, time of change, and by words."""

    kind = filters.MultipleChoiceFilter(
        choices=Session.Kind.choices, label=_("Kind; several may be given.")
    )
    day = filters.DateFilter(method="on_day", label=_("Begins on this calendar day at the venue."))
    room = filters.NumberFilter(field_name="room_id", min_value=1, label=_("Id of a room."))
    parent = filters.NumberFilter(
        field_name="parent_id", min_value=1, label=_("Id of the session that they belong to.")
    )
    uid = filters.UUIDFilter(label=_("UUID of a session."))
    starts_after = InstantFilter(
        field_name="starts_at", lookup_expr="gte", label=_("Begins at this instant or later.")
    )
    starts_before = InstantFilter(
        field_name="starts_at", lookup_expr="lt", label=_("Begins before this instant.")
    )
    cancelled = filters.BooleanFilter(
        field_name="cancelled_at",
        lookup_expr="isnull",
        exclude=True,
        label=_("true: cancelled ones only; false: none of them."),
    )
    updated_since = InstantFilter(
        field_name="changed_at",
        lookup_expr="gte",
        label=_("Changed at this instant or later, such as a last reading."),
    )
    q = filters.CharFilter(
        method="find", label=_("Words of title, summary or place, in either script.")
    )
    ordering = filters.OrderingFilter(
        fields={"starts_at": "starts_at", "changed_at": "updated_at", "id": "id"},
        label=_("Order; a leading minus turns it round."),
    )

    class Meta:
        model = Session
        fields: ClassVar[list[str]] = []

    def on_day(self, rows: QuerySet[Session], name: str, value: date) -> QuerySet[Session]:
        """Return the sessions that begin on this day by the clocks of their own venue."""
        zones = rows.order_by().values_list("conference__timezone", flat=True).distinct()
        on_that_day = Q(pk__in=[])
        for zone in zones:
            begins = datetime.combine(value, time.min, ZoneInfo(zone))
            ends = datetime.combine(value + timedelta(days=1), time.min, ZoneInfo(zone))
            on_that_day |= Q(conference__timezone=zone, starts_at__gte=begins, starts_at__lt=ends)
        return rows.filter(on_that_day)

    def find(self, rows: QuerySet[Session], name: str, value: str) -> QuerySet[Session]:
        """Return the sessions with these words."""
        stems = ["title", "summary", "place", "room__name"]
        fields = [f"{stem}_{suffix}" for stem in stems for suffix in ("en", "zh")]
        return having_words(rows, value, fields)
