"""A step of a scenario: something that happens to one phone."""

from collections.abc import Callable
from dataclasses import dataclass

from playwright.sync_api import expect

from tests.chaos.phone import Phone
from tests.chaos.world import World


@dataclass(frozen=True)
class Step:
    """Something that happens; `says` tells it in the list of a walk."""

    says: str
    work: Callable[[World, Phone], None]
    phone: str = "A"

    def run(self, world: World) -> None:
        self.work(world, world.phones[self.phone])


def on(phone: str, *steps: Step) -> tuple[Step, ...]:
    """The same steps on another phone."""
    return tuple(Step(step.says, step.work, phone) for step in steps)


def expect_screen(phone: Phone, name: str) -> None:
    """Wait until this screen is up."""
    expect(phone.live.locator("#scanner")).to_have_attribute("data-screen", name, timeout=20_000)
    expect(phone.live.locator(f"#{name}")).to_be_visible()
