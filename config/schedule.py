"""All periodic work as one table, and the beat that walks it."""

import time
from datetime import timedelta
from typing import Any

from celery.beat import Scheduler
from django.conf import settings

from config.life import EVERY_SECONDS, beat_key, client, show_life


def schedule() -> dict[str, dict[str, Any]]:
    """Return what beat sends and how often. What is due is decided by rows, not by this table."""
    sweep = timedelta(seconds=settings.SWEEP_SECONDS)
    return {
        name: {
            "task": name,
            "schedule": every,
            # Nobody needs yesterday's look for what is due: the next one finds the same rows.
            "options": {"expires": every.total_seconds()},
        }
        for name, every in {
            "conference.sweep_messages": sweep,
            "conference.expand_mailings": sweep,
            "delegates.expire_invitations": sweep,
            "conference.fetch_bounces": timedelta(minutes=5),
            "conference.send_due_notices": sweep,
            "programme.sweep_reminders": sweep,
            "checkin.sweep_doors": sweep,
            "checkin.recount_tonight": timedelta(minutes=10),
            "checkin.forget_changes": timedelta(hours=1),
        }.items()
    }


class TickingScheduler(Scheduler):
    """Celery's own scheduler in memory, which also shows that it ticks."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Start without having shown life."""
        super().__init__(*args, **kwargs)
        self._connection = client()
        self._shown_at = float("-inf")

    def tick(self, *args: Any, **kwargs: Any) -> float:
        """Send what is due; return the seconds until the next look."""
        if time.monotonic() - self._shown_at >= EVERY_SECONDS:
            show_life(self._connection, [beat_key()])
            self._shown_at = time.monotonic()
        return float(super().tick(*args, **kwargs))
