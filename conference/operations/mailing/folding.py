"""Folding the headers of a letter so that none begins with an empty line.

Django folds by words, and an encoded word of Chinese fills a line: "Subject:" would stand alone
above it, which some programs show as a letter without a subject.
"""

from email.header import decode_header, make_header
from email.message import EmailMessage
from typing import Any, Final

from django.core.mail import EmailMultiAlternatives

_ENCODED: Final = "=?"


class Mail(EmailMultiAlternatives):
    """A mail whose encoded headers begin on the line that names them."""

    def message(self, **how: Any) -> EmailMessage:
        """Return the mail as it goes over the line."""
        made = super().message(**how)
        for name, value in made.items():
            if isinstance(value, str) and _ENCODED in value:
                header = make_header(decode_header(value), header_name=name)
                # Not as text, which would be folded without its name again.
                made.replace_header(name, header)
        return made
