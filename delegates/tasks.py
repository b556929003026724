"""Doorways for workers."""

from celery import shared_task
from django.utils import timezone

from delegates.operations import life


@shared_task(name="delegates.expire_invitations", ignore_result=True)
def expire_invitations() -> None:
    """Expire invitations whose deadline has passed; the rows know which."""
    life.expire_overdue(now=timezone.now())
