"""What happens to a phone and its line."""

import psutil
from playwright.sync_api import expect

from tests.chaos.line import Deed
from tests.chaos.phone import Phone
from tests.chaos.step import Step, expect_screen
from tests.chaos.world import World

BROWSER_LOOKS_EVERY_MS = 31_000


def offline() -> Step:
    """Airplane mode."""
    return Step("go_offline", lambda _world, phone: phone.go_offline())


def online() -> Step:
    return Step("go_online", lambda _world, phone: phone.go_online())


def cut() -> Step:
    """No connection, and nobody tells the browser."""
    return Step("cut", lambda _world, phone: phone.line.cut())


def mend() -> Step:
    return Step("mend", lambda _world, phone: phone.line.mend())


def fault(where: str, deed: Deed, times: int = 1) -> Step:
    """Let something happen to the next questions at this address."""
    name = getattr(deed, "__qualname__", "fault").split(".")[0]
    return Step(
        f"{name}({where}, {times})",
        lambda _world, phone: (phone.line.lay(where, deed, times=times), None)[1],
    )


def clear() -> Step:
    return Step("clear", lambda _world, phone: phone.line.clear())


def server_down() -> Step:
    return Step("server_down", lambda world, _phone: world.server.kill())


def server_up() -> Step:
    return Step("server_up", lambda world, _phone: world.server.up())


def uploaded() -> Step:
    """Wait until nothing waits on the phone."""
    return Step("uploaded", lambda _world, phone: phone.wait_until_empty())


def synced() -> Step:
    """Wait until the list is as the server had it after the page was opened."""
    return Step("synced", lambda _world, phone: phone.wait_until_synced())


def pause(ms: int) -> Step:
    return Step(f"pause({ms})", lambda _world, phone: phone.live.wait_for_timeout(ms))


def kill_tab() -> Step:
    return Step("kill_tab", lambda _world, phone: phone.kill_tab())


def reopen() -> Step:
    return Step("reopen", lambda _world, phone: (phone.open(), None)[1])


def reload() -> Step:
    return Step("reload", lambda _world, phone: phone.reload())


def power_off() -> Step:
    """End the whole browser as a battery does that falls out."""

    def work(world: World, phone: Phone) -> None:
        phone.page = None
        for process in psutil.process_iter(["cmdline"]):
            if f"--user-data-dir={phone.profile}" in (process.info["cmdline"] or []):
                process.kill()

    return Step("power_off", work)


def cold_start() -> Step:
    def work(world: World, phone: Phone) -> None:
        world.cold_start(phone)

    return Step("cold_start", work)


def clock(seconds: int) -> Step:
    """Set the phone's wall clock before (+) or behind (-) the true time."""
    return Step(f"clock({seconds:+})", lambda _world, phone: phone.set_clocks(wall=seconds * 1000))


def sleep(seconds: int) -> Step:
    """The phone sleeps: its wall clock goes on, its monotonic clock stands still."""

    def work(world: World, phone: Phone) -> None:
        phone.set_clocks(wall=phone.wall + seconds * 1000)

    return Step(f"sleep({seconds})", work)


def store_fails(point: str, times: int = 1) -> Step:
    return Step(f"store_fails({point})", lambda _world, phone: phone.abort_at(point, times))


def hold_at(point: str) -> Step:
    return Step(f"hold_at({point})", lambda _world, phone: phone.hold_at(point))


def held_at(point: str) -> Step:
    return Step(f"held_at({point})", lambda _world, phone: phone.wait_until_held(point))


def quota(size: int | None) -> Step:
    """Let the browser have so little storage left; it looks only every 30 s."""

    def work(_world: World, phone: Phone) -> None:
        phone.set_quota(size)
        if size is not None:
            phone.live.wait_for_timeout(BROWSER_LOOKS_EVERY_MS)

    return Step(f"quota({size})", work)


def clear_caches() -> Step:
    script = "async () => { for (const name of await caches.keys()) await caches.delete(name); }"
    return Step("clear_caches", lambda _world, phone: phone.live.evaluate(script))


def start_shift() -> Step:
    return Step("start_shift", lambda _world, phone: phone.start_shift())


def screen(name: str) -> Step:
    """Wait until this screen is up."""
    return Step(f"screen({name})", lambda _world, phone: expect_screen(phone, name))


def line_says(state: str) -> Step:
    def work(_world: World, phone: Phone) -> None:
        expect(phone.live.locator("#line")).to_have_attribute("data-line", state, timeout=15_000)

    return Step(f"line_says({state})", work)
