"""What became of a letter: whoever sent it is told.

Delivered, came back, reported as unwanted: the reports come from mailboxes and providers, and
reach each letter's owner here, in the transaction that keeps the report. So does the word of
our own mail server, and what a person decides after it.
"""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from conference.models import Message
from conference.operations.mailing.looks import EVERY_PURPOSE


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What is now known of a letter: the kind of its newest step, and the reporter's own words.

    ``kind`` is one of MessageStep.Kind: ``delivered``, ``bounced`` (it will not arrive),
    ``retry_later`` (a server on the way still tries) or ``complained``; also ``refused`` (our own
    mail server said 5xx, it has not left), ``accepted`` (it took the letter: it has left),
    ``settled`` (a person knows that it arrived) and ``retried`` (a person has it sent once more).
    """

    message: Message
    kind: str
    at: datetime
    answer: str = ""
    #: Whether our own mail server said that the address does not exist.
    is_of_no_address: bool = False


Follower = Callable[[Outcome], None]
_followers: dict[str, list[Follower]] = defaultdict(list)


def on_outcome(*, purpose: str, follow: Follower) -> None:
    """Register who is told what became of letters of this purpose (or of EVERY_PURPOSE).

    It is called once for each report, inside the transaction that keeps it; what it raises undoes
    the report, which is then read again later.
    """
    if follow not in _followers[purpose]:
        _followers[purpose].append(follow)


def tell(outcome: Outcome) -> None:
    """Tell everybody who asked for it."""
    for purpose in (EVERY_PURPOSE, outcome.message.purpose):
        for follow in _followers.get(purpose, ()):
            follow(outcome)
