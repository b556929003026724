"""What travels with a letter: files that are kept, and files that are made when it leaves.

Who makes files registers here (``make_attachments``). A file is made for one letter at a time and
only from rows, so that a letter that is sent again carries the same one.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass, field

from django.db.models import Q

from conference.errors import AttachmentFailed, AttachmentMissing, DomainError, NothingToAttach
from conference.models import Message, MessageAttachment
from conference.models.campaign import IfLacking

#: Makes the bytes of an attachment from whom or what it is about ("delegate:12"). Raises
#: NothingToAttach where there is nothing to make it of; anything but a DomainError is a mistake,
#: after which the letter is tried again.
Make = Callable[[Message, str], bytes]
#: Returns under which name it travels.
Name = Callable[[Message], str]
#: Tells whether there is something to make it of, without making it.
Has = Callable[[Message, str], bool]
_logger = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class Packed:
    """A file as it goes into one letter."""

    name: str
    content_type: str
    content: bytes


@dataclass(frozen=True, kw_only=True)
class Parcel:
    """All files of one letter, and the names of those of which its recipient has none."""

    files: list[Packed] = field(default_factory=list)
    lacking: list[str] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True)
class Shown:
    """A file of a letter on a page: the row, its name, and whether there is one now."""

    attachment: MessageAttachment
    name: str
    is_there: bool


@dataclass(frozen=True, kw_only=True)
class _Maker:
    make: Make
    name: Name | None = None
    has: Has | None = None


_makers: dict[str, _Maker] = {}


def make_attachments(
    *, maker: str, make: Make, name: Name | None = None, has: Has | None = None
) -> None:
    """Register who makes the attachments whose ``maker`` has this name.

    Without ``name`` they travel under the name in their row; without ``has`` there is always one.
    """
    _makers[maker] = _Maker(make=make, name=name, has=has)


def attachments_of(message: Message) -> list[MessageAttachment]:
    """Return the rows of what travels with this letter: its own, and those of its whole mailing.

    What is kept is not read before it is asked for.
    """
    wanted = Q(message=message.pk)
    if message.campaign_id is not None:
        wanted |= Q(campaign=message.campaign_id)
    return list(MessageAttachment.objects.filter(wanted).defer("content").order_by("pk"))


def name_of(attachment: MessageAttachment, message: Message) -> str:
    """Return the name under which the file travels with this letter."""
    maker = _makers.get(attachment.maker)
    return maker.name(message) if maker and maker.name else attachment.file_name


def is_there(attachment: MessageAttachment, message: Message) -> bool:
    """Tell whether there is something to make the file of; what is kept is always there."""
    maker = _makers.get(attachment.maker)
    return not (maker and maker.has) or maker.has(message, _about(attachment, message))


def shown(message: Message) -> list[Shown]:
    """Return the files of a letter as a page shows them; nothing is made for it."""
    return [
        Shown(attachment=each, name=name_of(each, message), is_there=is_there(each, message))
        for each in attachments_of(message)
    ]


def content_of(attachment: MessageAttachment, message: Message) -> bytes:
    """Return the bytes of an attachment, made now if they are not kept.

    Raises NothingToAttach for a recipient who has none, AttachmentMissing if nobody makes such
    files, AttachmentFailed after a mistake.
    """
    if not attachment.maker:
        return bytes(attachment.content or b"")
    maker = _makers.get(attachment.maker)
    if maker is None:
        raise AttachmentMissing(file=attachment.file_name)
    try:
        made = maker.make(message, _about(attachment, message))
    except DomainError:
        raise
    except Exception as mistake:
        _logger.exception("Attachment %s could not be made.", attachment.pk)
        words = f"{type(mistake).__name__}: {mistake}"
        raise AttachmentFailed(file=name_of(attachment, message), words=words) from mistake
    if not made:
        raise AttachmentFailed(file=name_of(attachment, message), words="0 bytes")
    return made


def pack(message: Message) -> Parcel:
    """Make and read everything that travels with this letter.

    A file of its mailing of which this recipient has none is left out where the mailing says so.
    Raises what ``content_of`` raises: a letter never leaves without a file that it should have.
    """
    parcel = Parcel()
    for attachment in attachments_of(message):
        name = name_of(attachment, message)
        try:
            content = content_of(attachment, message)
        except NothingToAttach:
            if not _may_lack(attachment, message):
                raise
            parcel.lacking.append(name)
            continue
        parcel.files.append(
            Packed(name=name, content_type=attachment.content_type, content=content)
        )
    return parcel


def _may_lack(attachment: MessageAttachment, message: Message) -> bool:
    return (
        attachment.campaign_id is not None
        and message.campaign is not None
        and message.campaign.if_lacking == IfLacking.WITHOUT
    )


def _about(attachment: MessageAttachment, message: Message) -> str:
    return attachment.about or message.recipient
