"""Which conferences."""

from typing import ClassVar

import django_filters as filters
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from conference.interface.searching import having_words
from conference.models import Conference


class ConferenceFilter(filters.FilterSet):  # type: ignore[misc]
    """By series, by time, by words."""

    series = filters.CharFilter(field_name="series__slug", label=_("Slug of a series."))
    rehearsal = filters.BooleanFilter(
        field_name="rehearsal_of",
        lookup_expr="isnull",
        exclude=True,
        label=_("true: rehearsals only; false: none of them."),
    )
    ends_after = filters.DateFilter(
        field_name="last_day", lookup_expr="gte", label=_("Last day on this day or later.")
    )
    starts_before = filters.DateFilter(
        field_name="first_day", lookup_expr="lte", label=_("First day on this day or earlier.")
    )
    q = filters.CharFilter(method="find", label=_("Words of name, theme or city."))
    ordering = filters.OrderingFilter(
        fields=["first_day", "number", "slug"], label=_("Order; a leading minus turns it round.")
    )

    class Meta:
        model = Conference
        fields: ClassVar[list[str]] = []

    def find(self, rows: QuerySet[Conference], name: str, value: str) -> QuerySet[Conference]:
        """Return the conferences with these words."""
        texts = ["name_en", "name_zh", "theme_en", "theme_zh", "city_en", "city_zh"]
        return having_words(rows, value, texts)
