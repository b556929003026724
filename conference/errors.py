"""Refusals: the one way in which an operation says no."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class DomainError(Exception):
    """A named refusal of an operation.

    ``code`` is stable and for programs, ``message`` is one sentence for people. Only the edge
    (a view or the API's exception handler) turns it into HTTP: status 409 unless ``status`` says
    otherwise.
    """

    code: str = "refused"
    message: str | Promise = _("This is not possible now.")
    status: int = 409

    def __init__(self, message: str | Promise | None = None, **params: Any) -> None:
        """Keep the sentence (the class's own unless given) and the facts it is about."""
        if message is not None:
            self.message = message
        self.params = params
        super().__init__(str(self.code))

    def __str__(self) -> str:
        """Return the sentence for people, in the active language."""
        return str(self.message) % self.params if self.params else str(self.message)


class MessageNotRetryable(DomainError):
    """A message in a final or running state was asked to be sent again."""

    code = "message_not_retryable"
    message = _("This message is already sent or on its way.")


class MailingIsCancelled(MessageNotRetryable):
    """A letter of a mailing of which nothing leaves any more was asked to be sent again."""

    code = "mailing_is_cancelled"
    message = _(
        "Its mailing was cancelled: nothing more of it leaves. Another mailing may go to the same"
        " recipient."
    )


class MessageNotInDoubt(DomainError):
    """A message that is not held for review was to be settled."""

    code = "message_not_in_doubt"
    message = _("This message is not held for review any more.")


class AttachmentMissing(DomainError):
    """A letter names an attachment that nobody can make."""

    code = "attachment_missing"
    message = _("The attachment %(file)s could not be made.")


class NothingToAttach(DomainError):
    """A recipient has none of a file that is made for each: no badge, no letter."""

    code = "nothing_to_attach"
    message = _("There is none for this recipient.")


class AttachmentFailed(DomainError):
    """Making an attachment ended in a mistake; ``words`` say which. Later it may be made."""

    code = "attachment_failed"
    message = _("The attachment %(file)s could not be made: %(words)s")


class FileNotTaken(DomainError):
    """A file for a mailing is of no type that is taken, or damaged."""

    code = "file_not_taken"
    message = _(
        "“%(file)s” is not taken. Choose a PDF, a JPEG or PNG picture, or a Word, Excel or "
        "PowerPoint file (.docx, .xlsx, .pptx) without macros, and look whether it opens."
    )
    status = 422


class FileTooLarge(DomainError):
    """A file for a mailing is larger than one may be."""

    code = "file_too_large"
    message = _("“%(file)s” has %(size)s MB. A file may have %(most)s MB at most.")
    status = 422


class FilesTooLarge(DomainError):
    """The files of a mailing would be too much for one letter."""

    code = "files_too_large"
    message = _(
        "With “%(file)s” every letter would carry more than %(most)s MB of files. Remove another "
        "one first, or send a link instead."
    )
    status = 422


class AddressMissing(DomainError):
    """Mail was asked for somebody without an address."""

    code = "address_missing"
    message = _("There is no e-mail address to send this to.")


class AddressNotValid(DomainError):
    """Something that is no e-mail address was given as one."""

    code = "address_not_valid"
    message = _("%(address)s is not an e-mail address.")


class ListNotReadable(DomainError):
    """A list of addresses that is too large, or no text table."""

    code = "list_not_readable"
    message = _(
        "This list cannot be read. Give a text table (.csv) of at most 2,000 rows and 500 kB; a "
        "spreadsheet program saves one as “CSV UTF-8”."
    )


class MailboxUnreadable(DomainError):
    """The mailbox of bounces could not be read."""

    code = "mailbox_unreadable"
    message = _("The mailbox could not be read: %(words)s")


class ReasonMissing(DomainError):
    """A decision that is kept with its reason was made without one."""

    code = "reason_missing"
    message = _("Say why: the reason is kept in the history.")


class SlugTaken(DomainError):
    """Another conference already uses this address."""

    code = "slug_taken"
    message = _("Another conference already uses this address. Choose a different one.")


class LastOrganiser(DomainError):
    """The conference would be left without an organiser."""

    code = "last_organiser"
    message = _("A conference needs at least one organiser. Name another one first.")


class ApiTokenNotValid(DomainError):
    """The API token is unknown, expired, revoked, or its owner has left the team."""

    code = "token_invalid"
    message = _("This token is not valid. Ask the organiser for a new one.")
    status = 401


class CampaignStepRefused(DomainError):
    """A step in the life of a mailing that does not lead on from where it is."""

    code = "campaign_step_refused"
    _sentences: ClassVar[Mapping[str, str | Promise]] = {
        "draft": _("This is still a draft: nothing has been sent yet."),
        "scheduled": _(
            "This leaves at the time that is set. To change it, press “Do not send at that time” "
            "first."
        ),
        "sending": _(
            "The letters are already on their way, so text and recipients stay as they are. What "
            "has not left can be paused or cancelled."
        ),
        "paused": _(
            "The letters are held back, and text and recipients stay as they are. Go on sending, "
            "or cancel the rest."
        ),
        "done": _("Sending is finished: nothing is left to change or to stop."),
        "cancelled": _("This was cancelled: what had not left will not be sent any more."),
    }

    def __init__(self, state: str) -> None:
        """Say what holds in the state that the mailing is in."""
        super().__init__(self._sentences.get(state))


class CampaignOvertaken(DomainError):
    """Somebody else wrote since this text was opened."""

    code = "campaign_overtaken"
    message = _(
        "Somebody else changed this text after you had opened it. Save once more to put yours in "
        "its place."
    )


class NothingNarrowed(DomainError):
    """A filter was to be saved of an audience that is everybody."""

    code = "nothing_narrowed"
    message = _("Narrow the list first: there is nothing to save yet.")


class FilterNameTaken(DomainError):
    """Another filter of the conference, for the same kind of audience, has this name."""

    code = "filter_name_taken"
    message = _("There is a filter called “%(name)s” already. Choose another name.")


class TimeHasPassed(DomainError):
    """A time was chosen that is over."""

    code = "time_has_passed"
    message = _("This time has passed. Choose a later one.")
