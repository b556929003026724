"""On which ways a reminder went to its recipient, in the reader's language."""

from django.utils.translation import gettext as _

from sessions.models import Reminder


def ways_of(reminder: Reminder) -> list[tuple[str, str]]:
    """Return each way of a reminder's letter, and what became of the notice on it.

    None where it is in no letter. Every letter is in the inbox of a delegate; a focal point has
    none.
    """
    letter = reminder.message
    if letter is None or reminder.state != Reminder.State.IN_LETTER:
        return []
    found = [(_("mail"), "")] if letter.to_email else []
    if reminder.delegate_id is not None:
        found.append((_("inbox"), ""))
    return found + [
        (str(notice.get_channel_display()), str(notice.get_state_display()))
        for notice in letter.notices.all()
    ]
