"""What travels with the letters of a mailing: files for all, and files made for each recipient.

The apps above offer what can be made (``offer``). What is chosen stands in rows of the mailing and
is changed while it is a draft only: each change holds the mailing's row, as the beginning does.
"""

import hashlib
from collections import defaultdict
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db import transaction
from django.db.models import QuerySet, Sum
from django.utils.functional import Promise

from conference.documents import uploads
from conference.errors import (
    AttachmentMissing,
    FileNotTaken,
    FilesTooLarge,
    FileTooLarge,
)
from conference.models import (
    Campaign,
    Conference,
    IfLacking,
    Message,
    MessageAttachment,
    MessageStep,
    User,
)
from conference.models.message_attachment import LARGEST_FILE
from conference.operations import auditing, mailing
from conference.operations.campaigning import audiences, living
from conference.operations.mailing import rules

Words = str | Promise
_MEGABYTE: Final = 1024 * 1024
LARGEST_MB: Final = LARGEST_FILE // _MEGABYTE
#: The most that all kept files of a mailing may have together: coded for mail they are a third
#: larger, and many mail servers take no more than 10 to 20 MB.
MOST_MB: Final = 8
#: Makes letters outside a mailing carry its kept files, which stay where they are: tests.
KEPT: Final = "mailing-file"
_LONGEST_SHOWN = 60


@dataclass(frozen=True, kw_only=True)
class PersonalFile:
    """A file that is made for each recipient of an audience.

    ``name`` gives its name for a conference and a language, ``make`` and ``has`` are as in
    ``mailing.make_attachments``, ``without`` returns those of an audience who have none. With
    ``is_of_mailing`` it is made of the mailing itself, whose number a letter outside of it is
    told: "delegation:12@7".
    """

    code: str
    label: Words
    content_type: str
    name: Callable[[Conference, str], str]
    make: mailing.Make
    has: mailing.Has
    without: Callable[[QuerySet[Any]], QuerySet[Any]]
    is_of_mailing: bool = False


_offers: defaultdict[str, dict[str, PersonalFile]] = defaultdict(dict)


def offer(*, kind: str, file: PersonalFile) -> None:
    """Offer a file to mailings to this kind of audience."""
    _offers[kind][file.code] = file
    mailing.make_attachments(
        maker=file.code,
        make=file.make,
        has=file.has,
        name=lambda message: file.name(message.conference, message.language),
    )


def offered(kind: str) -> dict[str, PersonalFile]:
    """Return what can be made for an audience of this kind, by codes."""
    return _offers[kind]


def chosen(campaign: Campaign) -> list[MessageAttachment]:
    """Return what travels with the mailing, without the bytes: made files first."""
    if campaign.pk is None:
        return []
    found = MessageAttachment.objects.filter(campaign=campaign.pk).defer("content")
    return sorted(found, key=lambda each: (not each.maker, each.pk))


def personal(campaign: Campaign) -> list[PersonalFile]:
    """Return the chosen files that are made for each recipient."""
    known = offered(campaign.audience)
    codes = MessageAttachment.objects.filter(campaign=campaign).exclude(maker="")
    return [
        known[code]
        for code in codes.order_by("pk").values_list("maker", flat=True)
        if code in known
    ]


def served(campaign: Campaign) -> QuerySet[Any]:
    """Return whom the mailing is for, without those who are to be left out for want of a file.

    Whom a letter that is ticked by hand has reached before is left out, too.
    """
    found = audiences.members(campaign)
    by_hand = audiences.kind_of(campaign).by_hand
    if by_hand is not None:
        found = by_hand.still(campaign, found)
    if campaign.if_lacking == IfLacking.LEAVE_OUT:
        for file in personal(campaign):
            lacking = file.without(audiences.members(campaign).order_by())
            found = found.exclude(pk__in=lacking.values("pk"))
    return found


def last_look(message: Message, _now: datetime) -> mailing.Ending | None:
    """Tell the mailer to drop a letter whose recipient has lost a file that it needs."""
    campaign = message.campaign
    if campaign is None or campaign.if_lacking != IfLacking.LEAVE_OUT:
        return None
    lost = [each.name for each in mailing.shown(message) if not each.is_there]
    if not lost:
        return None
    return mailing.Ending(
        state=Message.State.CANCELLED,
        kind=MessageStep.Kind.CANCELLED,
        rule=rules.LEFT_OUT,
        answer=", ".join(lost),
    )


@transaction.atomic
def write(
    *,
    campaign: Campaign,
    fields: Collection[str],
    codes: Collection[str],
    now: datetime,
    actor: User | None = None,
    seen: str = "",
) -> None:
    """Keep these fields of a draft and which files are made for each recipient.

    Raises CampaignStepRefused once the mailing has begun or has a time, CampaignOvertaken where the
    text is not the ``seen`` one any more.
    """
    if campaign.pk is None:
        campaign.save()
    else:
        hold_draft(campaign)
        living.refuse_newer(campaign, seen)
        campaign.save(update_fields=list(fields))
    _choose(campaign, codes, now, actor)


@transaction.atomic
def attach(
    *, campaign: Campaign, name: str, content: bytes, now: datetime, actor: User | None = None
) -> MessageAttachment:
    """Keep a file for every letter of a draft; the same content again changes nothing.

    Raises FileNotTaken, FileTooLarge, FilesTooLarge, or CampaignStepRefused.
    """
    refuse_large(name, len(content))
    found = uploads.type_of(content)
    if found is None:
        raise FileNotTaken(file=_shown(name))
    hold_draft(campaign)
    kept = MessageAttachment.objects.filter(campaign=campaign, maker="")
    sha256 = hashlib.sha256(content).hexdigest()
    if present := kept.defer("content").filter(sha256=sha256).first():
        return present
    together = kept.aggregate(sum=Sum("size"))["sum"] or 0
    if together + len(content) > MOST_MB * _MEGABYTE:
        raise FilesTooLarge(file=_shown(name), most=MOST_MB)
    taken = set(kept.values_list("file_name", flat=True))
    attachment = MessageAttachment.objects.create(
        campaign=campaign,
        file_name=_free_name(uploads.safe_name(name, found.ending), taken),
        content_type=found.content_type,
        content=content,
        size=len(content),
        sha256=sha256,
    )
    _record(campaign, "mailing.attach", now, actor, after=_told(attachment))
    return attachment


@transaction.atomic
def detach(*, campaign: Campaign, pk: int, now: datetime, actor: User | None = None) -> str:
    """Remove a kept file from a draft; return its name, "" if it is gone already.

    Raises CampaignStepRefused.
    """
    hold_draft(campaign)
    kept = MessageAttachment.objects.filter(campaign=campaign, maker="", pk=pk)
    attachment = kept.defer("content").first()
    if attachment is None:
        return ""
    kept.delete()
    _record(campaign, "mailing.detach", now, actor, before=_told(attachment))
    return attachment.file_name


def refuse_large(name: str, size: int) -> None:
    """Raise FileTooLarge, so that what is too large need not be read."""
    if size > LARGEST_FILE:
        raise FileTooLarge(
            file=_shown(name),
            # Never "5.0 of 5": what is too large by a byte is told as more.
            size=f"{-(-size * 10 // _MEGABYTE) / 10:.1f}",
            most=LARGEST_MB,
        )


def hold_draft(campaign: Campaign) -> None:
    """Hold the mailing's row to the end of the transaction; raises CampaignStepRefused if begun."""
    living.refuse_begun(Campaign.objects.select_for_update(no_key=True).get(pk=campaign.pk))


def enclosures(
    campaign: Campaign, letter: Message
) -> tuple[list[mailing.Enclosure], list[PersonalFile]]:
    """Return the files of this letter of the mailing for a letter outside of it, such as a test.

    Also returns the chosen files of which its recipient has none.
    """
    lacking = [file for file in personal(campaign) if not file.has(letter, letter.recipient)]
    missing = {file.code for file in lacking}
    found = [
        mailing.Enclosure(
            file_name=each.file_name,
            content_type=each.content_type,
            maker=each.maker or KEPT,
            about=_about(campaign, each, letter),
        )
        for each in chosen(campaign)
        if each.maker not in missing
    ]
    return found, lacking


def _about(campaign: Campaign, each: MessageAttachment, letter: Message) -> str:
    if not each.maker:
        return str(each.pk)
    file = offered(campaign.audience)[each.maker]
    return f"{letter.recipient}@{campaign.pk}" if file.is_of_mailing else letter.recipient


def kept_content(message: Message, about: str) -> bytes:
    """Return the bytes of a mailing's file for a letter of the same conference."""
    kept = MessageAttachment.objects.filter(campaign__conference=message.conference_id, maker="")
    found = kept.filter(pk=about).values_list("content", flat=True).first()
    if found is None:
        raise AttachmentMissing(file=about)
    return bytes(found)


def _choose(campaign: Campaign, codes: Collection[str], now: datetime, actor: User | None) -> None:
    known = offered(campaign.audience)
    made = MessageAttachment.objects.filter(campaign=campaign).exclude(maker="")
    before = set(made.values_list("maker", flat=True))
    after = {code for code in known if code in codes}
    if before == after:
        return
    made.exclude(maker__in=after).delete()
    MessageAttachment.objects.bulk_create(
        MessageAttachment(
            campaign=campaign,
            maker=code,
            file_name=file.name(campaign.conference, "en"),
            content_type=file.content_type,
        )
        for code, file in known.items()
        if code in after - before
    )
    _record(
        campaign,
        "mailing.made_files",
        now,
        actor,
        before={"files": sorted(before)},
        after={"files": sorted(after)},
    )


def _record(
    campaign: Campaign, action: str, now: datetime, actor: User | None, **changes: Any
) -> None:
    auditing.record(
        action=action,
        target=campaign,
        conference=campaign.conference,
        actor=actor,
        now=now,
        **changes,
    )


def _told(attachment: MessageAttachment) -> dict[str, Any]:
    return {
        "file": attachment.file_name,
        "size": attachment.size,
        "sha256": attachment.sha256,
    }


def _free_name(name: str, taken: Collection[str]) -> str:
    stem, _dot, ending = name.rpartition(".")
    number = 1
    while name in taken:
        number += 1
        name = f"{stem} ({number}).{ending}"
    return name


def _shown(name: str) -> str:
    """Return a name as a sentence can hold it, whatever it was."""
    words = " ".join("".join(each if each.isprintable() else " " for each in name).split())
    return words if len(words) <= _LONGEST_SHOWN else f"{words[: _LONGEST_SHOWN - 1]}…"
