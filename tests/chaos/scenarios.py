"""All scenarios, in the order in which they are told."""

from tests.chaos import (
    scenarios_answers,
    scenarios_clocks,
    scenarios_console,
    scenarios_doors,
    scenarios_killed,
    scenarios_line,
    walks,
)
from tests.chaos.scenario import Scenario

SCENARIOS: tuple[Scenario, ...] = (
    *scenarios_line.SCENARIOS,
    *scenarios_answers.SCENARIOS,
    *scenarios_killed.SCENARIOS,
    *scenarios_clocks.SCENARIOS,
    *scenarios_console.SCENARIOS,
    *scenarios_doors.SCENARIOS,
)
#: Told after them, where all are told.
WALKS: tuple[Scenario, ...] = walks.SCENARIOS
