"""Whatever happens to phones, lines and servers: no green light is lost, no scan is doubled."""

import pytest

from tests.chaos.conftest import chosen
from tests.chaos.scenario import Scenario, tell
from tests.chaos.scenarios import SCENARIOS


@pytest.mark.slow
@pytest.mark.parametrize("scenario", chosen(), ids=str)
def test_no_green_light_is_lost_and_no_scan_is_doubled(
    scenario: Scenario, make_world, record_property
):
    tally = tell(scenario, make_world)
    for name, value in tally.properties().items():
        record_property(name, value)
    assert not tally.faults, "\n".join(tally.faults)
    assert (tally.lost, tally.doubled) == (0, 0)


def test_the_scenarios_are_many_and_each_has_a_name_of_its_own():
    assert len({scenario.name for scenario in SCENARIOS}) == len(SCENARIOS) >= 30
