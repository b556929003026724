"""Reading a mail that came back.

Delivery reports (RFC 3464), complaints (RFC 5965), and the letters in plain words that many
providers send instead. It never raises, whatever the mail.
"""

import logging
import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.errors import HeaderParseError
from email.header import decode_header, make_header
from email.message import Message as Mail
from hashlib import sha256
from typing import Final

from conference.models import MailReport
from conference.operations.mailing.judging import is_about_delivery, judge

log = logging.getLogger(__name__)
_WORDS_KEPT: Final = 2000
_PARTS_READ: Final = 40
#: Of one header, which Python takes apart in time that grows with the square of its length.
_HEADER_READ: Final = 4000
#: Headers that name the address to which the report was sent.
_SENT_TO: Final = ("Delivered-To", "X-Original-To", "Envelope-To", "X-Envelope-To", "To", "Cc")
_POSTMASTERS = re.compile(
    r"mailer-?daemon|postmaster|mail delivery|systems? administrator", re.IGNORECASE
)
_RETURNED = re.compile(
    r"undeliver|deliver\w* (?:status|fail|has failed)|returned mail|mail fail|failure notice"
    r"|退信|系统退信|投递失败|未送达|無法傳送|无法投递|无法送达",
    re.IGNORECASE,
)


class _ShortHeaders(policy.Compat32):
    """Keeps the beginning of each header, of the mail and of every mail within it."""

    def header_source_parse(self, sourcelines: list[str]) -> tuple[str, str]:
        """Take one header apart."""
        name, value = super().header_source_parse(sourcelines)
        return name, value[:_HEADER_READ]


_POLICY: Final = _ShortHeaders()


@dataclass(frozen=True, kw_only=True)
class Finding:
    """What a mail says of a letter. ``texts`` may hold the letter's mark, the surest first."""

    event: str
    kind: str
    texts: tuple[str, ...]
    address: str = ""
    status: str = ""
    words: str = ""


def read(raw: bytes) -> Finding | None:
    """Return what a mail reports, or None for one that is no report (an answer, an absence).

    Also None for one that Python's own parser cannot take apart, such as thousands of mails in one
    another: it would stand before all others for ever.
    """
    try:
        return _read(raw)
    except Exception:
        log.exception("a mail that came back cannot be read")
        return None


def _read(raw: bytes) -> Finding | None:
    mail = message_from_bytes(raw, policy=_POLICY)
    parts = list(_parts(mail))
    for part in parts:
        if _type(part) == "message/feedback-report":
            return _complaint(mail, part, parts, raw)
    for part in parts:
        if _type(part) in {"message/delivery-status", "message/global-delivery-status"}:
            found = _delivery(mail, part, parts, raw)
            if found is not None:
                return found
    return _in_words(mail, parts, raw)


def _complaint(mail: Mail, report: Mail, parts: list[Mail], raw: bytes) -> Finding | None:
    fields = _fields(_text(report))
    kind = fields.get("feedback-type", "abuse").lower()
    if kind == "not-spam":
        return None
    return Finding(
        event=_event(mail, raw),
        kind=MailReport.Kind.UNSUBSCRIBED
        if kind.startswith("opt-out")
        else MailReport.Kind.COMPLAINED,
        texts=_marked(mail, parts),
        address=_address(fields.get("original-rcpt-to", "")),
        words=f"{kind}: {fields.get('user-agent', '')}"[:_WORDS_KEPT].strip(": "),
    )


def _delivery(mail: Mail, report: Mail, parts: list[Mail], raw: bytes) -> Finding | None:
    groups = [
        fields
        for block in re.split(r"\n\s*\n", _text(report).replace("\r\n", "\n"))
        if "action" in (fields := _fields(block)) or "status" in fields
    ]
    if not groups:
        return None
    told = next((each for each in groups if each.get("action", "").lower() == "failed"), groups[0])
    action = (told.get("action") or "failed").lower().split()[0]
    if action in {"relayed", "expanded"}:
        return None
    said = _without_kind(told.get("diagnostic-code", ""))
    words = said or _explanation(parts)
    kind, status = judge(action=action, status=told.get("status", ""), words=words)
    return Finding(
        event=_event(mail, raw),
        kind=kind,
        texts=_marked(mail, parts),
        address=_address(told.get("original-recipient") or told.get("final-recipient", "")),
        status=status,
        words=words[:_WORDS_KEPT],
    )


def _in_words(mail: Mail, parts: list[Mail], raw: bytes) -> Finding | None:
    subject = _header(mail, "Subject")
    is_postmaster = bool(_POSTMASTERS.search(_header(mail, "From"))) or (
        _header(mail, "Return-Path").strip() == "<>" and bool(_RETURNED.search(subject))
    )
    auto = _header(mail, "Auto-Submitted").lower().startswith("auto-replied")
    if not is_postmaster or (auto and not _RETURNED.search(subject)):
        return None
    words = _explanation(parts)
    if not (_RETURNED.search(subject) or is_about_delivery(words)):
        return None
    kind, status = judge(action="failed", status="", words=words)
    return Finding(
        event=_event(mail, raw),
        kind=kind,
        texts=_marked(mail, parts),
        status=status,
        words=words[:_WORDS_KEPT],
    )


def _event(mail: Mail, raw: bytes) -> str:
    named = _header(mail, "Message-ID").strip()
    shown = named.encode(errors="backslashreplace") if named else raw
    return f"mail:{sha256(shown).hexdigest()[:40]}"


def _marked(mail: Mail, parts: list[Mail]) -> tuple[str, ...]:
    """Return the texts in which the letter's mark may stand."""
    sent_to = " ".join(
        str(value) for name in _SENT_TO for value in (mail.get_all(name, failobj=[]) or [])
    )
    within = [f"{name}: {value}" for part in parts for name, value in part.items()]
    return (sent_to, "\n".join(within), *(_text(part) for part in parts))


def _parts(mail: Mail) -> Iterator[Mail]:
    for number, part in enumerate(mail.walk()):
        if number >= _PARTS_READ:
            return
        yield part


def _type(part: Mail) -> str:
    return part.get_content_type()


def _text(part: Mail) -> str:
    """Return the text of one part; that of a report, which Python cuts into messages, whole."""
    if part.is_multipart():
        payload = part.get_payload()
        if part.get_content_maintype() != "message" or not isinstance(payload, list):
            return ""
        return "\n\n".join(str(each) for each in payload)
    if part.get_content_maintype() not in {"text", "message"}:
        return ""
    content = part.get_payload(decode=True)
    if not isinstance(content, bytes):
        return ""
    charset = str(part.get_content_charset() or "utf-8")
    try:
        return content.decode(charset, errors="replace")
    except (LookupError, ValueError):
        # An encoding that nobody knows, or one that is none of texts.
        return content.decode("utf-8", errors="replace")


def _explanation(parts: list[Mail]) -> str:
    """Return what is said in words, before anything of the letter that came back."""
    for part in parts:
        if _type(part) in {"text/plain", "text/html"}:
            text = _text(part)
            if _type(part) == "text/html":
                text = _without_tags(text)
            if words := " ".join(text.split()):
                return words
    return ""


def _without_tags(html: str) -> str:
    """Return what is to be read of a page, in one pass: strangers write it as long as they like."""
    first, *rest = html.split("<")
    words, hidden = [first], ""
    for each in rest:
        tag, _end, text = each.partition(">")
        name = (tag.split(None, 1) or [""])[0].lower()
        if hidden:
            hidden = "" if name == f"/{hidden}" else hidden
        elif name in {"style", "script"}:
            hidden = name
        if not hidden:
            words.append(text)
    return " ".join(words)


def _fields(block: str) -> dict[str, str]:
    """Return the fields of a block of headers; a line that begins with a space goes on."""
    fields: dict[str, str] = {}
    unfolded = re.sub(r"\n[ \t]+", " ", block.replace("\r\n", "\n"))
    for line in unfolded.split("\n"):
        name, colon, value = line.partition(":")
        if colon:
            fields.setdefault(name.strip().lower(), value.strip())
    return fields


def _without_kind(value: str) -> str:
    """Return "550 no" of "smtp; 550 no"."""
    kind, semicolon, words = value.partition(";")
    return words.strip() if semicolon and " " not in kind.strip() else value.strip()


def _address(value: str) -> str:
    return _without_kind(value).strip(" <>").lower()[:320]


def _header(mail: Mail, name: str) -> str:
    value = str(mail.get(name, ""))
    try:
        return str(make_header(decode_header(value)))
    except (LookupError, ValueError, HeaderParseError):
        return value
