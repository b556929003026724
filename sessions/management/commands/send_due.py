"""Send what is due without broker, worker and beat: once, or again and again."""

import time
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from conference.operations import mailing
from sessions.operations import reminding

WORKER = "manage.py send_due"


class Command(BaseCommand):
    """Remind and deliver."""

    help = "Queues due reminders and sends all due mail, without a broker."

    def add_arguments(self, parser: CommandParser) -> None:
        """Add how often to look; without it the command looks once."""
        parser.add_argument(
            "--every", type=int, metavar="SECONDS", help="look again after so many seconds"
        )

    def handle(self, *_args: Any, every: int | None = None, **_options: Any) -> None:
        """Look once, or until interrupted."""
        self._look()
        while every:
            time.sleep(every)
            self._look()

    def _look(self) -> None:
        reminded = reminding.remind_sessions(now=timezone.now())
        ends = {"sent": 0, "other": 0}
        while message_ids := mailing.due_message_ids(now=timezone.now()):
            for message_id in message_ids:
                state = mailing.deliver(message_id=message_id, worker=WORKER, now=timezone.now())
                ends["sent" if state == "sent" else "other"] += 1
        self.stdout.write(
            f"{reminded.queued} reminders queued, {reminded.missed} missed; "
            f"{ends['sent']} mails sent, {ends['other']} not."
        )
