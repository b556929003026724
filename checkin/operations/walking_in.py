"""People who come without being on any list, entered at the desk (CP1, section 2: ``walk-ins/``).

Entering is one transaction and has an identity of its own, made where it was typed: the same one
again finds the person that is there already.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from checkin.errors import EntryInvalid, WalkInIdReused
from checkin.models import Device, WalkIn
from checkin.operations.desk_marks import label_of
from conference.errors import DomainError
from conference.models import Conference, User
from delegates.errors import QuotaExhausted
from delegates.models import Badge, BadgeClass, Delegation
from delegates.operations import receiving
from delegates.operations.typed_text import visible


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """A person as typed at the desk: the names, the title by language."""

    name: str
    native_name: str = ""
    title: Mapping[str, str]

    def fields(self) -> dict[str, str]:
        """Return the fields of a person that these are; raises EntryInvalid without a name."""
        name = visible(self.name)
        if not name:
            raise EntryInvalid(_("“%(member)s” is missing or not valid."), member="name")
        fields = receiving.name_fields(name=name, native_name=visible(self.native_name))
        titles = {f"title_{language}": visible(text) for language, text in self.title.items()}
        return fields | {name: text for name, text in titles.items() if text}


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry(Typed):
    """A walk-in: the person, the delegation if there is one, and the number of the class."""

    delegation: int | None
    badge_class: int

    @property
    def content_hash(self) -> str:
        """What tells this content from any other."""
        content = [
            self.name,
            self.native_name,
            sorted((language, text) for language, text in self.title.items() if text),
            self.delegation,
            self.badge_class,
        ]
        written = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
        return sha256(written.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Entered:
    """The badge of a person entered at the desk, and whether it was just made."""

    badge: Badge
    is_new: bool


def enter(
    *,
    conference: Conference,
    walk_in_id: UUID,
    entry: Entry,
    now: datetime,
    device: Device | None = None,
    actor: User | None = None,
) -> Entered:
    """Put a walk-in on a list, approve the person and issue the provisional badge.

    Without a delegation the person goes to that of the people registered on site. The same again
    returns the same badge. Raises WalkInIdReused, EntryInvalid for a class or delegation that is
    not of this conference or not for walk-ins, QuotaExhausted.
    """
    if known := _known(conference, walk_in_id, entry):
        return known
    try:
        with transaction.atomic():
            badge = _receive(conference, entry, now, device, actor)
            WalkIn.objects.create(
                id=walk_in_id,
                conference=conference,
                device=device,
                delegate=badge.delegate,
                badge=badge,
                content_hash=entry.content_hash,
                made_at=now,
            )
    except (IntegrityError, DomainError):
        # The same walk-in in the same instant: the other one stands, and may have taken the
        # last place that this one asked for.
        if known := _known(conference, walk_in_id, entry):
            return known
        raise
    return Entered(badge, is_new=True)


def _known(conference: Conference, walk_in_id: UUID, entry: Entry) -> Entered | None:
    walk_in = (
        WalkIn.objects.filter(pk=walk_in_id)
        .select_related("badge__badge_class", "badge__conference", "badge__delegate__delegation")
        .first()
    )
    if walk_in is None:
        return None
    same = walk_in.content_hash == entry.content_hash
    if walk_in.conference_id != conference.pk or not same:
        raise WalkInIdReused
    return Entered(walk_in.badge, is_new=False)


def _receive(
    conference: Conference, entry: Entry, now: datetime, device: Device | None, actor: User | None
) -> Badge:
    badge_class = BadgeClass.objects.filter(conference=conference, number=entry.badge_class).first()
    if badge_class is None:
        raise EntryInvalid(_("There is no such badge class at this conference."))
    if not badge_class.walk_ins:
        raise EntryInvalid(_("This badge class is not given to walk-ins. Choose another."))
    try:
        return receiving.receive(
            delegation=_delegation(conference, entry.delegation, now),
            badge_class=badge_class,
            fields=entry.fields(),
            now=now,
            actor=actor,
            actor_label=label_of(device),
        )
    except QuotaExhausted:
        raise QuotaExhausted(
            _(
                "All places of this delegation in this class are taken. Choose another class, or"
                " enter the person without a delegation."
            )
        ) from None


def _delegation(conference: Conference, pk: int | None, now: datetime) -> Delegation:
    if pk is None:
        return receiving.on_site_delegation(conference, now=now)
    delegation = Delegation.objects.filter(conference=conference, pk=pk).first()
    if delegation is None:
        raise EntryInvalid(_("There is no such delegation at this conference."))
    return delegation
