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
