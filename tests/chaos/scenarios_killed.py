"""The phone: killed at every point, its store failing or full."""

import contextlib

from playwright.sync_api import Error as BrowserError

from tests.chaos.line import lose_the_answer, swallow
from tests.chaos.outcomes import held_are, shown_is, stored_is
from tests.chaos.phone import Phone
from tests.chaos.scenario import Scenario
from tests.chaos.step import Step
from tests.chaos.verbs_console import revoke
from tests.chaos.verbs_door import scan, scan_blind, scan_nothing, wiped
from tests.chaos.verbs_phone import (
    cold_start,
    fault,
    held_at,
    hold_at,
    kill_tab,
    offline,
    online,
    pause,
    power_off,
    quota,
    reload,
    reopen,
    screen,
    store_fails,
    uploaded,
)
from tests.chaos.world import World


def killed_at(point: str, *, before: tuple[Step, ...] = ()) -> tuple[Step, ...]:
    """End the page at the moment at which this is on the disk, and hold up the badge again."""
    return (
        *before,
        hold_at(point),
        scan_blind("wei"),
        held_at(point),
        kill_tab(),
        reopen(),
        scan("wei", "admit"),
        scan("wei", "already_inside"),
    )


def crash() -> Step:
    """The page's process dies by itself."""

    def work(_world: World, phone: Phone) -> None:
        with contextlib.suppress(BrowserError):
            phone.live.goto("chrome://crash", timeout=3_000)

    return Step("crash", work)


SCENARIOS = (
    Scenario(
        "killed when the scan is kept and not yet sent",
        killed_at("scans:pending"),
        then=stored_is(2),
        daily=True,
    ),
    Scenario(
        "killed when the server's verdict is kept and not yet shown",
        killed_at("scans:kept"),
        then=stored_is(2),
    ),
    Scenario(
        "killed when the own verdict is kept and not yet shown",
        killed_at("scans:queued", before=(offline(),)),
        then=stored_is(2),
    ),
    Scenario(
        "killed right after the light came on",
        (
            offline(),
            hold_at("scans:queued+seen"),
            scan_blind("wei"),
            held_at("scans:queued+seen"),
            kill_tab(),
            reopen(),
            scan("wei", "already_inside"),
            online(),
        ),
    ),
    Scenario(
        "killed while the question is under way",
        (
            fault("/scan/", swallow),
            scan_blind("wei"),
            pause(300),
            kill_tab(),
            reopen(),
            scan("wei", "admit"),
            scan("wei", "already_inside"),
        ),
        then=stored_is(2),
    ),
    Scenario(
        "killed after the server stored the scan and before it answered",
        (
            fault("/scan/", lose_the_answer),
            fault("/scan/", swallow, 2),
            scan_blind("wei"),
            kill_tab(),
            reopen(),
            offline(),
            scan("wei", "admit"),
            online(),
        ),
    ),
    Scenario(
        "killed when the server has the batch and the phone does not know",
        (
            offline(),
            scan("wei", "admit"),
            scan("mei", "admit"),
            hold_at("scans:kept+seen"),
            online(),
            held_at("scans:kept+seen"),
            kill_tab(),
            reopen(),
            scan("wei", "already_inside"),
        ),
        then=shown_is(3),
    ),
    Scenario(
        "the disk fails when the scan is to be kept, with a line",
        (store_fails("scans:pending"), scan_nothing("wei", "ot recorded"), scan("wei", "admit")),
        then=shown_is(1),
    ),
    Scenario(
        "the disk fails when the scan is to be kept, without a line",
        (
            offline(),
            store_fails("scans:queued"),
            scan_nothing("wei", "ot recorded"),
            scan("wei", "admit"),
            online(),
        ),
        then=shown_is(1),
        daily=True,
    ),
    Scenario(
        "the disk fails when the server's verdict is to be kept",
        (store_fails("scans:kept"), scan_blind("wei"), pause(800), reload(), scan("wei", "admit")),
    ),
    Scenario(
        "the disk fails when the own verdict is to be kept",
        (
            fault("/scan/", swallow),
            store_fails("scans:queued"),
            scan_blind("wei"),
            pause(2500),
            reload(),
            scan("wei", "admit"),
        ),
    ),
    Scenario(
        "the disk fails in the middle of a snapshot",
        (
            kill_tab(),
            reopen(),
            store_fails("roster", 3),
            reload(),
            scan("wei", "admit"),
            offline(),
            scan("mei", "admit"),
            online(),
        ),
        then=shown_is(2),
    ),
    Scenario(
        "the storage is full",
        (
            offline(),
            scan("wei", "admit"),
            quota(1),
            scan_nothing("mei", "ot recorded"),
            quota(None),
            scan("mei", "admit"),
            online(),
        ),
        then=shown_is(2),
    ),
    Scenario(
        "the battery falls out after the light",
        (
            scan("mei", "admit"),
            offline(),
            scan("wei", "admit"),
            scan("ana", "admit"),
            power_off(),
            cold_start(),
            offline(),
            reopen(),
            scan("ana", "already_inside"),
            online(),
        ),
        keeps_profile=True,
        then=shown_is(4),
    ),
    Scenario(
        "the page dies by itself",
        (
            offline(),
            scan("wei", "admit"),
            crash(),
            kill_tab(),
            reopen(),
            scan("wei", "already_inside"),
        ),
        then=shown_is(2),
    ),
    Scenario(
        "killed, revoked and reopened with a scan that nobody saw",
        (
            offline(),
            scan("wei", "admit"),
            kill_tab(),
            revoke(),
            online(),
            reopen(),
            screen("setup"),
            wiped(),
            uploaded(),
        ),
        then=held_are(1),
    ),
)
