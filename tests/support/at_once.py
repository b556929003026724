"""Deeds done at the same instant, as a race needs them."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

from django.db import connection

from conference.errors import DomainError


def at_once(*deeds: Callable[[], Any]) -> list[Any]:
    """Do the deeds in threads that start together, each on a connection of its own.

    Return what each returned, in their order; raise what the first of them raised.
    """
    start = Barrier(len(deeds))

    def run(deed: Callable[[], Any]) -> Any:
        try:
            start.wait()
            return deed()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(deeds)) as pool:
        return list(pool.map(run, deeds))


def or_code(deed: Callable[[], Any]) -> Callable[[], Any]:
    """Make a deed that may be refused: the refusal's code is what it returns then."""

    def do() -> Any:
        try:
            return deed()
        except DomainError as refusal:
            return refusal.code

    return do
