"""Doorways for workers: the look at the doors, the recount of the night, and what they ask for."""

from celery import shared_task
from django.conf import settings
from django.utils import timezone

from checkin.operations import alerting, changing, recounting, refolding, rounds, watching
from conference.models import Conference


@shared_task(name=alerting.WATCH_TASK, ignore_result=True)
def watch_doors(conference_id: int) -> None:
    """Look at the doors of one conference, and write to those on duty."""
    rounds.go_round(conference_id=conference_id, now=timezone.now())


@shared_task(name="checkin.sweep_doors", ignore_result=True)
def sweep_doors() -> None:
    """Have a look at the doors of each conference that is going on."""
    for conference_id in watching.conferences_in_use(now=timezone.now()):
        watch_doors.apply_async((conference_id,), expires=settings.SWEEP_SECONDS)


@shared_task(name="checkin.recount_tonight", ignore_result=True)
def recount_tonight() -> None:
    """Recount whatever conference has its night; the database knows which are done."""
    recounting.recount_tonight(now=timezone.now())


@shared_task(name=recounting.RECOUNT_TASK, ignore_result=True)
def recount_now(conference_id: int) -> None:
    """Recount one conference because somebody asked for it."""
    conference = Conference.objects.filter(pk=conference_id).first()
    if conference is not None:
        recounting.recount(conference=conference, now=timezone.now())


@shared_task(name="checkin.forget_changes", ignore_result=True)
def forget_changes() -> None:
    """Delete marks of changes that no phone can ask about any more."""
    changing.forget_changes(now=timezone.now())


@shared_task(name=refolding.REFOLD_TASK, ignore_result=True)
def refold_zone(zone_id: int) -> None:
    """Fold everybody of a zone whose rules have changed."""
    refolding.refold_zone(zone_id=zone_id, now=timezone.now())
