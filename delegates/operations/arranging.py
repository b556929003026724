"""Entering and changing delegations."""

from datetime import datetime

from django.db import IntegrityError, transaction

from conference.models import User
from conference.operations import auditing
from delegates.errors import DelegationExists
from delegates.models import Delegation, Organisation

_RECORDED = (
    "name_en",
    "name_zh",
    "precedence",
    "focal_name",
    "focal_email",
    "focal_phone",
    "focal_language",
    "liaison_id",
    "nominations_close",
    "note",
)


@transaction.atomic
def save_delegation(
    *,
    delegation: Delegation,
    now: datetime,
    party_en: str = "",
    party_zh: str = "",
    actor: User | None = None,
) -> Delegation:
    """Keep a delegation, new or changed; a body that is not known yet is entered by its names.

    Raises DelegationExists if this place or body already has one at the conference.
    """
    former = Delegation.objects.filter(pk=delegation.pk).first() if delegation.pk else None
    if party_en or party_zh:
        delegation.organisation, _is_new = Organisation.objects.get_or_create(
            name_en=party_en, name_zh=party_zh
        )
    try:
        with transaction.atomic():
            delegation.save()
    except IntegrityError as problem:
        raise DelegationExists from problem
    before = _kept(former) if former else {}
    after = _kept(delegation)
    changed = [name for name in _RECORDED if before.get(name) != after[name]]
    auditing.record(
        action="delegation.change" if former else "delegation.add",
        target=delegation,
        conference=delegation.conference,
        actor=actor,
        before={name: before[name] for name in changed if name in before},
        after={name: after[name] for name in changed},
        now=now,
    )
    return delegation


def _kept(delegation: Delegation) -> dict[str, object]:
    values = {name: getattr(delegation, name) for name in _RECORDED}
    closes = delegation.nominations_close
    return values | {"nominations_close": closes.isoformat() if closes else None}
