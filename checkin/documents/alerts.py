"""Alerts in words, in the language that is active: one sentence each, for screens and letters."""

from collections.abc import Callable

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from checkin.documents.conflicts import kind_of
from checkin.models import Alert
from conference.bilingual import pick
from conference.venue_time import written_clock

Kind = Alert.Kind


def detail(alert: Alert) -> str:
    """Return what happened beyond the kind's name, without the person; may be empty."""
    return _DETAILS[Kind(alert.kind)](alert)


def person(alert: Alert) -> str:
    """Return the person in both scripts with the delegation, or nothing."""
    who = alert.delegate
    if who is None:
        return ""
    name = f"{who.display_name} {who.other_name}".strip()
    return f"{name} · {pick(who.delegation, 'name', get_language())}"


def place(alert: Alert) -> str:
    """Return the gate, else the zone, or nothing."""
    somewhere = alert.gate or alert.zone
    return pick(somewhere, "name", get_language()) if somewhere else ""


def line(alert: Alert) -> str:
    """Return all of it in a line, with the time at the venue."""
    time = written_clock(alert.happened_at, alert.conference.zone)
    told = [part for part in (person(alert), place(alert), detail(alert)) if part]
    return f"{time}  {' · '.join(told)}"


def _vip(alert: Alert) -> str:
    del alert
    return _("was let in for the first time")


def _blocked(alert: Alert) -> str:
    if alert.params.get("direction") == "out":
        return _("went out")
    if alert.params.get("verdict") in {"admit", "admit_provisional", "override_admit"}:
        return _("was let in: the phone did not know of the block")
    return _("was not let in, and was told nothing of the reason")


def _conflict(alert: Alert) -> str:
    return str(kind_of(alert.params.get("kind", "")).title)


def _unknown_codes(alert: Alert) -> str:
    return _("%(codes)d different codes within %(minutes)d minutes") % dict(alert.params)


def _override_rate(alert: Alert) -> str:
    return _("%(overrides)d of %(entries)d entries in an hour were waved through") % dict(
        alert.params
    )


def _override_without_capability(alert: Alert) -> str:
    return _("%(device)s waved somebody through, though it may not") % {"device": alert.device}


def _silent_gate(alert: Alert) -> str:
    phones = alert.params.get("phones", 1)
    return ngettext(
        "its phone has not been heard since then",
        "none of its %(phones)d phones has been heard since then",
        phones,
    ) % {"phones": phones}


def _seq_gap(alert: Alert) -> str:
    scans = alert.params["scans"]
    told = {"device": alert.device, "scans": scans, **alert.params}
    return (
        ngettext(
            "%(device)s: scan %(first)d has not arrived",
            "%(device)s: %(scans)d scans have not arrived, numbers %(first)d to %(last)d",
            scans,
        )
        % told
    )


def _zone_full(alert: Alert) -> str:
    return _("%(inside)d inside, room for %(capacity)d") % dict(alert.params)


def _quarantine(alert: Alert) -> str:
    scans = alert.params["scans"]
    return ngettext(
        "%(device)s was revoked; %(scans)d scan that it sent later waits for a decision",
        "%(device)s was revoked; %(scans)d scans that it sent later wait for a decision",
        scans,
    ) % {"device": alert.device, "scans": scans}


def _recount(alert: Alert) -> str:
    found = alert.params["differences"]
    return ngettext(
        "%(found)d difference between the scans and what is shown",
        "%(found)d differences between the scans and what is shown",
        found,
    ) % {"found": found}


_DETAILS: dict[Alert.Kind, Callable[[Alert], str]] = {
    Kind.VIP_ARRIVAL: _vip,
    Kind.BLOCKED_PERSON: _blocked,
    Kind.CONFLICT: _conflict,
    Kind.UNKNOWN_CODES: _unknown_codes,
    Kind.OVERRIDE_RATE: _override_rate,
    Kind.OVERRIDE_WITHOUT_CAPABILITY: _override_without_capability,
    Kind.SILENT_GATE: _silent_gate,
    Kind.SEQ_GAP: _seq_gap,
    Kind.ZONE_FULL: _zone_full,
    Kind.QUARANTINE: _quarantine,
    Kind.RECOUNT: _recount,
}
