"""Reading what a mail server said, or why it said nothing."""

import smtplib
import socket

from conference.errors import AttachmentFailed, DomainError
from conference.models import MailReport
from conference.operations.mailing.judging import judge


def is_permanent(failure: Exception) -> bool:
    """Tell whether another attempt would only hear the same."""
    if isinstance(failure, smtplib.SMTPRecipientsRefused):
        return all(code >= 500 for code, _ in failure.recipients.values())
    if isinstance(failure, smtplib.SMTPResponseException):
        return failure.smtp_code >= 500
    if isinstance(failure, AttachmentFailed):
        return False
    # An address, a header or an attachment of which no mail can be made.
    return isinstance(failure, ValueError | DomainError)


def is_refusal(failure: Exception) -> bool:
    """Tell whether it is the server's own clear answer, after which the letter has not left."""
    return isinstance(failure, smtplib.SMTPRecipientsRefused | smtplib.SMTPResponseException)


def is_of_no_address(failure: Exception) -> bool:
    """Tell whether the server said, of the recipient and not of sender or text: no such address.

    Judged as the same words are in a letter that comes back.
    """
    if not isinstance(failure, smtplib.SMTPRecipientsRefused) or not is_permanent(failure):
        return False
    kind, _code = judge(action="failed", status="", words=words_of(failure))
    return kind == MailReport.Kind.BOUNCED


def storable(words: str) -> str:
    """Return the words of strangers without what no database takes: NUL, halves of characters."""
    return words.replace("\0", "").encode(errors="replace").decode()


def words_of(failure: Exception) -> str:
    """Return the server's own words, or what happened instead of an answer."""
    return storable(_said(failure))


def _said(failure: Exception) -> str:
    if isinstance(failure, smtplib.SMTPRecipientsRefused):
        code, words = next(iter(failure.recipients.values()))
        return f"{code} {_decoded(words)}"
    if isinstance(failure, smtplib.SMTPResponseException):
        return f"{failure.smtp_code} {_decoded(failure.smtp_error)}"
    if isinstance(failure, DomainError):
        return str(failure)
    if isinstance(failure, socket.gaierror | ConnectionError | TimeoutError):
        return f"The mail server cannot be reached: {failure}"
    return f"{type(failure).__name__}: {failure}"


def _decoded(words: bytes | str) -> str:
    return words.decode(errors="replace") if isinstance(words, bytes) else words
