"""The chaos tests' server and world, and the table of their figures at the end of the run."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Playwright

from tests.chaos.scenario import Scenario
from tests.chaos.scenarios import SCENARIOS, WALKS
from tests.chaos.server import Server
from tests.chaos.world import World, world

#: `daily` is a part of the scenarios, for the ordinary suite; `all` is what `make chaos-checkin` runs.
CHOICE = os.environ.get("PLENARY_CHAOS", "daily")
FIGURES = ("shown", "green", "stored", "held", "exported", "unseen", "lost", "doubled", "conflicts")


def chosen() -> list[Scenario]:
    """Return the scenarios of this run."""
    if CHOICE not in {"daily", "all"}:
        raise pytest.UsageError(f"PLENARY_CHAOS is daily or all, not {CHOICE}")
    if CHOICE == "all":
        return [*SCENARIOS, *WALKS]
    return [scenario for scenario in SCENARIOS if scenario.daily]


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Print a line for each scenario that ran, and the sums."""
    rows = [
        dict(report.user_properties)
        for outcome in ("passed", "failed")
        for report in terminalreporter.stats.get(outcome, ())
        if report.when == "call" and dict(report.user_properties).get("scenario")
    ]
    if not rows:
        return
    terminalreporter.section("check-in chaos")
    for row in rows:
        figures = " ".join(f"{name} {row[name]}" for name in FIGURES if row[name])
        state = "FAILED" if row["faults"] else "passed"
        terminalreporter.write_line(f"{state} {row['seconds']:>5} s  {row['scenario']}: {figures}")
    sums = ", ".join(f"{sum(row[name] for row in rows)} {name}" for name in FIGURES)
    terminalreporter.write_line(f"{len(rows)} stories: {sums}")
    if CHOICE == "daily":
        terminalreporter.write_line(
            f"That was a part: {len(chosen())} of {len(SCENARIOS)} scenarios; "
            "`make chaos-checkin` runs all, and random walks."
        )


@pytest.fixture(scope="session")
def server(django_db_setup: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The web server of all scenarios, started by the first."""
    made = Server(tmp_path_factory.mktemp("chaos-server"))
    yield made
    made.kill()


@pytest.fixture
def make_world(  # noqa: PLR0917 - the fixtures of five plugins meet here
    transactional_db: None,
    server: Server,
    browser: Browser,
    playwright: Playwright,
    browser_type_launch_args: dict[str, Any],
    tmp_path: Path,
) -> Iterator[World]:
    """A conference with doors, whose phones are closed at the end."""
    with world(
        lambda: World(server, browser, playwright, dict(browser_type_launch_args), tmp_path)
    ) as made:
        yield made
