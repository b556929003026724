"""How the record of deeds names a device that acts without anybody signed in."""

from checkin.models import Device


def label_of(device: Device | None) -> str:
    """Return what stands in the record for a device; nothing where a person acts."""
    return f"device: {device.name}" if device else ""
