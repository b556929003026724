"""Which engine this is, and how transactional tests empty their tables in peace."""

from collections.abc import Generator

import pytest
from django.db import connection
from playwright.sync_api import Browser, Page
from pytest_django.plugin import blocking_manager_key

from tests.support.sessions import wait_for_answers


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip aloud what only PostgreSQL can show."""
    skip = pytest.mark.skip(reason="races are proved on PostgreSQL: set DATABASE_URL")
    for item in items:
        if item.get_closest_marker("postgres") and connection.vendor != "postgresql":
            item.add_marker(skip)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(
    item: pytest.Item, nextitem: pytest.Item | None
) -> Generator[None, None, None]:
    """Lift SQLite's triggers of deleted rows while a transactional test's rows are flushed.

    They refuse it, or mark changes by a clock that is being deleted too. PostgreSQL flushes by TRUNCATE, which fires no row trigger; SQLite knows only DELETE.
    """
    if not _is_transactional(item):
        return (yield)
    _end_requests(item)
    if connection.vendor != "sqlite":
        return (yield)
    with item.config.stash[blocking_manager_key].unblock(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT name, sql FROM sqlite_master"
            " WHERE type = 'trigger' AND (upper(sql) LIKE '%%BEFORE DELETE%%'"
            " OR upper(sql) LIKE '%%AFTER DELETE%%')"
        )
        triggers = cursor.fetchall()
        for name, _ in triggers:
            cursor.execute(f'DROP TRIGGER "{name}"')
    try:
        return (yield)
    finally:
        # After the last test the database itself is gone.
        if nextitem is not None:
            with item.config.stash[blocking_manager_key].unblock(), connection.cursor() as cursor:
                for _, sql in triggers:
                    cursor.execute(sql)


def _end_requests(item: pytest.Item) -> None:
    """Close the test's browsers, which may ask again at any moment, and let the last answer end.

    Whole contexts are closed: a service worker asks on when its pages are gone.
    """
    browsers = set()
    for given in getattr(item, "funcargs", {}).values():
        if isinstance(given, Page):
            browsers.add(given.context.browser)
        elif isinstance(given, Browser):
            browsers.add(given)
    for browser in browsers:
        for context in browser.contexts if browser else ():
            context.close()
    with item.config.stash[blocking_manager_key].unblock():
        wait_for_answers()


def _is_transactional(item: pytest.Item) -> bool:
    marker = item.get_closest_marker("django_db")
    asked = {"transactional_db", "live_server", "plenary", "web_server"} & set(
        getattr(item, "fixturenames", ())
    )
    return bool(asked) or bool(marker and marker.kwargs.get("transaction"))
