"""Fetching what came back from a mailbox by IMAP. The mailbox is only read, nothing in it changes.

How far it was read is a row, so it does not matter who else looks into the mailbox, and reading a
mail twice does no harm: its report counts once.
"""

import imaplib
import logging
import re
import ssl
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db import DatabaseError

from conference.errors import MailboxUnreadable
from conference.models import ReadMailbox
from conference.operations.returning.noting import note
from conference.operations.returning.reading import read
from conference.operations.returning.tokens import find_letter, letter_of

_TIMEOUT: Final = 30
#: Of one mail so much is read: the report stands before what came back.
_BYTES: Final = 262_144
log = logging.getLogger(__name__)


@dataclass
class Fetched:
    """What one look at a mailbox found."""

    mails: int = 0
    reports: int = 0
    known: int = 0
    others: int = 0


def fetch(*, mailbox: dict[str, Any], now: datetime) -> Fetched:
    """Read what is new in the mailbox of ``settings.BOUNCE_MAILBOX`` and keep every report.

    Raises MailboxUnreadable where the server cannot be reached or lets nobody in.
    """
    try:
        with _open(mailbox) as imap:
            imap.login(mailbox["user"], mailbox["password"])
            validity = _select(imap, mailbox["folder"])
            position, _new = ReadMailbox.objects.get_or_create(name=mailbox["name"])
            return _read_new(imap, position, validity, now)
    except (OSError, imaplib.IMAP4.error) as failure:
        raise MailboxUnreadable(words=str(failure)[:300]) from failure


def _open(mailbox: dict[str, Any]) -> imaplib.IMAP4:
    host, port, tls = mailbox["host"], mailbox["port"], mailbox["tls"]
    if tls == "ssl":
        return imaplib.IMAP4_SSL(
            host, port, ssl_context=ssl.create_default_context(), timeout=_TIMEOUT
        )
    imap = imaplib.IMAP4(host, port, timeout=_TIMEOUT)
    if tls == "starttls":
        imap.starttls(ssl_context=ssl.create_default_context())
    return imap


def _select(imap: imaplib.IMAP4, folder: str) -> int:
    done, words = imap.select(f'"{folder}"', readonly=True)
    if done != "OK":
        raise imaplib.IMAP4.error(str(words))
    _name, (validity,) = imap.response("UIDVALIDITY")
    return int(validity or 0)


def _read_new(imap: imaplib.IMAP4, position: ReadMailbox, validity: int, now: datetime) -> Fetched:
    fetched = Fetched()
    start = position.last_uid if position.uid_validity == validity else 0
    is_whole = True
    for uid in _uids_after(imap, start):
        raw = _raw(imap, uid)
        fetched.mails += 1
        try:
            _keep(raw, fetched, now)
        except DatabaseError:
            raise
        except Exception:
            # One that cannot be kept must not hold up the others; it is read again next time.
            log.exception("bounce not kept", extra={"uid": uid})
            is_whole = False
        if is_whole:
            position.read_up_to(validity=validity, uid=uid)
    return fetched


def _uids_after(imap: imaplib.IMAP4, start: int) -> Iterator[int]:
    _done, data = imap.uid("SEARCH", "UID", f"{start + 1}:*")
    # "*" is the newest mail, also where that is older than the start.
    uids = sorted(int(uid) for uid in (data[0] or b"").split())
    return (uid for uid in uids if uid > start)


def _raw(imap: imaplib.IMAP4, uid: int) -> bytes:
    _done, data = imap.uid("FETCH", str(uid), f"(BODY.PEEK[]<0.{_BYTES}>)")
    return next((each[1] for each in data if isinstance(each, tuple)), b"")


def _keep(raw: bytes, fetched: Fetched, now: datetime) -> None:
    finding = read(raw)
    marked = next((text for text in finding.texts if find_letter(text)), "") if finding else ""
    letter = letter_of(marked) if marked else None
    if finding is None or letter is None:
        fetched.others += 1
        return
    kept = note(
        message=letter,
        event=finding.event,
        source="mailbox",
        kind=finding.kind,
        now=now,
        address=finding.address,
        status=finding.status,
        words=re.sub(r"\s+", " ", finding.words),
    )
    if kept is None:
        fetched.known += 1
    else:
        fetched.reports += 1
