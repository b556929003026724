"""The second way to a person: a word about a letter, such as a push to her or his phone.

The letter itself stays in the outbox and in the person's inbox; a notice says that it is there.
Which letters have notices, and who has allowed which way, the apps above say by registration
(``tell_of``, ``open_way``).
"""

from conference.operations.channels.contract import (
    Address,
    GoneError,
    Night,
    RefusedError,
    Taken,
    TryLaterError,
    Way,
)
from conference.operations.channels.making import make_notices
from conference.operations.channels.purposes import go_unasked, is_told_of, tell_of, wait_at_night
from conference.operations.channels.sending import send_due
from conference.operations.channels.waking import SEND_TASK, follow, wake
from conference.operations.channels.ways import open_way

__all__ = [
    "SEND_TASK",
    "Address",
    "GoneError",
    "Night",
    "RefusedError",
    "Taken",
    "TryLaterError",
    "Way",
    "follow",
    "go_unasked",
    "is_told_of",
    "make_notices",
    "open_way",
    "send_due",
    "tell_of",
    "wait_at_night",
    "wake",
]
