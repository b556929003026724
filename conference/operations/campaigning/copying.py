"""Beginning a mailing with what an earlier one says and brings."""

import re
from datetime import datetime
from itertools import count

from django.db import transaction
from django.db.models import QuerySet

from conference.models import Campaign, MessageAttachment, User
from conference.operations import auditing
from conference.operations.campaigning import audiences, living

_LONGEST_STEM = 110


@transaction.atomic
def copy(*, campaign: Campaign, now: datetime, actor: User) -> Campaign:
    """Begin another letter with the same words, files and deadline, for nobody yet.

    For letters whose recipients are ticked by hand: of any other kind, nobody ticked is everybody.
    """
    said = {name: getattr(campaign, name) for name in living.WRITTEN if name != "name"}
    draft = Campaign.objects.create(
        conference=campaign.conference,
        purpose=campaign.purpose,
        audience=campaign.audience,
        name=_next_name(campaign),
        narrowed={audiences.CHOSEN: []},
        answer_by=campaign.answer_by,
        created_by=actor,
        **said,
    )
    _copy_files(MessageAttachment.objects.filter(campaign=campaign), draft)
    auditing.record(
        action="mailing.copy",
        target=draft,
        conference=draft.conference,
        actor=actor,
        after={"from": campaign.pk, "name": draft.name},
        now=now,
    )
    return draft


@transaction.atomic
def take_over_files(*, campaign: Campaign, earlier: Campaign) -> None:
    """Let the files that an earlier mailing brought to everybody go with a new draft, too."""
    _copy_files(MessageAttachment.objects.filter(campaign=earlier, maker=""), campaign)


def _copy_files(found: QuerySet[MessageAttachment], draft: Campaign) -> None:
    files = list(found.order_by("pk"))
    for file in files:
        file.pk = None
        file.campaign = draft
    MessageAttachment.objects.bulk_create(files)


def _next_name(campaign: Campaign) -> str:
    """Return the name with the next number behind it, such as "First letter (2)"."""
    stem = re.sub(r" \(\d+\)$", "", campaign.name)[:_LONGEST_STEM]
    taken = set(
        Campaign.objects.filter(
            conference=campaign.conference_id, name__startswith=stem
        ).values_list("name", flat=True)
    )
    return next(name for number in count(2) if (name := f"{stem} ({number})") not in taken)
