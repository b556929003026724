"""Send what is due, and read what came back, without broker, worker and beat: once, or often.

It stands in the highest app that makes letters, as it asks all of them.
"""

import contextlib
import logging
import os
import socket
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any, Final

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from checkin.operations import rounds
from conference.operations import campaigning, channels, mailing, returning
from delegates.operations import life
from sessions.operations import reminders

#: How long to wait, with --until-empty, for letters that another process holds just now.
_PAUSE_SECONDS = 1.0
#: How long a mailbox is left alone after it was read, as beat leaves it: servers count visits.
_BETWEEN_VISITS: Final = timedelta(minutes=5)
_logger = logging.getLogger(__name__)


class Command(BaseCommand):
    """Make the letters whose time has come, and deliver."""

    help = "Queues due reminders, sends all due mail and reads bounces, without a broker."

    def __init__(self, *args: Any, **options: Any) -> None:
        """Begin without failures."""
        super().__init__(*args, **options)
        self._failed: list[str] = []
        self._mailbox_read_at: datetime | None = None

    def add_arguments(self, parser: CommandParser) -> None:
        """Add how often to look and how much to send; without them, one look at everything."""
        parser.add_argument(
            "--every", type=int, metavar="SECONDS", help="look again after so many seconds"
        )
        parser.add_argument(
            "--limit", type=int, metavar="LETTERS", help="send so many letters at most in one look"
        )
        parser.add_argument(
            "--until-empty",
            action="store_true",
            help="look again until nothing is due and nobody else is sending",
        )

    def handle(
        self,
        *_args: Any,
        every: int | None = None,
        limit: int | None = None,
        until_empty: bool = False,
        **_options: Any,
    ) -> None:
        """Look once, until nothing is left, or until interrupted."""
        self._look(limit)
        while until_empty and mailing.is_something_left(now=timezone.now()):
            time.sleep(_PAUSE_SECONDS)
            self._look(limit)
        while every:
            time.sleep(every)
            self._look(limit)
        if self._failed:
            raise CommandError(f"Not done, see the log: {', '.join(dict.fromkeys(self._failed))}.")

    def _look(self, limit: int | None) -> None:
        now = timezone.now()
        reminded, turn, held = reminders.Reminded(), mailing.Turn(), 0
        notices = mailing.Turn()
        with self._apart("invitations"):
            life.expire_overdue(now=now)
        with self._apart("reminders"):
            reminded = reminders.sweep(now=now)
        with self._apart("doors"):
            rounds.go_all_rounds(now=now)
        with self._apart("mailings"):
            campaigning.expand_due(clock=timezone.now)
        with self._apart("mail"):
            held = mailing.hold_doubtful(now=now)
            turn = mailing.send_due(worker=_name(), clock=timezone.now, limit=limit)
        with self._apart("notices"):
            channels.make_notices(now=now)
            notices = channels.send_due(worker=_name(), clock=timezone.now)
        # Last, so that a mailbox that cannot be reached holds up no letter.
        with self._apart("bounces"):
            self._read_bounces(now)
        self.stdout.write(
            f"{reminded.queued} reminders queued, {reminded.missed} missed; "
            f"{turn.sent} mails sent, {turn.unsent} not, {held} held for a person."
        )
        if notices.ends:
            self.stdout.write(f"{notices.sent} notices sent, {notices.unsent} not.")

    def _read_bounces(self, now: datetime) -> None:
        last = self._mailbox_read_at
        if not settings.BOUNCE_MAILBOX or (last is not None and now < last + _BETWEEN_VISITS):
            return
        self._mailbox_read_at = now
        found = returning.fetch(mailbox=settings.BOUNCE_MAILBOX, now=now)
        if found.mails:
            self.stdout.write(
                f"{found.mails} mails read that came back: {found.reports} new reports."
            )

    @contextlib.contextmanager
    def _apart(self, what: str) -> Iterator[None]:
        """Let what fails here keep nothing else back, as each is a task of its own otherwise."""
        try:
            yield
        except Exception:
            _logger.exception("send_due: %s failed.", what)
            self._failed.append(what)


def _name() -> str:
    return f"manage.py send_due {socket.gethostname()}/{os.getpid()}"
