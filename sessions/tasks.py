"""Doorways for workers."""

from celery import shared_task
from django.utils import timezone

from sessions.operations import reminding


@shared_task(name="programme.remind_sessions", ignore_result=True)
def remind_sessions() -> None:
    """Look which reminders are due; the database knows which were already made."""
    reminding.remind_sessions(now=timezone.now())
