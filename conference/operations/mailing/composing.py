"""Building the mail of a letter: its headers, its parts and what travels with it.

Other apps add what they know: headers (``add_headers``) and the return path (``return_to``).
"""

from collections.abc import Callable

from django.conf import settings
from django.core.mail import EmailMultiAlternatives

from conference.models import Language, Message
from conference.operations.mailing.attachments import Parcel, pack

HeaderMaker = Callable[[Message], dict[str, str]]
ReturnPath = Callable[[Message], str]
_header_makers: list[HeaderMaker] = []
_return_paths: list[ReturnPath] = []


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


def compose(message: Message, parcel: Parcel | None = None) -> EmailMultiAlternatives:
    """Build the mail of this letter, with a Message-ID that is the same at each attempt.

    Its files are those of the parcel, packed now unless given.
    """
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
    for each in (parcel or pack(message)).files:
        mail.attach(each.name, each.content, each.content_type)
    return mail


def _quotable(name: str) -> str:
    return " ".join(name.replace("\\", " ").replace('"', " ").split())
