"""Entries of the record of deeds, in words."""

from typing import Any, NamedTuple

from django import template
from django.core.exceptions import FieldDoesNotExist
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from conference.models import AuditEntry
from delegates.models import Accreditation, Delegate

register = template.Library()

_DEEDS: dict[str, str | Promise] = {
    "delegate.add": _("Put on the list"),
    "delegate.change": _("Changed"),
    "delegate.submit": _("Submitted"),
    "delegate.return": _("Back to nominated"),
    "delegate.approve": _("Approved"),
    "delegate.refuse": _("Refused"),
    "delegate.withdraw": _("Withdrawn"),
    "delegate.substitute": _("Substituted"),
    "delegate.class": _("Badge class changed"),
    "delegate.handling": _("Reception at the doors changed"),
    "delegate.zones": _("Areas opened changed"),
    "delegate.block": _("Let in nowhere"),
    "delegate.unblock": _("Let in again"),
    "badge.issue": _("Badge issued"),
    "badge.revoke": _("Badge made void"),
    "badge.print": _("Badge printed"),
    "badge.send": _("Badge sent"),
}
_WORDS: dict[str, str | Promise] = {
    "state": _("state"),
    "issue": _("issue"),
    "to": _("to"),
    "badge_class": _("badge class"),
    "to_desk": _("send to the desk"),
    "escort": _("needs an escort"),
    "attention": _("attention text"),
    "valid_from": _("badge valid from"),
    "valid_until": _("badge valid until"),
    "zones": _("areas"),
}


class Change(NamedTuple):
    """One field of a deed, before and after."""

    label: str | Promise
    before: str
    after: str


@register.filter
def deed(entry: AuditEntry) -> str | Promise:
    """Name what was done: ``{{ entry|deed }}``."""
    return _DEEDS.get(entry.action, entry.action)


@register.filter
def changes(entry: AuditEntry) -> list[Change]:
    """List the fields that a deed changed; the state is told by the deed itself."""
    return [
        Change(_label(name), _shown(name, entry.before.get(name)), _shown(name, value))
        for name, value in entry.after.items()
        if name != "state" and value not in ("", None)
    ]


def _label(name: str) -> str | Promise:
    if name in _WORDS:
        return _WORDS[name]
    try:
        return str(Delegate._meta.get_field(name).verbose_name)  # type: ignore[union-attr]
    except FieldDoesNotExist:
        return name


def _shown(name: str, value: Any) -> str:
    """Return a stored value in words: a choice by its label, yes and no as such."""
    if value in ("", None):
        return ""
    if isinstance(value, list):
        return ", ".join(str(each) for each in value)
    if isinstance(value, bool):
        return str(_("yes") if value else _("no"))
    if name == "state":
        return str(Accreditation.State(value).label)
    choices = (
        dict(getattr(Delegate._meta.get_field(name), "flatchoices", ())) if _known(name) else {}
    )
    return str(choices.get(value, value))


def _known(name: str) -> bool:
    return name not in _WORDS and hasattr(Delegate, name)
