"""The rules behind the steps of notices, in words."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from conference.operations import mailing

ALLOWED = "channel_allowed"
UNASKED = "channel_unasked"
TAKEN = "channel_taken"
LATER = "channel_later"
REFUSED = "channel_refused"
ENDED = "channel_ended"
NIGHT = "channel_night"
GONE = "channel_gone"
OBSOLETE = "channel_obsolete"
TOO_LATE = "channel_too_late"
ARRIVED = "channel_arrived"
NOT_ARRIVED = "channel_not_arrived"

_WORDS: dict[str, str | Promise] = {
    ALLOWED: _("Letters of this kind are also told of on the other ways that the person allowed."),
    UNASKED: _(
        "The organiser lets it go to the phone of somebody without an e-mail address, who has "
        "never said whether texts are wanted."
    ),
    TAKEN: _("The service took it; whether the person has seen it, the service does not say."),
    LATER: _("The service could not take it now. Tried again after a while."),
    REFUSED: _("The service refused it for good, so it is not tried again."),
    ENDED: _("It was tried six times. The letter is in the person's inbox nevertheless."),
    NIGHT: _(
        "Quiet hours hold where the person is. Texts of mailings wait until they end; the letter "
        "is in the inbox meanwhile."
    ),
    GONE: _("The person can no longer be reached there, or no longer wants to be."),
    OBSOLETE: _("The letter was withdrawn before anything was said of it."),
    TOO_LATE: _("It could not be said within two hours, and would be no news any more."),
    ARRIVED: _("The service reported that it arrived."),
    NOT_ARRIVED: _("The service reported that it could not be delivered."),
}


def explain_rules() -> None:
    """Make these rules readable on the pages that tell why."""
    for code, words in _WORDS.items():
        mailing.explain(code=code, words=words)
