"""Folding the headers of a letter so that none begins with an empty line.

Django folds by words, and an encoded word of Chinese, or a long address, fills a line: the header's
name would stand alone above it, which some programs show as a letter without a subject.
"""

from email.header import Header, decode_header, make_header
from email.message import EmailMessage
from typing import Any, Final

from django.core.mail import EmailMultiAlternatives

_ENCODED: Final = "=?"
#: Of what a line of mail should have at most, RFC 5322, 2.1.1; below what it may have, 998.
_LINE: Final = 78
_LONGEST_LINE: Final = 900


class Mail(EmailMultiAlternatives):
    """A mail whose headers begin on the line that names them."""

    def message(self, **how: Any) -> EmailMessage:
        """Return the mail as it goes over the line."""
        made = super().message(**how)
        for name, value in made.items():
            # Not as text, which would be folded without its name again.
            if isinstance(value, str) and _ENCODED in value:
                made.replace_header(name, make_header(decode_header(value), header_name=name))
            elif _is_long_word(name, value):
                made.replace_header(name, _Unfolded(value))
        return made


class _Unfolded(Header):
    """A header of one word, such as an address, which stays whole on the line that names it."""

    def encode(
        self, splitchars: str = ";, \t", maxlinelen: int | None = None, linesep: str = "\n"
    ) -> str:
        return super().encode(splitchars, 0, linesep)


def _is_long_word(name: str, value: object) -> bool:
    if not isinstance(value, str) or len(value.split()) != 1:
        return False
    return _LINE < len(f"{name}: {value}") < _LONGEST_LINE
