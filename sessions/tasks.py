"""Doorways for workers."""

from celery import shared_task
from django.utils import timezone

from sessions.operations import reminders


@shared_task(name="programme.sweep_reminders", ignore_result=True)
def sweep_reminders() -> None:
    """Look which reminders are due; the database knows which were already made."""
    reminders.sweep(now=timezone.now())
