"""A conference with doors, its people, and the phones at its gates."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.utils import timezone
from playwright.sync_api import Browser, BrowserContext, Playwright

from checkin.models import Device, Gate, Supervisor, Zone
from checkin.operations import enrolling_devices, supervising
from conference.models import Conference
from delegates.models import Delegate, Delegation
from delegates.operations import badging
from tests.chaos.line import Line
from tests.chaos.phone import Phone, close_all, cold_context, new_context
from tests.chaos.server import Server
from tests.checkin.conftest import make_conference, make_delegation, make_doors, make_person

#: The visitors of every scenario, in both scripts. None of these may stay on a phone.
PEOPLE = {
    "wei": {"given_name": "Weilong", "family_name": "Zhangsun", "native_name": "长孙维龙"},
    "mei": {"given_name": "Meihua", "family_name": "Ouyang", "native_name": "欧阳美华"},
    "ana": {"given_name": "Anastazja", "family_name": "Wojciechowska", "native_name": ""},
    "tom": {"given_name": "Thomasina", "family_name": "Featherstone", "native_name": "费瑟斯通"},
}
TITLE = {"title_en": "Vice Mayor of Quandong", "title_zh": "泉东市副市长"}
SUPERVISOR, PIN = "Persephone Hallward", "480263719546"


@dataclass
class World:
    """Everything of one scenario."""

    server: Server
    browser: Browser
    playwright: Playwright
    launch: dict[str, Any]
    folder: Path
    conference: Conference = field(default_factory=lambda: make_doors(make_conference("chaos")))
    people: dict[str, Delegate] = field(default_factory=dict)
    phones: dict[str, Phone] = field(default_factory=dict)
    #: Where a scenario keeps what it needs later on.
    kept: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.server.up()
        self.delegation: Delegation = make_delegation(self.conference)
        for name, fields in PEOPLE.items():
            self.people[name] = make_person(self.delegation, **fields, **TITLE)
        self.zones: dict[str, Zone] = {zone.name_en: zone for zone in self.conference.zones.all()}
        self.supervisor: Supervisor | None = None

    def crowd(self, number: int) -> list[str]:
        """Let so many more people come, and return what they are called here."""
        names = [f"guest {n}" for n in range(1, number + 1)]
        for n, name in enumerate(names, 1):
            if name not in self.people:
                self.people[name] = make_person(
                    self.delegation, given_name=f"Guest{n}", family_name="Crowd", native_name=""
                )
        return names

    def text_of(self, badge: str) -> str:
        """Return the code on somebody's badge; `old wei` is the one before it was replaced."""
        person = self.people[badge.removeprefix("old ")]
        badges = person.badges.order_by("issue")
        chosen = badges.first() if badge.startswith("old ") else badges.last()
        assert chosen is not None
        return badging.badge_code_text(chosen)

    def lookup_of(self, badge: str) -> str:
        person = self.people[badge.removeprefix("old ")]
        badges = person.badges.order_by("issue")
        chosen = badges.first() if badge.startswith("old ") else badges.last()
        assert chosen is not None
        return str(chosen.lookup)

    def supervise(self) -> None:
        """Make somebody a supervisor whose PIN the tests know."""
        self.supervisor = supervising.add_supervisor(
            conference=self.conference, name=SUPERVISOR, pin=PIN, now=timezone.now()
        )

    # --- Phones ---

    def phone(
        self,
        name: str,
        *,
        gate: str = "North door",
        capabilities: Sequence[str] = ("scan", "desk"),
        keeps_profile: bool = False,
    ) -> Phone:
        """Put a phone at a gate, with a one-time code that it has not used."""
        device, code = self.new_device(f"{gate} {name}", gate, capabilities)
        profile = self.folder / f"profile-{name}" if keeps_profile else None
        phone = Phone(
            name=name,
            line=Line(self.server.port),
            context=self._context(profile),
            device=device,
            profile=profile,
            code=code,
        )
        self.phones[name] = phone
        return phone

    def new_device(
        self, name: str, gate: str = "North door", capabilities: Sequence[str] = ("scan", "desk")
    ) -> tuple[Device, str]:
        """Make a device in the console and return it with its one-time code."""
        issued = enrolling_devices.create_device(
            conference=self.conference,
            gate=Gate.objects.get(conference=self.conference, name_en=gate),
            name=name,
            capabilities=list(capabilities),
            now=timezone.now(),
            valid_until=timezone.now() + timedelta(days=2),
        )
        return issued.device, issued.code

    def cold_start(self, phone: Phone) -> None:
        """Let a phone that was switched off start again: nothing of it ran on."""
        assert phone.profile is not None
        phone.take(self._context(phone.profile))

    def end(self) -> None:
        close_all(list(self.phones.values()))

    def _context(self, profile: Path | None) -> BrowserContext:
        if profile is None:
            return new_context(self.browser)
        return cold_context(self.playwright, profile, self.launch)


@contextmanager
def world(make: Callable[[], World]) -> Iterator[World]:
    """A world that is left tidy."""
    made = make()
    try:
        yield made
    finally:
        made.end()
