"""What is done at the door: badges held up, people let in, waved through and taken back."""

from playwright.sync_api import expect

from checkin.models import WalkIn
from tests.chaos.phone import Phone
from tests.chaos.step import Step, expect_screen
from tests.chaos.world import PIN, World
from tests.support import scanner


def scan(badge: str, sees: str | None = None) -> Step:
    """Hold up somebody's badge and look at the light; `sees` is the verdict that must follow."""

    def work(world: World, phone: Phone) -> None:
        tried = phone.hold_up(world.text_of(badge), world.lookup_of(badge))
        sight = phone.look(tried)
        assert sees in {None, sight.code}, f"{badge}: {sight}"

    return Step(f"scan({badge})", work)


def read(text: str, sees: str) -> Step:
    """Hold up something else than a badge of this conference."""

    def work(world: World, phone: Phone) -> None:
        sight = phone.look(phone.hold_up(text, None))
        assert sight.code == sees, sight

    return Step(f"read({text[:12]})", work)


def scan_blind(badge: str) -> Step:
    """Hold up a badge, and do not wait for the light: what follows ends the phone."""

    def work(world: World, phone: Phone) -> None:
        phone.hold_up(world.text_of(badge), world.lookup_of(badge))

    return Step(f"scan_blind({badge})", work)


def scan_nothing(badge: str, says: str) -> Step:
    """Hold up a badge of which the phone must say that nothing was recorded."""

    def work(world: World, phone: Phone) -> None:
        tried = phone.hold_up(world.text_of(badge), None, may_count=False)
        sight = phone.look(tried)
        assert (sight.scan, sight.light) == ("", "red"), sight
        expect(phone.live.locator("#result-title")).to_contain_text(says)

    return Step(f"scan_nothing({badge})", work)


def scan_locked(badge: str, screen: str) -> Step:
    """Hold up a badge, upon which the phone must leave the door for this screen, with no light."""

    def work(world: World, phone: Phone) -> None:
        phone.hold_up(world.text_of(badge), None, may_count=False)
        expect_screen(phone, screen)

    return Step(f"scan_locked({badge})", work)


def scan_many(number: int, sees: str) -> Step:
    """Let so many guests come, one after the other."""

    def work(world: World, phone: Phone) -> None:
        for guest in world.crowd(number):
            scan(guest, sees).work(world, phone)

    return Step(f"scan_many({number})", work)


def turn(direction: str) -> Step:
    return Step(f"turn({direction})", lambda _world, phone: phone.turn(direction))


def zone(name: str) -> Step:
    return Step(f"zone({name})", lambda world, phone: phone.choose_zone(world.zones[name].pk))


def camera(badge: str, seconds: float = 1.0) -> Step:
    """Hold a badge before the camera for a while, then nothing."""

    def work(world: World, phone: Phone) -> None:
        if phone.live.locator("#camera").is_hidden():
            phone.live.locator("#scan").click()
        phone.show_to_camera(world.text_of(badge))
        phone.live.wait_for_timeout(seconds * 1000)
        phone.show_to_camera("")

    return Step(f"camera({badge}, {seconds})", work)


def annul_last() -> Step:
    """Take back the newest of the own scans."""

    def work(world: World, phone: Phone) -> None:
        phone.live.locator("#phone-menu summary").click()
        phone.live.locator("#to-own").click()
        newest = phone.live.locator("#own-list > li").first
        newest.get_by_role("button").click()
        expect(phone.live.locator("#own-list [data-code=annulled]")).not_to_have_count(0)
        phone.live.locator("#own-back").click()
        world.kept["annulled"] = world.kept.get("annulled", 0) + 1

    return Step("annul_last", work)


def find(name: str, badge: str, sees: str) -> Step:
    """Look somebody up by name at the desk, and let them in by a press."""

    def work(world: World, phone: Phone) -> None:
        phone.live.locator("#q").fill(name)
        phone.live.locator("#q").press("Enter")
        tried = phone.expect_one(world.lookup_of(badge))
        phone.live.locator("#found > li button").first.click()
        sight = phone.look(tried)
        assert sight.code == sees, sight

    return Step(f"find({name})", work)


def leave() -> Step:
    """Take the phone off the gate, though scans wait on it."""

    def work(world: World, phone: Phone) -> None:
        phone.live.once("dialog", lambda dialog: dialog.accept())
        phone.live.locator("#phone-menu summary").click()
        phone.live.locator("#leave").click()
        expect_screen(phone, "setup")
        phone.wait_until_ready()

    return Step("leave", work)


def speak(language: str) -> Step:
    """Change the language, upon which the page starts anew."""

    def work(world: World, phone: Phone) -> None:
        phone.live.locator(f"[data-language={language}]").click()
        expect(phone.live.locator("html")).to_have_attribute(
            "lang", "zh-Hans" if language == "zh-hans" else language, timeout=20_000
        )
        phone.wait_until_ready()

    return Step(f"speak({language})", work)


def unlock() -> Step:
    def work(world: World, phone: Phone) -> None:
        phone.live.locator("#unlock").click()
        expect_screen(phone, "work")

    return Step("unlock", work)


def wiped() -> Step:
    """Nothing of the list is left on the phone."""

    def work(world: World, phone: Phone) -> None:
        for _ in range(100):
            if not phone.roster():
                return
            phone.live.wait_for_timeout(100)
        raise AssertionError(f"{phone.name} still keeps {len(phone.roster())} rows of the list")

    return Step("wiped", work)


def wave_through(badge: str, was: str, *, pin: str = PIN) -> Step:
    """Hold up a badge that is refused, and let a supervisor let its bearer in."""

    def work(world: World, phone: Phone) -> None:
        _ask_supervisor(world, phone, badge, was, pin)
        light = phone.live.locator("#result")
        expect(light).to_have_attribute("data-code", "override_admit", timeout=8_000)
        sight = phone.look(phone.expect_one(world.lookup_of(badge)))
        assert sight.code == "override_admit", sight

    return Step(f"wave_through({badge})", work)


def wave_in_vain(badge: str, was: str) -> Step:
    """As before, by somebody who does not know the PIN."""

    def work(world: World, phone: Phone) -> None:
        _ask_supervisor(world, phone, badge, was, "000000")
        expect(phone.live.locator("#override-fault")).not_to_be_empty()
        phone.live.locator("#override-close").click()
        scanner.go_on(phone.live)

    return Step(f"wave_in_vain({badge})", work)


def wave_blind(badge: str, was: str) -> Step:
    """As before, and what follows ends the phone."""

    def work(world: World, phone: Phone) -> None:
        phone.expect_one(world.lookup_of(badge))
        _ask_supervisor(world, phone, badge, was, PIN)

    return Step(f"wave_blind({badge})", work)


def _ask_supervisor(world: World, phone: Phone, badge: str, was: str, pin: str) -> None:
    tried = phone.hold_up(world.text_of(badge), world.lookup_of(badge))
    light = phone.live.locator("#result")
    expect(light).to_have_attribute("data-code", was)
    expect(light).to_be_visible()
    tried.scan = light.get_attribute("data-scan")
    phone.live.locator("#wave").click()
    phone.live.locator("#override-pin").fill(pin)
    phone.live.locator("#override-go").click()


def enter(name: str, *, comes_through: bool = True) -> Step:
    """Enter somebody who is not registered, and let them in; or find that the line broke."""

    def work(world: World, phone: Phone) -> None:
        page = phone.live
        if page.locator("#walk-in-name").is_hidden():
            page.locator("details.walk-in summary").click()
        page.locator("#walk-in-name").fill(name)
        page.locator("#walk-in-native").fill("慕容晚晴")
        page.locator("#walk-in-go").click()
        if not comes_through:
            expect(page.locator("#trouble")).to_be_visible(timeout=15_000)
            return
        expect(page.locator("#entered .entered")).to_be_visible(timeout=15_000)
        entered = WalkIn.objects.select_related("delegate", "badge").get()
        world.people[name] = entered.delegate
        tried = phone.expect_one(entered.badge.lookup)
        page.locator("#entered .btn-primary").click()
        sight = phone.look(tried)
        assert sight.code == "admit", sight

    return Step(f"enter({name})", work)


def listed(badge: str) -> Step:
    """Wait until a badge is on the phone's list."""

    def work(world: World, phone: Phone) -> None:
        lookup = world.lookup_of(badge)
        for _ in range(100):
            if any(lookup in bucket["badges"] for bucket in phone.roster()):
                return
            phone.live.wait_for_timeout(100)
        raise AssertionError(f"{badge} never came on the list of {phone.name}")

    return Step(f"listed({badge})", work)
