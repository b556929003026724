"""The line to the mail server: opened once, used for many letters, one transaction for each."""

import contextlib
import smtplib
from collections.abc import Callable
from types import TracebackType
from typing import Any, Self

from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.smtp import EmailBackend
from django.core.mail.message import sanitize_address

from conference.operations.mailing.answers import storable

#: Called just before the text goes over the line; says whether it may.
MayGo = Callable[[], bool]
_SERVICE_CLOSING = 421


class LineDown(Exception):
    """The server could not be reached or let nobody in, so no letter of ours was at fault."""


class NotMine(Exception):
    """The letter was not to go over the line after all: somebody else has it."""


class Line:
    """A connection of Django's mail backend that is kept open, and opened anew when it broke."""

    def __init__(self) -> None:
        """Name no server yet; the first letter opens the line."""
        self._backend: Any = None

    def __enter__(self) -> Self:
        """Return the line, still closed."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close the line."""
        self.close()

    def close(self) -> None:
        """Hang up; the next letter opens the line again."""
        backend, self._backend = self._backend, None
        if backend is not None and isinstance(backend, EmailBackend):
            with contextlib.suppress(smtplib.SMTPException, OSError):
                backend.close()

    def send(self, mail: EmailMessage, *, sender: str, may_go: MayGo) -> str:
        """Hand one mail over and return the server's answer.

        ``may_go`` is asked after sender and recipient are accepted and before the text follows,
        which is complete by then: whatever fails earlier has certainly not left. Raises LineDown,
        NotMine, or what the mail backend raises.
        """
        is_used = self._open()
        if not isinstance(self._backend, EmailBackend):
            if not may_go():
                raise NotMine
            self._backend.send_messages([mail])
            return "250"
        # Django's own message classes know `linesep`; their stubs do not.
        text = mail.message().as_bytes(linesep="\r\n")  # type: ignore[call-arg]
        try:
            smtp = self._announced(mail, sender, is_used=is_used)
            if not may_go():
                _forget_transaction(smtp)
                raise NotMine
            return _handed_over(smtp, text)
        except OSError as failure:
            if _is_broken(failure):
                self.close()
            raise

    def _open(self) -> bool:
        """Make sure that there is a line; return whether it was used before."""
        if self._backend is not None:
            return True
        backend = get_connection()
        if isinstance(backend, EmailBackend):
            try:
                backend.open()
            except OSError as failure:
                raise LineDown from failure
        self._backend = backend
        return False

    def _announced(self, mail: EmailMessage, sender: str, *, is_used: bool) -> smtplib.SMTP:
        """Begin a transaction up to its recipient, on a new line if a used one was hung up."""
        try:
            return self._announce(mail, sender)
        except OSError as failure:
            if not is_used or not _is_broken(failure):
                raise
        self.close()
        self._open()
        return self._announce(mail, sender)

    def _announce(self, mail: EmailMessage, sender: str) -> smtplib.SMTP:
        smtp: smtplib.SMTP = self._backend.connection
        encoding = mail.encoding or "utf-8"
        sender = sanitize_address(sender, encoding)
        (recipient,) = (sanitize_address(each, encoding) for each in mail.recipients())
        smtp.ehlo_or_helo_if_needed()
        code, words = smtp.mail(sender)
        if code != 250:
            _forget_transaction(smtp)
            raise smtplib.SMTPSenderRefused(code, words, sender)
        code, words = smtp.rcpt(recipient)
        if code not in {250, 251}:
            _forget_transaction(smtp)
            raise smtplib.SMTPRecipientsRefused({recipient: (code, words)})
        return smtp


def _handed_over(smtp: smtplib.SMTP, text: bytes) -> str:
    code, words = smtp.data(text)
    if code != 250:
        _forget_transaction(smtp)
        raise smtplib.SMTPDataError(code, words)
    return storable(f"{code} {words.decode(errors='replace')}")


def _is_broken(failure: OSError) -> bool:
    """Tell whether the line is of no use any more; a mere refusal is an OSError to smtplib too."""
    if isinstance(failure, smtplib.SMTPServerDisconnected):
        return True
    if isinstance(failure, smtplib.SMTPRecipientsRefused):
        return any(code == _SERVICE_CLOSING for code, _words in failure.recipients.values())
    if isinstance(failure, smtplib.SMTPResponseException):
        return failure.smtp_code == _SERVICE_CLOSING
    return True


def _forget_transaction(smtp: smtplib.SMTP) -> None:
    # A server that hangs up instead has forgotten it as well: the next letter dials anew.
    with contextlib.suppress(smtplib.SMTPServerDisconnected, OSError):
        smtp.rset()
