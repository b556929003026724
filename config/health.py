"""`/healthz`: this process answers. `/readyz`: database, broker, worker and beat work together."""

from typing import Final

import redis
from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.recorder import MigrationRecorder
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from conference.access import public
from config import life

OK: Final = "ok"
UNKNOWN: Final = "unknown: the broker does not answer"


@public
@require_safe
@never_cache
def healthz(request: HttpRequest) -> HttpResponse:
    """Say that this web process answers."""
    return HttpResponse(b"ok\n", content_type="text/plain")


@public
@require_safe
@never_cache
def readyz(request: HttpRequest) -> JsonResponse:
    """Say for each part whether it works: 200 when all do, else 503."""
    parts = {"database": database_state(), **broker_states()}
    response = JsonResponse(parts, status=200 if set(parts.values()) == {OK} else 503)
    # A true answer is no error of this page's, so Django need not log it as one each time.
    response._has_been_logged = True  # type: ignore[attr-defined]
    return response


def database_state() -> str:
    """Return "ok" if the migrated database answers, else why not."""
    try:
        migrated = MigrationRecorder.Migration.objects.exists()
    except DatabaseError as error:
        connection.close()
        return f"down: {type(error).__name__}"
    return OK if migrated else "down: not migrated"


def broker_states() -> dict[str, str]:
    """Return the state of broker, worker and beat, in that order, within a few seconds."""
    queues = sorted(settings.CELERY_TASK_QUEUES)
    try:
        with life.client() as connection:
            signs = connection.mget([life.beat_key(), *map(life.worker_key, queues)])
    except redis.RedisError as error:
        down = f"down: {type(error).__name__}"
        return {"broker": down, "worker": UNKNOWN, "beat": UNKNOWN}
    deserted = [queue for queue, sign in zip(queues, signs[1:], strict=True) if sign is None]
    return {
        "broker": OK,
        "worker": f"down: nobody takes tasks from {', '.join(deserted)}" if deserted else OK,
        "beat": OK if signs[0] is not None else "down: no sign of life",
    }
