"""The shapes that texts and instants have in every answer."""

from datetime import UTC
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers


class Words(serializers.Serializer[Any]):
    """A text in both languages; either may be empty, never both where a text is required."""

    en = serializers.CharField(allow_blank=True, help_text="English")
    zh = serializers.CharField(allow_blank=True, help_text="Simplified Chinese")


@extend_schema_field(Words)
class Bilingual(serializers.Field[Any, Any, Any, Any]):
    """``{"en": …, "zh": …}`` from the two fields of a model; ``name`` unless called otherwise."""

    def __init__(self, stem: str = "", **options: Any) -> None:
        """Read ``<stem>_en`` and ``<stem>_zh``; the stem is the field's own name unless given."""
        super().__init__(read_only=True, **options)
        self.stem = stem

    def get_attribute(self, instance: Any) -> Any:
        """Return the object that holds both halves, or None where there is none."""
        for name in self.source_attrs[:-1]:
            instance = getattr(instance, name)
            if instance is None:
                return None
        return instance

    def to_representation(self, value: Any) -> dict[str, str]:
        """Return both halves."""
        stem = self.stem or self.source_attrs[-1]
        return {"en": getattr(value, f"{stem}_en"), "zh": getattr(value, f"{stem}_zh")}


class Moment(serializers.DateTimeField):
    """An instant: ISO 8601 in UTC, whatever time zone a reader has."""

    def __init__(self, **options: Any) -> None:
        """Answer in UTC."""
        super().__init__(read_only=True, default_timezone=UTC, **options)
