"""Read the mailbox of bounces once, without a broker: what beat asks for every five minutes."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from conference.errors import MailboxUnreadable
from conference.operations import returning


class Command(BaseCommand):
    """Read, and say what was found."""

    help = "Reads the mailbox of bounces (PLENARY_BOUNCE_MAILBOX) and keeps every report once."

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Look once."""
        if not settings.BOUNCE_MAILBOX:
            raise CommandError("Set PLENARY_BOUNCE_MAILBOX: see docs/mail-intake.md.")
        try:
            found = returning.fetch(mailbox=settings.BOUNCE_MAILBOX, now=timezone.now())
        except MailboxUnreadable as failure:
            raise CommandError(str(failure)) from failure
        self.stdout.write(
            f"{found.mails} mails read: {found.reports} new reports, {found.known} known ones, "
            f"{found.others} that report nothing of our letters."
        )
