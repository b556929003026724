"""Filters by an instant."""

from datetime import UTC, datetime
from typing import Any

import django_filters as filters
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django_filters.fields import IsoDateTimeField


class InstantField(IsoDateTimeField):  # type: ignore[misc]
    """An instant in ISO 8601, with any offset, handed on in UTC."""

    def clean(self, value: Any) -> datetime | None:
        """Return the instant; refuse what lies outside the years 1 to 9999 in UTC."""
        instant: datetime | None = super().clean(value)
        try:
            # PostgreSQL refuses offsets that ISO 8601 allows.
            return None if instant is None else instant.astimezone(UTC)
        except OverflowError as error:
            raise ValidationError(_("This instant is out of range."), code="invalid") from error


class InstantFilter(filters.IsoDateTimeFilter):  # type: ignore[misc]
    """Rows before or after an instant."""

    field_class = InstantField
