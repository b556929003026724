"""Load the demo: ``manage.py load_demo``."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from demo.loading.everything import load


class Command(BaseCommand):
    """Loads the fifth conference and its rehearsal, once; a second run changes nothing."""

    help = (
        "Load the demo: the conference of 2023 as public sources tell it, with made-up people, and"
        " its rehearsal, which starts today. Running it again changes nothing."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        """Load what is missing and say what is there. Refused outside the demo."""
        if not settings.PLENARY_DEMO:
            raise CommandError(
                "The demo brings accounts whose password everybody knows. It is loaded only where"
                " PLENARY_DEMO=1."
            )
        outcome = load(now=timezone.now())
        begin = "Loaded the demo" if outcome.is_new else "The demo is already there"
        self.stdout.write(
            f"{begin}: {outcome.delegates} delegates in {outcome.delegations} delegations,"
            f" {outcome.pairs} sister pairs."
        )
