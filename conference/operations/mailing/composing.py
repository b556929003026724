"""Building the mail of a letter: its headers, its parts and what travels with it.

Other apps add what they know: headers (``add_headers``), a last line (``add_foot``) and the return
path (``return_to``).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.conf import settings
from django.utils.html import format_html_join

from conference.bilingual import pick
from conference.models import Language, Message
from conference.operations.mailing.attachments import Parcel, pack
from conference.operations.mailing.folding import Mail


@dataclass(frozen=True, kw_only=True)
class Foot:
    """A last line below a letter that leads to a page: words in its language, and the address."""

    words: str
    url: str


HeaderMaker = Callable[[Message], dict[str, str]]
FootMaker = Callable[[Message], Foot | None]
ReturnPath = Callable[[Message], str]
#: Mail programs read styles in the elements themselves.
_FOOT = (
    '<p style="margin:0;padding:0 12px 24px;text-align:center;font:13px/1.5 Arial,sans-serif;">'
    '<a href="{}" style="color:#0b5a47;">{}</a></p>'
)
_header_makers: list[HeaderMaker] = []
_foot_makers: list[FootMaker] = []
_return_paths: list[ReturnPath] = []


def add_headers(make: HeaderMaker) -> None:
    """Register who adds headers to letters; an empty value adds none."""
    if make not in _header_makers:
        _header_makers.append(make)


def add_foot(make: FootMaker) -> None:
    """Register who adds a last line to letters, or None to one that needs none."""
    if make not in _foot_makers:
        _foot_makers.append(make)


def return_to(path: ReturnPath) -> None:
    """Register who says to which address the mail server reports what came back."""
    _return_paths[:] = [path]


def return_path(message: Message) -> str:
    """Return the address of the envelope, to which bounces go."""
    return _return_paths[0](message) if _return_paths else settings.DEFAULT_FROM_ADDRESS


def compose(message: Message, parcel: Parcel | None = None) -> Mail:
    """Build the mail of this letter, with a Message-ID that is the same at each attempt.

    Its files are those of the parcel, packed now unless given.
    """
    headers = {
        "Message-ID": message.message_id,
        "Content-Language": "zh-Hans" if message.language == Language.CHINESE else "en",
        "Auto-Submitted": "auto-generated",
    }
    for make in _header_makers:
        headers |= {name: value for name, value in make(message).items() if value}
    feet = [foot for make in _foot_makers if (foot := make(message))]
    mail = Mail(
        subject=message.subject,
        body=_with_text(message.body_text, feet),
        from_email=f'"{_quotable(_sender_of(message))}" <{settings.DEFAULT_FROM_ADDRESS}>',
        to=[f'"{_quotable(message.to_name)}" <{message.to_email}>'],
        reply_to=[message.reply_to] if message.reply_to else None,
        headers=headers,
    )
    if message.body_html:
        mail.attach_alternative(_with_html(message.body_html, feet), "text/html")
    for each in (parcel or pack(message)).files:
        mail.attach(each.name, each.content, each.content_type)
    return mail


def _sender_of(message: Message) -> str:
    """Return the sender's name in the letter's language, or in the other; else the conference's."""
    named = (pick(message.conference, field, message.language) for field in ("sender_name", "name"))
    return next((name for name in named if name), "")


def _with_text(body: str, feet: Sequence[Foot]) -> str:
    lines = [f"{foot.words} {foot.url}" for foot in feet]
    return "\n".join([body.rstrip("\n"), *lines, ""]) if lines else body


def _with_html(body: str, feet: Sequence[Foot]) -> str:
    if not feet:
        return body
    lines = format_html_join("", _FOOT, ((foot.url, foot.words.rstrip(":：")) for foot in feet))
    head, end, tail = body.rpartition("</body>")
    return f"{head}{lines}{end}{tail}" if end else f"{body}{lines}"


def _quotable(name: str) -> str:
    return " ".join(name.replace("\\", " ").replace('"', " ").split())
