"""What a scenario is, and how one is told."""

import time
from collections.abc import Callable
from dataclasses import dataclass

from tests.chaos import proof
from tests.chaos.proof import Tally
from tests.chaos.step import Step
from tests.chaos.world import World


@dataclass(frozen=True)
class Scenario:
    """A story with one or more phones; `then` looks at what only this story must come to.

    `daily` ones are also part of the ordinary suite. `phones` names each phone and its gate;
    `supervised` gives them the right to override, and somebody who may. `exported` is how many scans the
    server was made to refuse, which the phone keeps for export. `is_enrolled` off: the steps do it.
    """

    name: str
    steps: tuple[Step, ...]
    phones: tuple[tuple[str, str], ...] = (("A", "North door"),)
    then: Callable[[World, Tally], None] | None = None
    before: Callable[[World], object] | None = None
    supervised: bool = False
    keeps_profile: bool = False
    is_enrolled: bool = True
    daily: bool = False
    exported: int = 0

    def __str__(self) -> str:
        return self.name.replace(" ", "-")


def tell(scenario: Scenario, world: World) -> Tally:
    """Let it happen, give everybody the line back, and count."""
    began = time.monotonic()
    tally = Tally(scenario.name)
    capabilities = ["scan", "desk"]
    if scenario.supervised:
        world.supervise()
        capabilities.append("override")
    if scenario.before is not None:
        scenario.before(world)
    for name, gate in scenario.phones:
        phone = world.phone(
            name, gate=gate, capabilities=capabilities, keeps_profile=scenario.keeps_profile
        )
        if scenario.is_enrolled:
            phone.enrol()
    # A step that fails hides nothing: what was scanned until then is counted all the same.
    for part in (lambda: _play(scenario, world), lambda: proof.drain(world)):
        try:
            part()
        except Exception as trouble:  # noqa: BLE001 - it is told among the faults
            tally.faults.append(f"{type(trouble).__name__}: {trouble}".split("\nCall log")[0])
    proof.prove(world, tally)
    if scenario.then is not None:
        scenario.then(world, tally)
    if tally.exported != scenario.exported:
        tally.faults.append(f"{tally.exported} scans are kept for export, not {scenario.exported}")
    tally.seconds = round(time.monotonic() - began, 1)
    return tally


def _play(scenario: Scenario, world: World) -> None:
    for step in scenario.steps:
        step.run(world)
