"""The phone: its clocks, its lease, its tabs, its page updated."""

import re

from playwright.sync_api import expect

from tests.chaos.line import rewritten, swallow
from tests.chaos.outcomes import shown_is
from tests.chaos.phone import Phone
from tests.chaos.scenario import Scenario
from tests.chaos.step import Step, expect_screen
from tests.chaos.verbs_console import enrol
from tests.chaos.verbs_door import scan, turn, wiped
from tests.chaos.verbs_phone import (
    clear_caches,
    clock,
    fault,
    kill_tab,
    offline,
    online,
    reload,
    reopen,
    screen,
    sleep,
    start_shift,
    uploaded,
)
from tests.chaos.world import World


def _newer(body: bytes) -> bytes:
    """Return the worker's script as the next version of the program would have it."""
    return re.sub(rb'"version": "[0-9a-f]+"', b'"version": "0123456789abcdef"', body)


def _newer_and_broken(body: bytes) -> bytes:
    return _newer(body).replace(b"/checkin/app.js", b"/checkin/gone.js")


def look_for_update() -> Step:
    script = (
        "async () => (await navigator.serviceWorker.getRegistration()).update().catch(() => {})"
    )
    return Step("look_for_update", lambda _world, phone: phone.live.evaluate(script))


def version_offered() -> Step:
    def work(_world: World, phone: Phone) -> None:
        expect(phone.live.locator("#version-notice")).to_be_visible(timeout=20_000)

    return Step("version_offered", work)


def second_tab(*, takes_over: bool) -> Step:
    """Open the page once more; with `takes_over` the guard goes on in the new tab."""

    def work(_world: World, phone: Phone) -> None:
        first = phone.live
        second = phone.open()
        expect_screen(phone, "standby")
        if takes_over:
            second.locator("#take-over").click()
            expect_screen(phone, "work")
            expect(first.locator("#standby")).to_be_visible()
        else:
            phone.page = first

    return Step(f"second_tab({takes_over})", work)


def first_tab_again() -> Step:
    """Go back to the first tab and take over there."""

    def work(_world: World, phone: Phone) -> None:
        phone.page = phone.context.pages[0]
        phone.live.locator("#take-over").click()
        expect_screen(phone, "work")

    return Step("first_tab_again", work)


def close_other_tabs() -> Step:
    """The tab that works is ended; the one that stood by goes on by itself."""

    def work(_world: World, phone: Phone) -> None:
        first, second = phone.context.pages[:2]
        working = first if first is phone.live else second
        phone.page = second if working is first else first
        working.close()
        expect_screen(phone, "work")

    return Step("close_other_tabs", work)


SCENARIOS = (
    Scenario(
        "the caches are cleared in the middle of a shift",
        (
            scan("wei", "admit"),
            clear_caches(),
            reload(),
            scan("mei", "admit"),
            offline(),
            scan("ana"),
        ),
        then=shown_is(3),
    ),
    Scenario(
        "a second tab stands by, takes over, and gives back",
        (
            offline(),
            scan("wei", "admit"),
            second_tab(takes_over=True),
            scan("wei", "already_inside"),
            first_tab_again(),
            scan("mei", "admit"),
            online(),
        ),
        then=shown_is(3),
    ),
    Scenario(
        "a new version comes in the middle of a shift",
        (
            scan("wei", "admit"),
            fault("/sw.js", rewritten(_newer), 99),
            look_for_update(),
            version_offered(),
            offline(),
            scan("mei", "admit"),
            reload(),
            scan("wei", "already_inside"),
            online(),
        ),
        then=shown_is(3),
    ),
    Scenario(
        "a new version does not keep the door waiting for a font that does not come",
        (
            fault("-110-wght-normal.woff2", swallow, 99),
            enrol(),
            scan("wei", "admit"),
            fault("/sw.js", rewritten(_newer), 99),
            look_for_update(),
            version_offered(),
            reload(),
            scan("mei", "admit"),
        ),
        then=shown_is(2),
        is_enrolled=False,
    ),
    Scenario(
        "a new version that is not whole does not come in",
        (
            fault("/sw.js", rewritten(_newer_and_broken), 99),
            look_for_update(),
            offline(),
            scan("wei", "admit"),
            reload(),
            scan("wei", "already_inside"),
            online(),
        ),
        then=shown_is(2),
    ),
    Scenario(
        "the lease runs out without a line: cards go, scans stay",
        (
            scan("wei", "admit"),
            offline(),
            scan("mei", "admit"),
            kill_tab(),
            clock(13 * 3600),
            reopen(),
            screen("locked"),
            wiped(),
            clock(0),
            online(),
            uploaded(),
        ),
        then=shown_is(2),
    ),
    Scenario(
        "the clock is set back an hour: locked until the server was heard",
        (
            offline(),
            scan("wei", "admit"),
            kill_tab(),
            clock(-3600),
            reopen(),
            screen("locked"),
            wiped(),
            online(),
            uploaded(),
            start_shift(),
            scan("wei", "already_inside"),
        ),
        then=shown_is(2),
    ),
    Scenario(
        "a phone whose clock says 1970",
        (
            kill_tab(),
            clock(-50 * 365 * 86400),
            reopen(),
            start_shift(),
            scan("wei", "admit"),
            offline(),
            scan("mei", "admit"),
            scan("wei", "already_inside"),
            online(),
            uploaded(),
        ),
        then=shown_is(3),
    ),
    Scenario(
        "the clock jumps two hours on and back without a line",
        (
            offline(),
            clock(7200),
            scan("wei", "admit"),
            clock(-600),
            scan("mei", "admit"),
            scan("wei", "already_inside"),
            clock(0),
            turn("out"),
            scan("mei", "exit_ok"),
            online(),
        ),
    ),
    Scenario(
        "the phone sleeps for an hour in the middle of its shift",
        (
            clock(-3600),
            reload(),
            start_shift(),
            offline(),
            scan("wei", "admit"),
            sleep(3600),
            scan("mei", "admit"),
            scan("wei", "already_inside"),
            online(),
        ),
        then=shown_is(3),
    ),
    Scenario(
        "the tab that works is closed and the one standing by goes on",
        (
            offline(),
            scan("wei", "admit"),
            second_tab(takes_over=False),
            close_other_tabs(),
            scan("wei", "already_inside"),
            online(),
        ),
        then=shown_is(2),
    ),
)
