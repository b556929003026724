"""Doorways for workers: ids in, one operation, nothing else."""

from typing import Any

from celery import shared_task
from django.utils import timezone

from conference.operations import mailing


@shared_task(bind=True, name=mailing.DELIVER_TASK, ignore_result=True)
def deliver_message(self: Any, message_id: int) -> None:
    """Send one letter; the database knows whether it is still to be sent."""
    mailing.deliver(
        message_id=message_id,
        worker=f"{self.request.hostname}/{self.request.id}",
        now=timezone.now(),
    )


@shared_task(name="conference.sweep_messages", ignore_result=True)
def sweep_messages() -> None:
    """Wake workers for letters whose first wake-up was lost or whose retry is due."""
    for message_id in mailing.due_message_ids(now=timezone.now()):
        deliver_message.delay(message_id)
