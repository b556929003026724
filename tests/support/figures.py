"""The suite's last line: what ran on which engine; short of what CI must show, it is a failure."""

import os
import time
from dataclasses import dataclass, field

import pytest
from django.conf import settings
from django.db import connection


@dataclass
class Figures:
    """What ran, counted in the process that hears of every test."""

    started: float = field(default_factory=time.monotonic)
    outcomes: dict[str, set[str]] = field(default_factory=dict)
    browser: set[str] = field(default_factory=set)
    journeys: set[str] = field(default_factory=set)

    def note(self, report: pytest.TestReport) -> None:
        """Count one phase of one test."""
        if report.when == "call" or report.outcome != "passed":
            self.outcomes.setdefault(report.outcome, set()).add(report.nodeid)
        if report.when == "call" and report.outcome == "passed":
            if "browser" in report.keywords:
                self.browser.add(report.nodeid)
            if "journey" in report.keywords:
                self.journeys.add(report.nodeid)

    def count(self, outcome: str) -> int:
        """Return how many tests ended so."""
        return len(self.outcomes.get(outcome, ()))

    def shortfalls(self) -> list[str]:
        """Return what a run of the whole suite in CI must have and this one has not."""
        found = {
            "tests": self.count("passed"),
            "browser tests": len(self.browser),
            "journeys": len(self.journeys),
        }
        return [f"no {what} passed" for what, number in found.items() if not number]

    def line(self) -> str:
        """Return the figures in one line."""
        broker = "embedded Valkey" if settings.EMBEDDED_BROKER else "Redis"
        return (
            f"suite: {connection.vendor} + {broker}: {self.count('passed')} passed, "
            f"{self.count('failed')} failed, {self.count('skipped')} skipped, "
            f"{len(self.browser)} in a browser, {len(self.journeys)} journeys, "
            f"{time.monotonic() - self.started:.0f} s"
        )


FIGURES = Figures()


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Hear of every test, also of those that ran in another process."""
    FIGURES.note(report)


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Turn a whole run that is short of something into a failure."""
    if _is_whole_run(session.config) and FIGURES.shortfalls() and session.exitstatus == 0:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


@pytest.hookimpl(trylast=True)
def pytest_unconfigure(config: pytest.Config) -> None:
    """Print the line after everything else."""
    if hasattr(config, "workerinput") or not FIGURES.outcomes:
        return
    shortfalls = FIGURES.shortfalls() if _is_whole_run(config) else []
    print(FIGURES.line() + "".join(f"; SHORT: {shortfall}" for shortfall in shortfalls))


def _is_whole_run(config: pytest.Config) -> bool:
    return (
        os.environ.get("CI") == "true"
        and os.environ.get("PLENARY_WHOLE_SUITE") == "1"
        and not hasattr(config, "workerinput")
    )
