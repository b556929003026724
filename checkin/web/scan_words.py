"""Verdicts as the organiser reads them afterwards; the scanner's own words speak to visitors."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from checkin.messages import Code
from checkin.operations.ruling import REASONS
from checkin.verdict import admits

_WORDS = {
    Code.ADMIT: gettext_lazy("let in"),
    Code.EXIT_OK: gettext_lazy("went out"),
    Code.ADMIT_PROVISIONAL: gettext_lazy("let in on the signature alone"),
    Code.OVERRIDE_ADMIT: gettext_lazy("waved through by a supervisor"),
    Code.ALREADY_INSIDE: gettext_lazy("refused: already inside"),
    Code.WRONG_ZONE: gettext_lazy("refused: not for this area"),
    Code.NOT_YET: gettext_lazy("refused: too early"),
    Code.EXPIRED: gettext_lazy("refused: too late"),
    Code.UNCONFIRMED: gettext_lazy("refused: not confirmed"),
    Code.REVOKED: gettext_lazy("refused: badge is void"),
    Code.BLOCKED: gettext_lazy("refused: blocked"),
    Code.WRONG_CONFERENCE: gettext_lazy("refused: badge of another conference"),
    Code.UNKNOWN: gettext_lazy("refused: not a valid badge"),
    Code.REFER: gettext_lazy("sent to the desk"),
    Code.ANNULLED: gettext_lazy("takes a scan back"),
}


def verdict_word(code: str, direction: str) -> str:
    """Return what became of a scan in words."""
    if code in _WORDS:
        return str(_WORDS[Code(code)])
    return pgettext("scan", "refused") if direction == "in" else _("not let out")


def verdict_tone(code: str) -> str:
    """Return the tone of a verdict: who came through, who did not."""
    if code == Code.ANNULLED:
        return "closed"
    if code == Code.OVERRIDE_ADMIT:
        return "warn"
    return "good" if admits(code) else "bad"


def override_words(told: Mapping[str, Any] | None, supervisors: Mapping[int, str]) -> str:
    """Return who waved somebody through and why; nothing where nobody did.

    ``supervisors`` are the names by their numbers. A phone may say more than this server knows.
    """
    if told is None:
        return ""
    reason = REASONS.get(told["reason"])
    parts = (
        supervisors.get(told["by"], ""),
        _(reason) if reason else told["reason"],
        told["note"],
    )
    return " · ".join(part for part in parts if part)
