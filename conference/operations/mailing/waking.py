"""Waking workers. The broker only says "look": which letters are due is read from the rows."""

from collections.abc import Callable, Collection

from celery import current_app
from django.conf import settings
from django.db import transaction

DELIVER_TASK = "conference.deliver_message"
SEND_DUE_TASK = "conference.send_due_messages"
#: So many letters of one transaction get a wake-up each; more of them share a few.
_SINGLY = 3
#: Told, once letters are there, of which purposes they are.
Follower = Callable[[Collection[str]], None]
_followers: list[Follower] = []


class _WakeUp:
    """What is said to the workers once the transaction that it belongs to is committed."""

    def __init__(self) -> None:
        self.message_ids: list[int] = []
        self.purposes: set[str] = set()
        # Django names a hook by this when it logs that the hook failed, as with the broker gone.
        self.__qualname__ = type(self).__qualname__

    def add(self, message_ids: list[int], purposes: set[str]) -> None:
        """Say this as well."""
        self.message_ids += message_ids
        self.purposes |= purposes

    def __call__(self) -> None:
        if len(self.message_ids) > _SINGLY:
            wake_lanes()
        else:
            for message_id in self.message_ids:
                _send(DELIVER_TASK, [message_id])
        for follow in _followers:
            follow(self.purposes)


def wake(*, message_id: int, purpose: str = "") -> None:
    """Ask a worker, on commit, to send this letter now; losing the request loses nothing.

    Letters of one transaction share a wake-up, so thousands do not become thousands of tasks. Who
    follows letters is told of a new one's ``purpose``.
    """
    _say([message_id], {purpose} - {""})


def announce(*, purpose: str) -> None:
    """Tell those who follow letters, on commit, of one that waits in an inbox only."""
    _say([], {purpose})


def follow_letters(follow: Follower) -> None:
    """Register who is told, after each commit, of which purposes the new letters are."""
    if follow not in _followers:
        _followers.append(follow)


def _say(message_ids: list[int], purposes: set[str]) -> None:
    """Say it on commit, together with what else this transaction has to say."""
    connection = transaction.get_connection()
    open_savepoints = set(connection.savepoint_ids)
    for savepoints, hook, _robust in reversed(connection.run_on_commit):
        # One registered in a savepoint that is closed by now would vanish if that is undone.
        if isinstance(hook, _WakeUp) and savepoints <= open_savepoints:
            hook.add(message_ids, purposes)
            return
    fresh = _WakeUp()
    fresh.add(message_ids, purposes)
    transaction.on_commit(fresh, robust=True)


def wake_lanes(*, lanes: int | None = None, expires: float | None = None) -> None:
    """Ask so many workers to send what is due; a request older than ``expires`` seconds is void."""
    for _lane in range(settings.MAIL_LANES if lanes is None else lanes):
        _send(SEND_DUE_TASK, [], expires=expires)


def _send(name: str, arguments: list[int], *, expires: float | None = None) -> None:
    current_app.send_task(name, arguments, expires=expires, ignore_result=True, retry=False)
