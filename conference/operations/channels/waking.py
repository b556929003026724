"""Asking a worker to look for notices as soon as a letter is there; beat's sweep finds the rest."""

from collections.abc import Collection

from celery import current_app
from django.conf import settings

from conference.operations.channels import purposes
from conference.operations.channels.ways import ways

SEND_TASK = "conference.send_due_notices"


def follow(new_purposes: Collection[str]) -> None:
    """Wake a worker if letters of one of these purposes are told of on a way that is open."""
    if any(set(new_purposes) & set(purposes.purposes(way.channel)) for way in ways()):
        wake()


def wake() -> None:
    """Ask a worker to look now; a request that is older than beat's next look is void."""
    current_app.send_task(
        SEND_TASK, expires=settings.SWEEP_SECONDS, ignore_result=True, retry=False
    )
