"""What is to be sent, before it is a row."""

from dataclasses import dataclass
from datetime import datetime

from conference.models import Conference, Language, Message

_LONGEST_NAME, _LONGEST_SUBJECT = (
    Message._meta.get_field(name).max_length or 0  # type: ignore[union-attr]
    for name in ("to_name", "subject")
)


@dataclass(frozen=True, kw_only=True)
class Enclosure:
    """A file with a letter: its bytes, or who makes them when the letter leaves, from ``about``."""

    file_name: str
    content_type: str
    content: bytes | None = None
    maker: str = ""
    about: str = ""


@dataclass(frozen=True, kw_only=True)
class Letter:
    """What is to be sent to whom; ``key`` names the occasion and makes it once.

    ``recipient`` says whose letter it is ("delegate:12", "delegation:5", "user:3"), ``on_doubt``
    what happens if nobody knows whether it has left (the mailing's word, unless said here), and
    ``due_at`` when it may leave (at once, unless said).
    """

    key: str
    purpose: str
    to_email: str
    subject: str
    body_text: str
    to_name: str = ""
    body_html: str = ""
    language: str = Language.ENGLISH
    recipient: str = ""
    optional: bool = False
    on_doubt: str = ""
    due_at: datetime | None = None
    enclosures: tuple[Enclosure, ...] = ()


def fields_of(conference: Conference, letter: Letter, now: datetime) -> dict[str, object]:
    """Return the row of this letter as it begins."""
    fields: dict[str, object] = {
        "conference": conference,
        "purpose": letter.purpose,
        "to_email": letter.to_email,
        "domain": domain_of(letter.to_email),
        "to_name": letter.to_name[:_LONGEST_NAME],
        "recipient": letter.recipient,
        "language": letter.language,
        "subject": one_line(letter.subject),
        "body_text": letter.body_text,
        "body_html": letter.body_html,
        "reply_to": conference.reply_to,
        "optional": letter.optional,
        "due_at": letter.due_at or now,
    }
    return fields | ({"on_doubt": letter.on_doubt} if letter.on_doubt else {})


def domain_of(address: str) -> str:
    """Return the domain of an address, by which letters are paced."""
    return address.rpartition("@")[2].lower()


def one_line(subject: str) -> str:
    """Return the subject in one line that fits its row: titles and names add up."""
    line = " ".join(subject.split())
    return line if len(line) <= _LONGEST_SUBJECT else f"{line[: _LONGEST_SUBJECT - 1]}…"
