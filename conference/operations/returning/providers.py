"""What mail providers report by their webhooks, in the kinds that a mailbox of bounces has too.

django-anymail has checked the post and told what happened; here it is traced to its letter and
judged by the same rules. Sources: Anymail's "tracking signal", and each provider's own fields.
"""

import json
import re
from collections.abc import Callable, Mapping
from datetime import datetime
from hashlib import sha256
from typing import Any, Final
from uuid import UUID

from anymail.signals import AnymailTrackingEvent, EventType, RejectReason
from django.conf import settings

from conference.models import MailReport, Message
from conference.operations.mailing.judging import STATUS, judge
from conference.operations.returning.noting import note
from conference.operations.returning.tokens import letter_of, token_of

Kind = MailReport.Kind
#: Of a report so much is searched for the letter's mark, and kept as words.
_SEARCHED: Final = 200_000
_WORDS_KEPT: Final = 2000
_MESSAGE_ID = re.compile(
    r"([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})@([a-z0-9.-]+)", re.IGNORECASE
)

#: What a provider reports without having tried, since it refused the letter itself.
_REFUSED: Final[dict[str, str]] = {
    RejectReason.INVALID: Kind.BOUNCED,
    RejectReason.BOUNCED: Kind.BOUNCED,
    RejectReason.TIMED_OUT: Kind.SOFT,
    RejectReason.BLOCKED: Kind.REJECTED,
    RejectReason.SPAM: Kind.COMPLAINED,
    RejectReason.UNSUBSCRIBED: Kind.UNSUBSCRIBED,
    RejectReason.OTHER: Kind.UNCLEAR,
}
#: The providers' own words for a bounce, read where the server's say nothing.
_OWN_WORDS: Final[dict[str, str]] = {
    "hardbounce": Kind.BOUNCED,
    "bademailaddress": Kind.BOUNCED,
    "hard_bounce": Kind.BOUNCED,
    "invalid_email": Kind.BOUNCED,
    "permanent": Kind.BOUNCED,
    "suppress-bounce": Kind.BOUNCED,
    "10": Kind.BOUNCED,
    "30": Kind.BOUNCED,
    "softbounce": Kind.SOFT,
    "soft_bounce": Kind.SOFT,
    "transient": Kind.SOFT,
    "20": Kind.SOFT,
    "21": Kind.SOFT,
    "22": Kind.SOFT,
    "23": Kind.SOFT,
    "24": Kind.SOFT,
    "40": Kind.SOFT,
    "70": Kind.SOFT,
    "blocked": Kind.REJECTED,
    "spamnotification": Kind.REJECTED,
    "25": Kind.REJECTED,
    "50": Kind.REJECTED,
    "51": Kind.REJECTED,
    "52": Kind.REJECTED,
    "53": Kind.REJECTED,
    "54": Kind.REJECTED,
}

#: The header by which each provider gives the letter's mark back with its reports.
_MARKED_BY: Final[dict[str, Callable[[str], dict[str, str]]]] = {
    "amazon_ses": lambda mark: {"X-SES-MESSAGE-TAGS": f"letter={mark}"},
    "brevo": lambda mark: {"X-Mailin-custom": _json(letter=mark)},
    "mailgun": lambda mark: {"X-Mailgun-Variables": _json(letter=mark)},
    "mailjet": lambda mark: {"X-MJ-EventPayload": _json(letter=mark)},
    "postmark": lambda mark: {"X-PM-Metadata-letter": mark, "X-PM-KeepID": "true"},
    "resend": lambda mark: {"X-Metadata": _json(letter=mark)},
    "sendgrid": lambda mark: {"X-SMTPAPI": json.dumps({"unique_args": {"letter": mark}})},
    "sparkpost": lambda mark: {"X-MSYS-API": json.dumps({"metadata": {"letter": mark}})},
}


def provider_headers(message: Message) -> dict[str, str]:
    """Return the headers by which the providers of the settings report with the letter's mark."""
    mark = token_of(message)
    headers: dict[str, str] = {}
    for name in settings.MAIL_PROVIDERS:
        headers |= _MARKED_BY[name](mark)
    return headers


def hear(event: AnymailTrackingEvent, *, provider: str, now: datetime) -> MailReport | None:
    """Keep what a provider reported of a letter, once; None for what changes nothing.

    That is a report of no letter of ours, one that is known already, and one about things that are
    not kept, such as opened mails.
    """
    kind, status, words = _judged(event)
    raw = _raw(event.esp_event)
    letter = _letter(event, raw) if kind else None
    if letter is None:
        return None
    return note(
        message=letter,
        event=f"{provider}:{_event(event, raw)}",
        source=provider,
        kind=kind,
        now=now,
        address=str(event.recipient or ""),
        status=status,
        words=words[:_WORDS_KEPT],
    )


def _judged(event: AnymailTrackingEvent) -> tuple[str, str, str]:
    """Return kind ("" for what is not kept), status code and words."""
    told = (str(each or "").strip() for each in (event.description, event.mta_response))
    words = ": ".join(dict.fromkeys(each for each in told if each))
    status = (STATUS.search(words) or [""])[0]
    if event.event_type in _PLAIN:
        return _PLAIN[event.event_type], status, words
    if event.event_type == EventType.REJECTED:
        return _REFUSED.get(event.reject_reason or "", Kind.UNCLEAR), status, words
    if event.event_type == EventType.BOUNCED:
        kind, code = judge(action="failed", status=status, words=str(event.mta_response or words))
        return _own_word(event) or kind if kind == Kind.UNCLEAR else kind, code, words
    return "", status, words


_PLAIN: Final[dict[str, str]] = {
    EventType.DELIVERED: Kind.DELIVERED,
    EventType.DEFERRED: Kind.DELAYED,
    EventType.COMPLAINED: Kind.COMPLAINED,
    EventType.UNSUBSCRIBED: Kind.UNSUBSCRIBED,
    # The provider could make no mail of it, which is not the address's fault.
    EventType.FAILED: Kind.REJECTED,
}


def _own_word(event: AnymailTrackingEvent) -> str:
    """Return what the provider itself makes of a bounce, "" if it does not say."""
    found = _fields(event.esp_event)
    if found.get("hard_bounce") is not None:
        return Kind.BOUNCED if found["hard_bounce"] else Kind.SOFT
    named = ("Type", "type", "bounceType", "bounce_class", "event", "reason")
    said = (str(found.get(name, "")).lower() for name in named)
    return next((_OWN_WORDS[each] for each in said if each in _OWN_WORDS), "")


def _fields(raw: Any) -> dict[str, Any]:
    """Return the provider's fields, those of inner parts included; the innermost stand first."""
    found: dict[str, Any] = {}
    if isinstance(raw, Mapping):
        for value in raw.values():
            found |= {**_fields(value), **found}
        found = {**{name: value for name, value in raw.items() if _is_plain(value)}, **found}
    return found


def _is_plain(value: Any) -> bool:
    return isinstance(value, str | int | bool)


def _raw(told: Any) -> str:
    """Return the report as text, the same for the same report."""
    fields = dict(told.lists()) if hasattr(told, "lists") else told
    return json.dumps(fields, sort_keys=True, default=str, ensure_ascii=False)[:_SEARCHED]


def _letter(event: AnymailTrackingEvent, raw: str) -> Message | None:
    """Return the letter by its mark (in metadata, headers or return path), else by Message-ID."""
    marked = letter_of(raw)
    if marked is not None:
        return marked
    for text in (str(event.message_id or ""), raw):
        for number, domain in _MESSAGE_ID.findall(text):
            if domain.lower() == str(settings.MAIL_DOMAIN).lower():
                found = Message.objects.filter(uid=UUID(number)).first()
                if found is not None:
                    return found
    return None


def _event(event: AnymailTrackingEvent, raw: str) -> str:
    """Return what names the report: the provider's own id, else a digest of all that it says."""
    told = event.esp_event
    # Mailgun signs each attempt to post anew; the event's own id stays.
    inner = told.get("event-data") if isinstance(told, Mapping) else None
    named = inner.get("id") if isinstance(inner, Mapping) else event.event_id
    if named:
        return str(named)[:150]
    return sha256(raw.encode(errors="replace")).hexdigest()[:40]


def _json(**fields: str) -> str:
    return json.dumps(fields)
