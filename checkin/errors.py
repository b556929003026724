"""Refusals at the door; the codes are those of CP1, section 2."""

from django.utils.translation import gettext_lazy as _

from conference.errors import DomainError


class TokenInvalid(DomainError):
    """The bearer token belongs to no device."""

    code = "token_invalid"
    message = _("This device is not enrolled.")
    status = 401


class DeviceRevoked(DomainError):
    """The device was revoked; it must wipe what it holds."""

    code = "device_revoked"
    message = _("This device was revoked. Enrol it again.")
    status = 410


class DeviceActive(DomainError):
    """Quarantine is for revoked devices; this one is not."""

    code = "device_active"
    message = _("This device is not revoked. Send its scans as usual.")


class DeviceSuspended(DomainError):
    """The device is suspended for now."""

    code = "device_suspended"
    message = _("This device is suspended. Ask your supervisor.")
    status = 403


class CapabilityMissing(DomainError):
    """The device may not do this."""

    code = "capability_missing"
    message = _("This device may not do that.")
    status = 403


class ZoneNotServed(DomainError):
    """Gate and zone do not belong together, or not to this device."""

    code = "zone_not_served"
    message = _("This device does not serve that gate and zone.")
    status = 403


class EnrolmentInvalid(DomainError):
    """The one-time code is unknown, used or expired."""

    code = "enrolment_invalid"
    message = _("This code is unknown, used or expired. Ask for a new one.")
    status = 403


class EnvelopeInvalid(DomainError):
    """The request is not JSON or not of the agreed shape."""

    code = "envelope_invalid"
    message = _("The request is not of the agreed shape.")
    status = 400


class EntryInvalid(EnvelopeInvalid):
    """What was typed at the desk names a class or delegation that cannot be meant."""


class WalkInIdReused(DomainError):
    """Another walk-in with this id is already stored."""

    code = "walk_in_id_reused"
    message = _("Another person was entered with this id already.")


class AlreadySubstituted(DomainError):
    """Somebody else was named in this person's place already."""

    code = "already_substituted"
    message = _("Somebody else comes in this person's place already.")


class BadgeUnknown(DomainError):
    """No badge of the conference has this lookup."""

    code = "not_found"
    message = _("There is no such badge at this conference.")
    status = 404


class PinTooWeak(DomainError):
    """The PIN is not of six to twelve digits, or one of those that are tried first."""

    code = "pin_too_weak"
    message = _("Choose 6 to 12 digits that are not a row or a repeat, such as 123456 or 112112.")


class SupervisorEnded(DomainError):
    """The person is no supervisor any more."""

    code = "supervisor_ended"
    message = _("This person is no supervisor any more. Add a new one.")


class HandlingInvalid(DomainError):
    """What is said about a person at the doors does not fit together."""

    code = "handling_invalid"
    message = _("There is no such text at this conference.")


class ScanInvalid(DomainError):
    """The scan record breaks a rule of the protocol."""

    code = "scan_invalid"
    message = _("The scan record is not valid.")
    status = 400


class ScanIdReused(DomainError):
    """Another record with this scan id is already stored."""

    code = "scan_id_reused"
    message = _("Another scan with this id is already stored.")


class RateLimited(DomainError):
    """Too many requests; ``retry_after_s`` among the params says when to come again."""

    code = "rate_limited"
    message = _("Too many requests. Wait a moment.")
    status = 429


class TooLarge(DomainError):
    """The request is larger than the protocol allows."""

    code = "too_large"
    message = _("The request is too large. Send it in smaller parts.")
    status = 413


class MediaType(DomainError):
    """The request's body is not JSON."""

    code = "media_type"
    message = _("Send JSON: Content-Type must be application/json.")
    status = 415


class DoorTaken(DomainError):
    """Another device, gate or zone of the conference has this name."""

    code = "name_taken"
    message = _("This name is already used here. Choose a different one.")


class Contended(DomainError):
    """So many scans of one person at once that none got through."""

    code = "unavailable"
    message = _("Too many scans of this badge at once. Try again.")
    status = 503


class WallLinkNotValid(DomainError):
    """The secret address of a wall screen is unknown, has expired or was revoked."""

    code = "wall_link_not_valid"
    message = _("This link does not show the wall screen (any more). Ask for a new one.")
    status = 404
