"""Refusals of everything around delegations and their people."""

from django.utils.translation import gettext_lazy as _

from conference.errors import DomainError


class InvitationRefused(DomainError):
    """The invitation cannot be answered now; ``reason`` in the params names why."""

    code = "invitation_refused"


class InvitationAlreadyOpen(DomainError):
    """This delegation already has an open invitation for the same purpose."""

    code = "invitation_already_open"
    message = _("This delegation already has an open invitation.")


class InvitationNotExpired(DomainError):
    """Only an expired invitation can be opened again."""

    code = "invitation_not_expired"
    message = _("This invitation is not expired. Look at its state again.")


class AnswerOvertaken(DomainError):
    """Somebody else answered since this answer's page was opened."""

    code = "answer_overtaken"
    message = _("Somebody answered meanwhile. Look at that answer, then change it if you wish.")


class CodeTooSoon(DomainError):
    """Codes are sent a minute apart, and five within an hour."""

    code = "code_too_soon"
    message = _("A code was sent just before. Look for it, or wait a little and ask again.")
    status = 429


class CodeWrong(DomainError):
    """The code is not the newest one, is used, expired, or was tried too often."""

    code = "code_wrong"
    message = _(
        "This code does not open the invitation. Look at the newest one again, or ask for another."
    )
    status = 422


class CodesStopped(DomainError):
    """So many wrong codes were typed within a day that no code opens this link any more."""

    code = "codes_stopped"
    message = _(
        "Too many wrong codes were typed, so this link takes no code any more. Write to the "
        "organiser, who can send you a new one."
    )
    status = 403


class DeputyAlreadyNamed(DomainError):
    """The work is handed to somebody already."""

    code = "deputy_already_named"
    message = _("The work is handed to a deputy already. Take it back first.")


class DeputyTooOften(DomainError):
    """The work was handed over again and again, each time with letters to whoever was named."""

    code = "deputy_too_often"
    message = _(
        "The work was handed over several times just now. Wait an hour, or write to the organiser."
    )
    status = 429


class ScanRefused(DomainError):
    """The file is not a scan that is taken."""

    code = "scan_refused"
    message = _("Choose a PDF or a JPEG picture of 5 MB at most.")
    status = 422


class DelegationExists(DomainError):
    """The place or the organisation has a delegation at this conference already."""

    code = "delegation_exists"
    message = _("There is a delegation of this place or organisation already.")


class DeadlineTooEarly(DomainError):
    """An answer would be due before its letter has left."""

    code = "deadline_too_early"
    message = _(
        "The answer is due before the letter leaves. Choose the delegations again with a later "
        "deadline; of a letter that is paused, cancel the rest first."
    )


class LetterNotReady(DomainError):
    """The letter has no text yet, or it is too late for it."""

    code = "letter_not_ready"
    message = _("Write the letter's subject and text in at least one language first.")


class LinkNotValid(DomainError):
    """The personal link is unknown, expired or revoked."""

    code = "link_not_valid"
    message = _("This link is no longer valid. Ask the organiser for a new one.")
    status = 404


class HeadAlreadyNamed(DomainError):
    """The delegation already has a head."""

    code = "head_already_named"
    message = _("This delegation already has a head. Change that person's role first.")


class QuotaExhausted(DomainError):
    """All places of this class are taken."""

    code = "quota_exhausted"
    message = _("All places of the delegation in this class are taken.")


class StepNotAllowed(DomainError):
    """The accreditation cannot move from its present state to the asked one."""

    code = "step_not_allowed"
    message = _("This step is not possible from the present state.")


class NominationClosed(DomainError):
    """The delegation can no longer be changed by its focal point."""

    code = "nomination_closed"
    message = _("The list of this delegation is closed. Write to the organiser for changes.")


class DelegateIncomplete(DomainError):
    """Something that is needed for accreditation is missing."""

    code = "delegate_incomplete"
    message = _("Something is still missing for this person.")


class NoValidBadge(DomainError):
    """The person has no valid badge."""

    code = "no_valid_badge"
    message = _("This person has no valid badge yet.")


class PushNotPossible(DomainError):
    """A browser asked for notices by an address that is none of a known push service."""

    code = "push_not_possible"
    message = _("Notices cannot be sent to this browser.")


class ImportRefused(DomainError):
    """The file cannot be read as a list of delegates."""

    code = "import_refused"
    message = _("This file cannot be read as a list of delegates.")


class TextsNotPossible(DomainError):
    """Texts were asked for on a channel that this server does not have, or to no address."""

    code = "texts_not_possible"
    message = _("Texts cannot be sent there.")


class TextCodeUnsent(DomainError):
    """The service for texts did not take the code."""

    code = "text_code_unsent"
    message = _("The code could not be sent. Check the number, or try again in a few minutes.")
