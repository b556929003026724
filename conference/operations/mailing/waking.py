"""Waking workers. The broker only says "look": which letters are due is read from the rows."""

from celery import current_app
from django.conf import settings
from django.db import transaction

DELIVER_TASK = "conference.deliver_message"
SEND_DUE_TASK = "conference.send_due_messages"
#: So many letters of one transaction get a wake-up each; more of them share a few.
_SINGLY = 3


class _WakeUp:
    """What is said to the workers once the transaction that it belongs to is committed."""

    def __init__(self) -> None:
        self.message_ids: list[int] = []
        # Django names a hook by this when it logs that the hook failed, as with the broker gone.
        self.__qualname__ = type(self).__qualname__

    def __call__(self) -> None:
        if len(self.message_ids) > _SINGLY:
            wake_lanes()
            return
        for message_id in self.message_ids:
            _send(DELIVER_TASK, [message_id])


def wake(*, message_id: int) -> None:
    """Ask a worker, on commit, to send this letter now; losing the request loses nothing.

    Letters of one transaction share a wake-up, so thousands do not become thousands of tasks.
    """
    connection = transaction.get_connection()
    open_savepoints = set(connection.savepoint_ids)
    for savepoints, hook, _robust in reversed(connection.run_on_commit):
        # One registered in a savepoint that is closed by now would vanish if that is undone.
        if isinstance(hook, _WakeUp) and savepoints <= open_savepoints:
            hook.message_ids.append(message_id)
            return
    hook = _WakeUp()
    hook.message_ids.append(message_id)
    transaction.on_commit(hook, robust=True)


def wake_lanes(*, lanes: int | None = None, expires: float | None = None) -> None:
    """Ask so many workers to send what is due; a request older than ``expires`` seconds is void."""
    for _lane in range(settings.MAIL_LANES if lanes is None else lanes):
        _send(SEND_DUE_TASK, [], expires=expires)


def _send(name: str, arguments: list[int], *, expires: float | None = None) -> None:
    current_app.send_task(name, arguments, expires=expires, ignore_result=True, retry=False)
