"""Doorways for workers: ids in, one operation, nothing else."""

from datetime import timedelta
from typing import Any

from celery import shared_task
from django.conf import settings
from django.utils import timezone

from conference.operations import campaigning, channels, mailing, returning

#: A worker's turn: well under a minute, so that a restart never waits long for it.
TURN = timedelta(seconds=40)


@shared_task(bind=True, name=mailing.DELIVER_TASK, ignore_result=True)
def deliver_message(self: Any, message_id: int) -> None:
    """Send one letter; the database knows whether it is still to be sent."""
    mailing.deliver(message_id=message_id, worker=_name_of(self), now=timezone.now())


@shared_task(bind=True, name=mailing.SEND_DUE_TASK, ignore_result=True)
def send_due_messages(self: Any) -> None:
    """Send what is due for one turn; ask for another turn if that was not enough."""
    turn = mailing.send_due(worker=_name_of(self), clock=timezone.now, within=TURN)
    if turn.is_unfinished:
        mailing.wake_lanes(lanes=1)


@shared_task(name="conference.sweep_messages", ignore_result=True)
def sweep_messages() -> None:
    """Wake workers for letters whose first wake-up was lost or whose retry is due."""
    mailing.sweep(now=timezone.now())


@shared_task(name="conference.fetch_bounces", ignore_result=True)
def fetch_bounces() -> None:
    """Read what came back, where a mailbox is set; a report that is known already stays one."""
    if settings.BOUNCE_MAILBOX:
        returning.fetch(mailbox=settings.BOUNCE_MAILBOX, now=timezone.now())


@shared_task(bind=True, name=channels.SEND_TASK, ignore_result=True)
def send_due_notices(self: Any) -> None:
    """Tell people of letters on their second way; whoever looks at once finds them taken."""
    channels.make_notices(now=timezone.now())
    turn = channels.send_due(worker=_name_of(self), clock=timezone.now, within=TURN)
    if turn.is_unfinished:
        channels.wake()


@shared_task(name=campaigning.EXPAND_TASK, ignore_result=True)
def expand_mailings() -> None:
    """Make letters of mailings for one turn; ask for another turn if that was not enough."""
    if campaigning.expand_due(clock=timezone.now, within=TURN):
        expand_mailings.apply_async(ignore_result=True, retry=False)


def _name_of(task: Any) -> str:
    return f"{task.request.hostname}/{task.request.id}"
