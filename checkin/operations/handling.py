"""How one person is received at the doors: sent to the desk, escorted, welcomed with a sentence."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from checkin.errors import HandlingInvalid
from checkin.models import AttentionText, Handling, Zone, ZoneGrant
from conference.models import Conference, User
from conference.operations import auditing
from delegates.models import Delegate


@dataclass(frozen=True, kw_only=True)
class Care:
    """What the doors have to know of one person; instants are aware."""

    to_desk: bool = False
    escort: bool = False
    attention: AttentionText | None = None
    valid_from: datetime | None = None
    valid_until: datetime | None = None

    def told(self) -> dict[str, Any]:
        """Return it as the record of deeds keeps it."""
        return {
            "to_desk": self.to_desk,
            "escort": self.escort,
            "attention": str(self.attention or ""),
            "valid_from": self.valid_from.isoformat() if self.valid_from else "",
            "valid_until": self.valid_until.isoformat() if self.valid_until else "",
        }


def care_of(delegate: Delegate) -> Care:
    """Return how a person is received now; nothing special where nobody said so."""
    handling = Handling.objects.filter(delegate=delegate).select_related("attention").first()
    if handling is None:
        return Care()
    return Care(
        to_desk=handling.to_desk,
        escort=handling.escort,
        attention=handling.attention,
        valid_from=handling.valid_from,
        valid_until=handling.valid_until,
    )


@transaction.atomic
def set_handling(
    *, delegate: Delegate, care: Care, now: datetime, actor: User | None = None
) -> None:
    """Say how a person is received; what says nothing special leaves no row.

    Raises HandlingInvalid for a badge that ends before it begins, or a text of another conference.
    """
    if care.valid_from and care.valid_until and care.valid_until <= care.valid_from:
        raise HandlingInvalid(_("The badge must be valid until after it becomes valid."))
    if care.attention and care.attention.conference_id != delegate.conference_id:
        raise HandlingInvalid
    before = care_of(delegate)
    if before == care:
        return
    if care == Care():
        Handling.objects.filter(delegate=delegate).delete()
    else:
        fields = {name: getattr(care, name) for name in asdict(Care())}
        Handling.objects.update_or_create(delegate=delegate, defaults=fields)
    old, new = before.told(), care.told()
    changed = [name for name in new if old[name] != new[name]]
    auditing.record(
        action="delegate.handling",
        target=delegate,
        conference=delegate.conference,
        actor=actor,
        before={name: old[name] for name in changed},
        after={name: new[name] for name in changed},
        now=now,
    )


@transaction.atomic
def grant_zones(
    *, delegate: Delegate, zones: Iterable[Zone], now: datetime, actor: User | None = None
) -> None:
    """Let these be the areas that the person may enter besides those open to the class."""
    wanted = {zone.pk: zone for zone in zones if zone.conference_id == delegate.conference_id}
    held = {grant.zone_id: grant for grant in delegate.zone_grants.select_related("zone")}
    if wanted.keys() == held.keys():
        return
    ZoneGrant.objects.bulk_create(
        [ZoneGrant(zone=zone, delegate=delegate) for pk, zone in wanted.items() if pk not in held],
        ignore_conflicts=True,
    )
    delegate.zone_grants.exclude(zone__in=wanted).delete()
    auditing.record(
        action="delegate.zones",
        target=delegate,
        conference=delegate.conference,
        actor=actor,
        before={"zones": sorted(str(grant.zone) for grant in held.values())},
        after={"zones": sorted(str(zone) for zone in wanted.values())},
        now=now,
    )


@transaction.atomic
def attention_text(
    *,
    conference: Conference,
    text_en: str,
    text_zh: str,
    now: datetime,
    actor: User | None = None,
) -> AttentionText | None:
    """Return the sentence with these words, made if there is none yet; None for no words."""
    if not (text_en or text_zh):
        return None
    text, is_new = AttentionText.objects.get_or_create(
        conference=conference, text_en=text_en, text_zh=text_zh
    )
    if is_new:
        auditing.record(
            action="attention_text.create",
            target=text,
            conference=conference,
            actor=actor,
            after={"text_en": text_en, "text_zh": text_zh},
            now=now,
        )
    return text


@transaction.atomic
def remove_text(*, text: AttentionText, now: datetime, actor: User | None = None) -> None:
    """Take a sentence away from everybody who is greeted with it."""
    auditing.record(
        action="attention_text.remove",
        target=text,
        conference=text.conference,
        actor=actor,
        before={"text_en": text.text_en, "text_zh": text.text_zh},
        after={"people": text.handlings.count()},
        now=now,
    )
    text.delete()
    Handling.objects.filter(
        delegate__conference=text.conference,
        to_desk=False,
        escort=False,
        attention=None,
        valid_from=None,
        valid_until=None,
    ).delete()
