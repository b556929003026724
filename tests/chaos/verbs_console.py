"""What is done in the console, meanwhile."""

from datetime import timedelta

from django.utils import timezone

from checkin.models import Device
from checkin.operations import blocking, enrolling_devices
from delegates.operations import badging
from tests.chaos.phone import Phone
from tests.chaos.step import Step
from tests.chaos.world import World


def revoke() -> Step:
    def work(world: World, phone: Phone) -> None:
        enrolling_devices.revoke(device=_fresh(phone), now=timezone.now())

    return Step("revoke", work)


def suspend() -> Step:
    def work(world: World, phone: Phone) -> None:
        enrolling_devices.suspend(device=_fresh(phone), now=timezone.now())

    return Step("suspend", work)


def resume() -> Step:
    def work(world: World, phone: Phone) -> None:
        enrolling_devices.resume(device=_fresh(phone), now=timezone.now())

    return Step("resume", work)


def token_lost() -> Step:
    """The server knows this phone's token no more."""

    def work(world: World, phone: Phone) -> None:
        Device.objects.filter(pk=phone.device.pk).update(token_hash="0" * 64)

    return Step("token_lost", work)


def enrol() -> Step:
    """Open the one-time link, and start the shift."""
    return Step("enrol", lambda _world, phone: phone.enrol())


def open_link() -> Step:
    """Open the one-time link, whatever comes of it."""
    return Step("open_link", lambda _world, phone: (phone.open(f"#e={phone.code}"), None)[1])


def enrol_anew() -> Step:
    """Give the phone a new device of its own, by a code that the guard types."""

    def work(world: World, phone: Phone) -> None:
        device, code = world.new_device(f"{phone.device.name} again")
        phone.device = device
        phone.devices.append(device)
        phone.live.locator("#enrol-code").fill(code)
        phone.live.locator("#enrol-form button").click()
        phone.start_shift()

    return Step("enrol_anew", work)


def block(badge: str) -> Step:
    def work(world: World, _phone: Phone) -> None:
        blocking.block(delegate=world.people[badge], reason="Chaos", now=timezone.now())

    return Step(f"block({badge})", work)


def replace_badge(badge: str) -> Step:
    def work(world: World, _phone: Phone) -> None:
        badging.replace_badge(delegate=world.people[badge], reason="lost", now=timezone.now())

    return Step(f"replace_badge({badge})", work)


def reset_in(name: str, seconds: float) -> Step:
    """Everybody counts as gone from a zone so many seconds from now."""

    def work(world: World, _phone: Phone) -> None:
        instant = timezone.now() + timedelta(seconds=seconds)
        zone = world.zones[name]
        zone.resets = [*zone.resets, round(instant.timestamp() * 1000)]
        zone.save()

    return Step(f"reset_in({name}, {seconds})", work)


def _fresh(phone: Phone) -> Device:
    return Device.objects.get(pk=phone.device.pk)
