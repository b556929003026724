"""Make the key with which push notices are signed."""

import secrets
from typing import Any

from django.core.management.base import BaseCommand


class Command(BaseCommand):
    """Print a new key as a line for the environment."""

    help = (
        "Prints a new PLENARY_PUSH_PRIVATE_KEY. Keep it: with another key every browser has to "
        "allow notices anew."
    )

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Print it; nothing is stored."""
        # Any 32 random bytes are a private key of the curve.
        self.stdout.write(f"PLENARY_PUSH_PRIVATE_KEY={secrets.token_urlsafe(32)}")
