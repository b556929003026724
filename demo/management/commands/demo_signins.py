"""Print where to sign in with one click: ``manage.py demo_signins``."""

import json
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from demo.accounts import PARTS, PASSWORD


class Command(BaseCommand):
    """Prints one address for each part of the demo."""

    help = "Print the demo's one-click sign-ins, one for each part."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take --json for other programs."""
        parser.add_argument("--json", action="store_true", help="a list of {part, url, email}")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print the sign-ins. Refused outside the demo, where those pages do not exist."""
        if not settings.PLENARY_DEMO:
            raise CommandError("One-click sign-in exists only where PLENARY_DEMO=1.")
        signins = [
            {
                "part": part.word,
                "url": settings.PUBLIC_BASE_URL + part.sign_in_path(),
                "email": part.email,
            }
            for part in PARTS
        ]
        if options["json"]:
            self.stdout.write(json.dumps(signins))
            return
        width = max(len(signin["part"]) for signin in signins)
        for signin in signins:
            self.stdout.write(f"{signin['part']:<{width}}  {signin['url']}")
        self.stdout.write(f"Or with a password: {PASSWORD}")
