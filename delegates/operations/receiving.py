"""People who are entered at the arrival desk: accredited at once, with a provisional badge.

The desk has the person before it, so what a list would have to hold first (a title, a way to
reach the person) may come later; a name may not.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from conference.models import Conference, Language, User
from conference.operations import auditing
from delegates.errors import DelegateIncomplete, StepNotAllowed
from delegates.models import (
    Accreditation,
    Badge,
    BadgeClass,
    Country,
    Delegate,
    Delegation,
    Organisation,
)
from delegates.operations import badging, stepping
from delegates.operations.importing.cells import has_han
from delegates.operations.importing.names import NameReading, read_name
from delegates.operations.missing import is_placeholder
from delegates.operations.nominating import add_member
from delegates.operations.stepping import Deed
from delegates.operations.substituting import name_successor

State = Accreditation.State

#: The party of those who came without being on any delegation's list, the same at each meeting.
ON_SITE_EN, ON_SITE_ZH = "Registered on site", "现场登记人员"
_LONGEST_PART = 100
_LONGEST_SUFFIX = 20
_LONGEST_HONORIFIC = 40


def on_site_delegation(conference: Conference, *, now: datetime) -> Delegation:
    """Return the delegation of those who belong to none, made on first use."""
    party, _is_new = Organisation.objects.get_or_create(name_en=ON_SITE_EN, name_zh=ON_SITE_ZH)
    delegation, is_new = Delegation.objects.get_or_create(
        conference=conference,
        organisation=party,
        defaults={"name_en": ON_SITE_EN, "name_zh": ON_SITE_ZH},
    )
    if is_new:
        auditing.record(
            action="delegation.create",
            target=delegation,
            conference=conference,
            actor_label="desk",
            after={"name": ON_SITE_EN},
            now=now,
        )
    return delegation


@transaction.atomic
def receive(
    *,
    delegation: Delegation,
    badge_class: BadgeClass,
    fields: Mapping[str, Any],
    now: datetime,
    actor: User | None = None,
    actor_label: str = "",
) -> Badge:
    """Put a person on a list, approve them and return the provisional badge.

    Raises QuotaExhausted if the delegation has no place left in this class, DelegateIncomplete
    for a placeholder in the place of a name.
    """
    _refuse_placeholder(fields)
    delegate = add_member(
        delegation=delegation,
        fields=fields,
        badge_class=badge_class,
        now=now,
        actor=actor,
        actor_label=actor_label,
    )
    return _accredit(delegate, Deed(now=now, actor=actor, label=actor_label))


@transaction.atomic
def receive_instead(
    *,
    delegate: Delegate,
    fields: Mapping[str, Any],
    now: datetime,
    reason: str = "",
    actor: User | None = None,
    actor_label: str = "",
) -> Badge:
    """Let another person come in the place of an approved one and return the provisional badge.

    Raises StepNotAllowed for a person who is not approved, or has gone already: whether somebody
    may come at all is not decided at the desk.
    """
    _refuse_placeholder(fields)
    if stepping.accreditation_of(delegate).state != State.APPROVED:
        raise StepNotAllowed(
            _("Only an approved person can be replaced at the desk. Ask the organiser.")
        )
    successor = name_successor(
        delegate=delegate,
        fields=fields,
        now=now,
        reason=reason,
        actor=actor,
        actor_label=actor_label,
    )
    return _accredit(successor, Deed(now=now, actor=actor, label=actor_label))


def name_fields(*, name: str, native_name: str = "") -> dict[str, str]:
    """Return the fields of a person from names as they are typed at a desk.

    ``name`` may be in either script. What is shown later is what was typed: where family and
    given name do not put it together again, it is kept as the name on the badge.
    """
    name, native = " ".join(name.split()), " ".join(native_name.split())
    if native and not has_han(native) and has_han(name):
        name, native = native, name
    reading = read_name(name, country=Country.CHINA if has_han(native) else "", column="")
    if reading.is_empty or _is_too_long(reading):
        reading = NameReading(family=name[:_LONGEST_PART], order=Delegate.NameOrder.GIVEN_FIRST)
    fields = {
        "family_name": reading.family,
        "given_name": reading.given,
        "suffix": reading.suffix,
        "native_name": (native or reading.native)[:_LONGEST_PART],
        "honorific": reading.honorific,
        "name_order": reading.order or Delegate.NameOrder.GIVEN_FIRST,
        "title_en": reading.post_en,
        "title_zh": reading.post_zh,
    }
    if not (reading.family or reading.given):
        fields["language"] = Language.CHINESE
    elif not _says(reading, fields, name):
        fields["badge_name"] = name
    return {field: value for field, value in fields.items() if value}


def _says(reading: NameReading, fields: Mapping[str, str], name: str) -> bool:
    """Return whether the parts put together are what was typed, honorific and post aside."""
    if reading.honorific or reading.post_en or reading.native:
        return True
    parts = ("family_name", "given_name", "suffix", "name_order")
    return Delegate(**{part: fields[part] for part in parts}).latin_name == name


def _is_too_long(reading: NameReading) -> bool:
    return (
        max(len(reading.family), len(reading.given), len(reading.native)) > _LONGEST_PART
        or len(reading.suffix) > _LONGEST_SUFFIX
        or len(reading.honorific) > _LONGEST_HONORIFIC
    )


def _refuse_placeholder(fields: Mapping[str, Any]) -> None:
    names = ("family_name", "given_name", "native_name", "badge_name")
    if any(is_placeholder(fields.get(name) or "") for name in names):
        raise DelegateIncomplete(_("Replace the placeholder by the person's name."))


def _accredit(delegate: Delegate, deed: Deed) -> Badge:
    stepping.take_step(delegate=delegate, to=State.SUBMITTED, deed=deed)
    stepping.take_step(delegate=delegate, to=State.APPROVED, deed=deed)
    return badging.issue_badge(
        delegate=delegate,
        now=deed.now,
        provisional=True,
        actor=deed.actor,
        actor_label=deed.label,
    )
