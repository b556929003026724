"""Building the mail of a letter: its headers, its parts and what travels with it.

Other apps add what they know: headers (``add_headers``), the return path (``return_to``) and
attachments that are made when the letter leaves (``make_attachments``).
"""

from collections.abc import Callable

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db.models import Q

from conference.errors import AttachmentMissing
from conference.models import Language, Message, MessageAttachment

#: Makes the bytes of an attachment; raises a DomainError where there is nothing to make it of.
Maker = Callable[[Message, str], bytes]
HeaderMaker = Callable[[Message], dict[str, str]]
ReturnPath = Callable[[Message], str]
_makers: dict[str, Maker] = {}
_header_makers: list[HeaderMaker] = []
_return_paths: list[ReturnPath] = []


def make_attachments(*, maker: str, make: Maker) -> None:
    """Register who makes the attachments whose ``maker`` has this name."""
    _makers[maker] = make


def add_headers(make: HeaderMaker) -> None:
    """Register who adds headers to letters; an empty value adds none."""
    if make not in _header_makers:
        _header_makers.append(make)


def return_to(path: ReturnPath) -> None:
    """Register who says to which address the mail server reports what came back."""
    _return_paths[:] = [path]


def return_path(message: Message) -> str:
    """Return the address of the envelope, to which bounces go."""
    return _return_paths[0](message) if _return_paths else settings.DEFAULT_FROM_ADDRESS


def compose(message: Message) -> EmailMultiAlternatives:
    """Build the mail of this letter, with a Message-ID that is the same at each attempt."""
    sender_name = message.conference.sender_name or str(message.conference)
    headers = {
        "Message-ID": message.message_id,
        "Content-Language": "zh-Hans" if message.language == Language.CHINESE else "en",
        "Auto-Submitted": "auto-generated",
    }
    for make in _header_makers:
        headers |= {name: value for name, value in make(message).items() if value}
    mail = EmailMultiAlternatives(
        subject=message.subject,
        body=message.body_text,
        from_email=f'"{_quotable(sender_name)}" <{settings.DEFAULT_FROM_ADDRESS}>',
        to=[f'"{_quotable(message.to_name)}" <{message.to_email}>'],
        reply_to=[message.reply_to] if message.reply_to else None,
        headers=headers,
    )
    if message.body_html:
        mail.attach_alternative(message.body_html, "text/html")
    for attachment in attachments_of(message):
        mail.attach(attachment.file_name, content_of(attachment, message), attachment.content_type)
    return mail


def attachments_of(message: Message) -> list[MessageAttachment]:
    """Return what travels with this letter: its own files and those of its whole mailing."""
    wanted = Q(message=message.pk)
    if message.campaign_id is not None:
        wanted |= Q(campaign=message.campaign_id)
    return list(MessageAttachment.objects.filter(wanted).order_by("pk"))


def content_of(attachment: MessageAttachment, message: Message) -> bytes:
    """Return the bytes of an attachment, made now if they are not kept."""
    if attachment.content is not None:
        return bytes(attachment.content)
    make = _makers.get(attachment.maker)
    if make is None:
        raise AttachmentMissing(file=attachment.file_name)
    return make(message, attachment.about or message.recipient)


def _quotable(name: str) -> str:
    return " ".join(name.replace("\\", " ").replace('"', " ").split())
