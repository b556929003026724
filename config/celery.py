"""The Celery application, its schedule, and the signs of life that `/readyz` reads."""

from typing import Any

from celery import Celery
from django_structlog.celery.steps import DjangoStructLogInitStep

from config.life import WorkerLife

app = Celery("plenary")
# For every thread, also where Django's settings are named after this was imported: what a thread
# says to another application's broker nobody hears.
app.set_default()
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.steps["worker"].add(DjangoStructLogInitStep)
app.steps["consumer"].add(WorkerLife)


@app.on_after_configure.connect
def _set_schedule(sender: Celery, **_: Any) -> None:
    from config.schedule import schedule  # noqa: PLC0415  # it reads settings, ready only now

    sender.conf.beat_schedule = schedule()
