"""The rules behind the steps of a letter, in words. Other apps explain their own."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

OCCASION = "occasion"
ONE_WORKER = "one_worker"
MARK_FIRST = "mark_first"
TAKEN_IS_SENT = "taken_is_sent"
TEMPORARY = "temporary"
NO_LINE = "no_line"
PERMANENT = "permanent"
NO_SUCH_ADDRESS = "no_such_address"
#: Refused by a server for good.
FOR_GOOD = (PERMANENT, NO_SUCH_ADDRESS)
LADDER_ENDED = "ladder_ended"
NOT_SENDABLE = "not_sendable"
DOUBT_RESEND = "doubt_resend"
DOUBT_HOLD = "doubt_hold"
LAST_LOOK = "last_look"
MAILING_CANCELLED = "mailing_cancelled"
CANCELLED_IN_DOUBT = "cancelled_in_doubt"
TOO_LATE = "too_late"
NO_ADDRESS = "no_address"
UNREACHABLE = "unreachable"
TURN_ENDED = "turn_ended"
NOT_NOW = "not_now"
LATE_WORD = "late_word"
MISTAKE = "mistake"
LEFT_BEHIND = "left_behind"
WORKERS_DIED = "workers_died"
ADDRESS_CHANGED = "address_changed"
BY_HAND = "by_hand"
ATTACHMENT = "attachment"
WITHOUT = "without"
LEFT_OUT = "left_out"

_words: dict[str, str | Promise] = {
    OCCASION: _("Each occasion makes one letter to each recipient, whatever is clicked twice."),
    ONE_WORKER: _("One worker takes a letter for a short time; nobody else sends it meanwhile."),
    MARK_FIRST: _(
        "The letter is marked before its text goes over the line, so that a crash shows."
    ),
    TAKEN_IS_SENT: _(
        "The mail server took it; from here on that server is answerable for the letter."
    ),
    TEMPORARY: _(
        "The server refused it for the moment. Tried again after about 1, 5, 15, 60 and 240 "
        "minutes."
    ),
    NO_LINE: _(
        "The mail server was not reached. Tried again after about 1, 5, 15, 60 and 240 minutes."
    ),
    PERMANENT: _("The server refused it for good, so it is not tried again by itself."),
    NO_SUCH_ADDRESS: _(
        "The server said that this address does not exist. Nothing is sent there until the block "
        "is lifted."
    ),
    LADDER_ENDED: _("It was tried six times; now a person has to look at it."),
    NOT_SENDABLE: _("No mail could be made of it, so it is not tried again by itself."),
    DOUBT_RESEND: _(
        "Nobody knows whether the server took it. It is sent once more with the same Message-ID, "
        "by which mail programs can tell the repeat."
    ),
    DOUBT_HOLD: _(
        "Nobody knows whether the server took it. Such letters are never sent twice: a person "
        "decides."
    ),
    LAST_LOOK: _("Its occasion was gone when it was about to leave."),
    MAILING_CANCELLED: _("The mailing was cancelled before this letter left."),
    CANCELLED_IN_DOUBT: _(
        "The mailing was cancelled before this letter was sent once more. Nobody knows whether it "
        "had left before."
    ),
    TOO_LATE: _("It should have left long before, and would be of no use now."),
    NO_ADDRESS: _(
        "No e-mail address is known. The letter waits in the inbox on the person's own pages."
    ),
    UNREACHABLE: _("No e-mail address is known any more."),
    TURN_ENDED: _("The worker's turn ended before this letter; another one takes it."),
    NOT_NOW: _(
        "Its mailing was paused or cancelled, or the worker's time had run out, just before it "
        "left."
    ),
    LATE_WORD: _(
        "The server's answer came after the worker's time had run out; its word counts all the "
        "same."
    ),
    MISTAKE: _(
        "A mistake of this program kept it from leaving. Tried again after about 1, 5, 15, 60 and "
        "240 minutes."
    ),
    LEFT_BEHIND: _(
        "Its worker vanished, or ran out of time, before the letter began to leave. That does not "
        "count as a try."
    ),
    WORKERS_DIED: _(
        "The worker died over it again and again. Somebody has to look at what is in it, such as "
        "its attachments."
    ),
    ADDRESS_CHANGED: _(
        "The address was corrected after the letter had been made. It goes to the one that holds "
        "now."
    ),
    BY_HAND: _("A person decided so."),
    ATTACHMENT: _(
        "An attachment could not be made, and no letter leaves without one that it should have. "
        "Tried again after about 1, 5, 15, 60 and 240 minutes."
    ),
    WITHOUT: _(
        "The recipient has none of this attachment, and the mailing says: send the letter without "
        "it."
    ),
    LEFT_OUT: _(
        "The recipient has none of an attachment any more, and the mailing says: leave such people "
        "out."
    ),
}


def explain(*, code: str, words: str | Promise) -> None:
    """Say in words what the code of a rule means (a translated sentence)."""
    _words[code] = words


def words(code: str) -> str:
    """Return the sentence of a rule; "" where there is none."""
    return str(_words.get(code, ""))
