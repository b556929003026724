"""A letter as it leaves, for whoever must see its headers; personal links are made unusable."""

import re
from copy import copy
from email.message import Message as Mail

from conference.models import Message
from conference.operations.mailing.attachments import pack
from conference.operations.mailing.composing import compose, return_path

#: The secret part of a personal address. Whoever reads this page must not be able to open it.
_TOKEN = re.compile(r"(https?://[^\s\"'<>]*?/)([A-Za-z0-9_-]{20,})(?=[/\s\"'<>?#]|$)")
_HIDDEN = "…"


def without_links(text: str) -> str:
    """Return a text in which the secret parts of personal addresses are left out."""
    return _TOKEN.sub(rf"\1{_HIDDEN}", text)


def source_of(message: Message) -> str:
    """Return the mail of a letter with all its headers, as the server gets it, links hidden.

    Of each attachment the headers are shown, and how large it is: a coded file is nothing to
    read. Raises the DomainError of an attachment that cannot be made.
    """
    shown = copy(message)
    shown.body_text = without_links(message.body_text)
    shown.body_html = without_links(message.body_html)
    parcel = pack(message)
    mail = compose(shown, parcel).message()
    sizes = iter([len(each.content) for each in parcel.files])
    for part in mail.walk():
        if part.get_content_disposition() == "attachment":
            _shorten(part, next(sizes))
    return f"Return-Path: <{return_path(message)}>\n{without_links(mail.as_string())}"


def _shorten(part: Mail, size: int) -> None:
    # Set past the coding that the headers name, which stay as they leave.
    part._payload = f"[{size:,} bytes]\n"  # type: ignore[attr-defined]
