"""Refusals of everything around the programme and its seats."""

from django.utils.translation import gettext_lazy as _

from conference.errors import DomainError


class SessionFull(DomainError):
    """The last seat is taken."""

    code = "session_full"
    message = _("This session is full.")


class EnrolmentClosed(DomainError):
    """The session is over, cancelled, not published or takes no enrolments."""

    code = "enrolment_closed"
    message = _("Seats in this session cannot be taken or given back now.")


class SessionsOverlap(DomainError):
    """The delegate already has a seat at the same time."""

    code = "sessions_overlap"
    message = _("You already have a seat in another session at this time. Give it back first.")


class RoomTaken(DomainError):
    """Another session uses the room at that time."""

    code = "room_taken"
    message = _("Another session uses this room at that time.")


class CapacityTooSmall(DomainError):
    """More seats are taken than the new capacity would allow."""

    code = "capacity_too_small"
    message = _("More seats are already taken than this capacity allows.")


class SessionCancelled(DomainError):
    """A cancelled session does not change any more."""

    code = "session_cancelled"
    message = _("This session was cancelled.")


class EndsBeforeItStarts(DomainError):
    """The end of a session is not after its start."""

    code = "ends_before_it_starts"
    message = _("A session ends after it starts.")


class NotAccredited(DomainError):
    """Seats are for delegates whose accreditation is approved."""

    code = "not_accredited"
    message = _("You can take seats as soon as your accreditation is approved.")


class NothingToPublish(DomainError):
    """Nothing has changed since the last version of the programme."""

    code = "nothing_to_publish"
    message = _("Nothing has changed since the last version.")
