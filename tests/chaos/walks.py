"""Random walks: whatever comes to nobody's mind, in an order that a seed decides.

`CHAOS_SEED`, `CHAOS_STEPS` and `CHAOS_WALKS` choose; a walk is named for its seed, and told again by it.
"""

import contextlib
import os
import random
from collections.abc import Callable

from django.utils import timezone
from playwright.sync_api import Error as BrowserError

from checkin.operations import blocking
from tests.chaos.line import (
    Deed,
    captive_portal,
    cut_short,
    hang_up,
    instead,
    late_answer,
    late_question,
    lose_the_answer,
    refusal,
    swallow,
    twice,
)
from tests.chaos.phone import Phone
from tests.chaos.scenario import Scenario
from tests.chaos.step import Step
from tests.chaos.verbs_console import replace_badge, resume, suspend
from tests.chaos.world import PEOPLE, World

SEED = int(os.environ.get("CHAOS_SEED", "1"))
STEPS = int(os.environ.get("CHAOS_STEPS", "30"))
WALKS = int(os.environ.get("CHAOS_WALKS", "3"))

BADGES = (*PEOPLE, "guest 1", "guest 2")
DEEDS: tuple[Deed, ...] = (
    captive_portal,
    cut_short(0.4),
    cut_short(0.7, whole_length=False),
    hang_up,
    instead(502, b"Bad gateway", heard=True),
    late_answer(2000),
    late_question(2500),
    lose_the_answer,
    refusal(429, "rate_limited", retry_after=1),
    refusal(503, "unavailable", retry_after=1),
    swallow,
    twice,
)
POINTS = ("scans:pending", "scans:queued", "scans:kept", "scans:kept+seen", "roster", "meta")
#: A light came on, or the phone has left the door.
ANSWERED = """() => !document.getElementById("result").hidden
  || document.getElementById("scanner").dataset.screen !== "work" """

Move = Callable[[World, Phone, random.Random], None]


def ready_to_scan(phone: Phone) -> bool:
    """Bring the phone back to the door, if it can be; what was just opened may need a moment."""
    if phone.page is None:
        phone.open()
    if phone.screen == "ready":
        with contextlib.suppress(AssertionError, BrowserError):
            phone.live.locator("#start").click(timeout=3_000)
    return phone.screen == "work"


def hold_up(world: World, phone: Phone, dice: random.Random) -> None:
    if not ready_to_scan(phone):
        return
    badge = dice.choice(BADGES)
    tried = phone.hold_up(world.text_of(badge), world.lookup_of(badge))
    phone.live.wait_for_function(ANSWERED, timeout=15_000)
    if phone.live.locator("#result").is_visible():
        phone.look(tried)


def hold_up_and_kill(world: World, phone: Phone, dice: random.Random) -> None:
    if not ready_to_scan(phone):
        return
    badge = dice.choice(BADGES)
    phone.hold_up(world.text_of(badge), world.lookup_of(badge))
    phone.live.wait_for_timeout(dice.choice((0, 5, 20, 60, 200, 700)))
    phone.kill_tab()


def turn(world: World, phone: Phone, dice: random.Random) -> None:
    if ready_to_scan(phone):
        phone.turn(dice.choice(("in", "in", "out")))


def choose_zone(world: World, phone: Phone, dice: random.Random) -> None:
    if ready_to_scan(phone):
        phone.choose_zone(dice.choice(list(world.zones.values())).pk)


def change_line(world: World, phone: Phone, dice: random.Random) -> None:
    dice.choice((phone.go_offline, phone.go_online, phone.line.cut, phone.line.mend))()


def lay_fault(world: World, phone: Phone, dice: random.Random) -> None:
    phone.line.lay(dice.choice(("/scan/", "/scan/", "/scans/", "/snapshot/")), dice.choice(DEEDS))


def clear_line(world: World, phone: Phone, dice: random.Random) -> None:
    phone.line.clear()
    phone.line.mend()
    phone.go_online()


def start_anew(world: World, phone: Phone, dice: random.Random) -> None:
    if phone.page is None or dice.random() < 0.5:
        phone.kill_tab()
        phone.open()
    else:
        phone.reload()


def fail_to_store(world: World, phone: Phone, dice: random.Random) -> None:
    if phone.page is not None:
        phone.abort_at(dice.choice(POINTS))


def set_clock(world: World, phone: Phone, dice: random.Random) -> None:
    phone.set_clocks(wall=dice.choice((-600_000, -60_000, 0, 0, 3_000, 600_000, 7_200_000)))


def block_or_not(world: World, phone: Phone, dice: random.Random) -> None:
    done = dice.choice((blocking.block, blocking.lift_block))
    reason = {"reason": "Chaos"} if done is blocking.block else {}
    done(delegate=world.people[dice.choice(list(PEOPLE))], now=timezone.now(), **reason)


def replace(world: World, phone: Phone, dice: random.Random) -> None:
    replace_badge(dice.choice(list(PEOPLE))).work(world, phone)


def suspend_and_resume(world: World, phone: Phone, dice: random.Random) -> None:
    suspend().work(world, phone)
    hold_up(world, phone, dice)
    resume().work(world, phone)
    start_anew(world, phone, dice)


MOVES: dict[Move, int] = {
    hold_up: 14,
    hold_up_and_kill: 3,
    turn: 2,
    choose_zone: 1,
    change_line: 4,
    clear_line: 2,
    lay_fault: 4,
    start_anew: 2,
    fail_to_store: 2,
    set_clock: 1,
    block_or_not: 1,
    replace: 1,
    suspend_and_resume: 1,
}


def walk(seed: int, steps: int) -> Scenario:
    """Return a scenario whose every step the seed decides."""
    dice = random.Random(seed)
    moves = dice.choices(list(MOVES), weights=list(MOVES.values()), k=steps)
    return Scenario(
        f"walk {seed} of {steps} steps",
        tuple(_step(move, dice.choice("AAB"), dice.random()) for move in moves),
        phones=(("A", "North door"), ("B", "South door")),
        before=lambda world: world.crowd(2),
    )


def _step(move: Move, phone: str, seed: float) -> Step:
    def work(world: World, phone: Phone) -> None:
        world.kept.setdefault("walked", []).append(f"{phone.name} {move.__name__}")
        move(world, phone, random.Random(seed))

    return Step(move.__name__, work, phone)


SCENARIOS = tuple(walk(seed, STEPS) for seed in range(SEED, SEED + WALKS))
