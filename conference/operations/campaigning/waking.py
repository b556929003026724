"""Asking a worker to make letters; what is to be made is read from the rows."""

from celery import current_app
from django.db import transaction

EXPAND_TASK = "conference.expand_mailings"


def wake_expansion() -> None:
    """Ask a worker, on commit, to make letters; losing the request loses nothing."""
    transaction.on_commit(
        lambda: current_app.send_task(EXPAND_TASK, ignore_result=True, retry=False), robust=True
    )
