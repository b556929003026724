"""What is asked of every letter that an organiser writes in both languages."""

from collections.abc import Mapping
from typing import Any, Final

from django import forms
from django.utils.translation import gettext as _

from conference.documents.placeholders import braced, placeholders_in, unknown_in

TEXTS: Final = ("subject_en", "body_en", "subject_zh", "body_zh")
#: The placeholder that becomes a button or an address, which has no place in a subject.
_LINK: Final = "link"


class BilingualTexts(forms.BaseForm):
    """A form with the fields ``TEXTS``; what is wrong in them is said at the field."""

    def check_texts(self, said: Mapping[str, Any], *, known: Mapping[str, Any]) -> bool:
        """Refuse unknown placeholders, a link in a subject, and half a language.

        ``known`` are the placeholders. Returns whether there is a text in any language.
        """
        for name in TEXTS:
            self._check_placeholders(name, said.get(name) or "", known)
        # Both are looked at, whatever the first is found to be.
        written = [suffix for suffix in ("en", "zh") if self._is_written(said, suffix)]
        return bool(written)

    def check_body(self, name: str, body: str) -> None:
        """Refuse a whole text that lacks something; ``name`` is its field."""

    def _check_placeholders(self, name: str, text: str, known: Mapping[str, Any]) -> None:
        if unknown := unknown_in(text, known):
            self.add_error(
                name,
                _("There is no placeholder %(unknown)s. Use one of these: %(known)s.")
                % {"unknown": braced(unknown), "known": braced(known)},
            )
        if name.startswith("subject") and _LINK in known and _LINK in placeholders_in(text):
            self.add_error(name, _("The link belongs into the text, not into the subject."))

    def _is_written(self, said: Mapping[str, Any], suffix: str) -> bool:
        of_subject, of_body = f"subject_{suffix}", f"body_{suffix}"
        subject, body = ((said.get(name) or "").strip() for name in (of_subject, of_body))
        if not {of_subject, of_body} & set(self.errors):
            if bool(subject) != bool(body):
                missing = of_body if subject else of_subject
                self.add_error(
                    missing, _("Subject and text belong together: write both or neither.")
                )
            elif body:
                self.check_body(of_body, body)
        return bool(subject or body)
