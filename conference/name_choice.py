"""Form fields that offer things by their names."""

from typing import Any

from django import forms
from django.utils.translation import get_language

from conference.bilingual import pick


class NameChoice(forms.ModelChoiceField):  # type: ignore[type-arg]
    """One of several things, each shown by its name in the reader's language."""

    def label_from_instance(self, obj: Any) -> str:
        """Return the name that the list shows."""
        return pick(obj, "name", get_language())
