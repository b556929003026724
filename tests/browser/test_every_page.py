"""Every page there is, as its reader sees it: on a phone and on a desk, in both languages.

Axe looks at each page once in each language, at the other width in the other language; CI's two
runs, on two engines, make all four of that. Colours hardly differ and take axe half its time: at a
desk they are looked at in one of the languages, by turns (`tests/support/turns.py`).

The addresses come from the URL map, what stands behind them from the demo's rehearsal. So a new page
is visited as soon as it exists; one whose variable part is unknown here fails until `ROWS` knows it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Browser, Page, Response, ViewportSize

from checkin.operations import wall_links
from conference.models import (
    Campaign,
    Conference,
    Message,
    MessageAttachment,
    Notice,
    Role,
    SavedFilter,
    Suppression,
    User,
)
from conference.operations import campaigning, mailing, unsubscribing
from delegates.models import (
    Delegate,
    Delegation,
    ImportBatch,
    Invitation,
    PersonalLink,
    TextAddress,
)
from delegates.operations import linking, text_links
from delegates.operations.importing import batches
from demo.accounts import REHEARSAL
from demo.loading.everything import load
from sessions.models import Session
from tests.browser.doors_in_use import make_trouble
from tests.sessions.texting import adapter
from tests.support.chromium import Witness
from tests.support.files import PDF
from tests.support.turns import IN_FULL, LANGUAGES, engine
from tests.support.url_map import Address, every_address

PHONE = ViewportSize(width=390, height=844)
DESK = ViewportSize(width=1280, height=800)
WIDTHS = (DESK, PHONE)
#: Only what is wrong is told in full, which makes long pages bearable.
WCAG = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"],
    "resultTypes": ["violations"],
    "preload": False,
}
WITHOUT_COLOURS = WCAG | {"rules": {"color-contrast": {"enabled": False}}}
#: What axe finds wrong with the page as it stands, one line for each element.
FAULTS = """async (options) => (await axe.run(options)).violations.flatMap(
  ({ id, nodes }) => nodes.map(({ target }) => `${id} at ${target}`)
)"""
SAMPLE = settings.BASE_DIR / "demo" / "data" / "delegation_sample.xlsx"
#: Not pages of ours: Django's back office, what programs read, and how a language is chosen.
NOT_OURS = ("admin/", "api/", "calendar/", "i18n/", "healthz", "readyz")
#: Whose pages they are, by how their address begins; everybody's else.
READERS = {
    "organise/": "organiser",
    "start/": "organiser",
    "delegation/link/": "",
    "delegation/": "focal-point",
    "me/link/": "",
    "me/": "delegate",
    "checkin/": "gate-staff",
    "accounts/login/": "",
    "accounts/password/reset/": "",
    "accounts/": "organiser",
}


@dataclass(frozen=True, slots=True)
class PageOfOurs:
    """One page: who reads it, and where it is."""

    reader: str
    path: str


class Rehearsal:
    """The demo's rehearsal, with an example of everything that has a page."""

    def __init__(self) -> None:
        load(now=timezone.now())
        now = timezone.now()
        self.conference = Conference.objects.get(slug=REHEARSAL)
        organiser = User.objects.get(email="organiser@plenary.example")
        self.delegate = Delegate.objects.get(user__email="delegate@plenary.example")
        self.delegation = Delegation.objects.get(focal_user__email="focal-point@plenary.example")
        self.session = self.conference.sessions.filter(kind=Session.Kind.SIDE_EVENT).first()
        self.sent = self.conference.campaigns.get(audience="invitation")
        self.letter_sent = self.sent.messages.first()
        self.block = Suppression.objects.create(
            conference=self.conference,
            address=self.letter_sent.to_email,
            reason=Suppression.Reason.HARD_BOUNCE,
            since=now,
            evidence="550 5.1.1 no such user",
            message=self.letter_sent,
        )
        self.mailing = Campaign.objects.create(
            conference=self.conference,
            purpose="mailing",
            audience="people",
            narrowed={"vip": ["yes"]},
            name="News",
            subject_en="News for {name}",
            body_en="Dear {name},\n\n{link}",
        )
        campaigning.write(
            campaign=self.mailing,
            fields=["name"],
            codes=["badge", "invitation-letter", "agenda"],
            now=now,
        )
        self.mailing_file = campaigning.attach(
            campaign=self.mailing, name="会场 map.pdf", content=PDF, now=now
        )
        self.saved_filter = SavedFilter.objects.create(
            conference=self.conference,
            audience="people",
            name="VIPs",
            narrowed={"vip": ["yes"]},
            created_at=now,
        )
        self.draft = Campaign.objects.create(
            conference=self.conference,
            name="A draft",
            audience="invitation",
            subject_en="Come",
            body_en="Come.\n\n{link}",
            created_by=organiser,
        )
        Campaign.objects.filter(pk=self.draft.pk).update(purpose=self.sent.purpose)
        self.batch: ImportBatch = batches.load_file(
            conference=self.conference,
            delegation=Delegation.objects.get(conference=self.conference, name_en="Washington"),
            file_name=SAMPLE.name,
            content=SAMPLE.read_bytes(),
            now=now,
            actor=organiser,
        )
        invitation = Invitation.objects.filter(
            conference=self.conference, state=Invitation.State.SENT
        ).first()
        self.invitation_token = linking.create_link(
            purpose=PersonalLink.Purpose.INVITATION, invitation=invitation, now=now
        ).token
        self.delegate_token = linking.create_link(
            purpose=PersonalLink.Purpose.DELEGATE, delegate=self.delegate, now=now
        ).token

        self.letter = self._letter_to_the_delegate(now)
        self.attachment = MessageAttachment.objects.create(
            message=self.letter, file_name="plan.txt", content_type="text/plain", content=b"plan"
        )

        TextAddress.objects.create(
            delegate=self.delegate, channel="sms", address="+14155550100", confirmed_at=now
        )
        self.text = Notice.objects.create(
            message=self.letter, channel="sms", target="+14155550100", created_at=now, due_at=now
        )

        self.wall_link, self.wall_token = wall_links.create_wall_link(
            conference=self.conference,
            name="Foyer",
            days=1,
            names_vips=True,
            actor=organiser,
            now=now,
        )

        self.conflict, self.lost_phone = make_trouble(self.conference, now)

    def _letter_to_the_delegate(self, now: datetime) -> Message:
        return mailing.record_unaddressed(
            conference=self.conference,
            letter=mailing.Letter(
                key="every-page",
                purpose="greeting",
                recipient=f"delegate:{self.delegate.pk}",
                to_email="",
                subject="Welcome",
                body_text="Good morning\n\nhttps://example.org/a/long/address/without/any/break",
            ),
            now=now,
        )

    def value(self, name: str, before: str, address: Address) -> Any:
        """Return what stands for a variable part of an address."""
        if name == "slug":
            return REHEARSAL
        if name == "part":
            return "organiser"
        if address.name == "delegates:letter_send":
            return self.draft.pk
        return ROWS[before](self)


#: For each other variable part, by the path before it: an example.
ROWS = {
    "outbox": lambda at: at.sent.messages.first().pk,
    "delegation": lambda at: at.delegation.pk,
    "delegation/people": lambda at: at.delegation.delegates.first().pk,
    "delegation/link": lambda at: at.invitation_token,
    "delegation/link/people": lambda _at: 0,
    "me/inbox": lambda at: at.letter.pk,
    "me/inbox/files": lambda at: at.attachment.pk,
    "me/link": lambda at: at.delegate_token,
    "me/sessions": lambda at: at.session.pk,
    "organise/delegations/answers": lambda _at: 0,
    "organise/delegations": lambda at: at.delegation.pk,
    "organise/delegates": lambda at: at.delegate.pk,
    "organise/desk/sentences": lambda at: at.conference.attention_texts.first().pk,
    "organise/desk": lambda at: at.delegate.pk,
    "organise/devices": lambda at: at.conference.devices.first().pk,
    "organise/devices/gates": lambda at: at.conference.gates.first().pk,
    "organise/devices/sessions": lambda at: at.session.pk,
    "organise/devices/zones": lambda at: at.conference.zones.first().pk,
    "organise/imports": lambda at: at.batch.pk,
    "organise/imports/rows": lambda at: at.batch.rows.filter(action="refused").first().number,
    "mail/unsubscribe": lambda at: unsubscribing.token_of(at.letter_sent),
    "organise/blocked": lambda at: at.block.pk,
    "organise/letters": lambda at: at.sent.pk,
    "organise/mailings/files": lambda at: at.mailing_file.pk,
    "organise/mailings/made": lambda _at: "badge",
    "organise/mailings": lambda at: at.mailing.pk,
    "organise/messages/files": lambda _at: 0,
    "organise/mailings/filters": lambda at: at.saved_filter.pk,
    "organise/messages": lambda at: at.sent.messages.first().pk,
    "organise/programme": lambda at: at.session.pk,
    "organise/programme/speakers": lambda _at: 0,
    "organise/api-tokens": lambda _at: 0,
    "organise/alerts/quarantine": lambda at: at.lost_phone.pk,
    "organise/alerts/conflicts": lambda at: at.conflict.pk,
    "organise/reminders": lambda at: at.conference.reminder_rules.first().pk,
    "organise/supervisors": lambda at: at.conference.supervisors.first().pk,
    "organise/arrivals/wall/links": lambda at: at.wall_link.pk,
    "t": lambda at: text_links.token_of(at.text),
    "texts": lambda _at: "sms",
    "wall": lambda at: at.wall_token,
    "organise/team": lambda at: at.conference.memberships.exclude(role=Role.ORGANISER).first().pk,
}


def pages_of(rehearsal: Rehearsal, visitors: dict[str, Client]) -> Iterator[PageOfOurs]:
    """Return every address that answers a reader with a page."""
    for address in every_address():
        if address.route.startswith((*NOT_OURS, "accounts/")) and address.parameters:
            continue
        if address.route.startswith(NOT_OURS) or address.route.startswith("^"):
            continue
        reader = next(
            (who for start, who in READERS.items() if address.route.startswith(start)), ""
        )
        values = {
            name: rehearsal.value(name, before, address)
            for name, before in address.parameters.items()
        }
        path = address.url(**values)
        answer = visitors[reader].get(path)
        is_page = str(answer.headers.get("Content-Type", "")).startswith("text/html")
        if answer.status_code == HTTPStatus.OK and is_page:
            yield PageOfOurs(reader, path)


class Visit:
    """One reader's walk in one language; notes what is wrong with what they see."""

    def __init__(self, browser: Browser, server: str, visitor: Client, language: str) -> None:
        self._context = browser.new_context(viewport=PHONE, locale="en-US")
        cookies = {settings.LANGUAGE_COOKIE_NAME: language}
        if settings.SESSION_COOKIE_NAME in visitor.cookies:
            cookies[settings.SESSION_COOKIE_NAME] = visitor.cookies[
                settings.SESSION_COOKIE_NAME
            ].value
        self._context.add_cookies(
            [{"name": name, "value": value, "url": server} for name, value in cookies.items()]
        )
        self._server = server
        self._language = language
        self._where = ""
        self.faults: list[str] = []
        self._witness = Witness(self._context)
        # In each document from its beginning: half a megabyte need not be handed over for each page.
        self._context.add_init_script(Axe().axe_script)
        self._page = self._context.new_page()
        self._page.on("response", self._note_response)
        self._page.on("console", self._note_console)

    def see(self, path: str, place: int) -> None:
        """Look at a page on a phone and on a desk; which comes first goes by its place."""
        self._where = f"{self._language} {path}"
        number = LANGUAGES.index(self._language)
        first = (place + number + engine()) % 2
        with_colours = IN_FULL or (place // 2 + number) % 2 == 0
        self._show(WIDTHS[first])
        self._page.goto(self._server + path)
        self._note(_too_wide(self._page))
        self._note(_inaccessible(self._page, WCAG if with_colours else WITHOUT_COLOURS))
        self._show(WIDTHS[1 - first])
        self._note(_too_wide(self._page))
        lang = self._page.evaluate("document.documentElement.lang")
        self._note([] if lang.lower() == self._language else [f"speaks {lang}"])

    def end(self) -> list[str]:
        """Return everything that was wrong."""
        self._context.close()
        return [*self.faults, *self._witness.complaints]

    def _show(self, size: ViewportSize) -> None:
        # The page before has often left it so, and each change costs a layout and a picture.
        if self._page.viewport_size != size:
            self._page.set_viewport_size(size)

    def _note(self, faults: Any) -> None:
        self.faults += [f"{self._where}: {fault}" for fault in faults]

    def _note_response(self, response: Response) -> None:
        if response.status >= HTTPStatus.BAD_REQUEST:
            self._note([f"{response.status} for {response.url}"])

    def _note_console(self, message: Any) -> None:
        if message.type == "error":
            self._note([message.text])


def _inaccessible(page: Page, options: dict[str, Any]) -> list[str]:
    # All of it in sight: what lies below a bar that stays in place counts as too small to touch.
    whole = page.evaluate("document.documentElement.scrollHeight") + 200
    page.set_viewport_size({"width": page.viewport_size["width"], "height": whole})
    return list(page.evaluate(FAULTS, options))


def _too_wide(page: Page) -> list[str]:
    wide, screen = page.evaluate(
        "[document.documentElement.scrollWidth, document.documentElement.clientWidth]"
    )
    return [f"{wide} px wide on a screen of {screen} px"] if wide > screen else []


@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_is_whole_on_every_screen(live_server, browser, settings, language):
    gateway = adapter("https://gateway.example.org")
    settings.TEXT_ADAPTERS = {"sms": gateway, "wechat": gateway}
    settings.WECHAT_ACCOUNT = "友城大会"
    rehearsal = Rehearsal()
    visitors = {"": Client()}
    for part in ("organiser", "focal-point", "delegate", "gate-staff"):
        visitors[part] = Client()
        visitors[part].force_login(
            User.objects.get(email=f"{part}@plenary.example"),
            backend="django.contrib.auth.backends.ModelBackend",
        )
    pages = list(pages_of(rehearsal, visitors))
    assert len(pages) > 60
    faults = []
    for reader, visitor in visitors.items():
        visit = Visit(browser, live_server.url, visitor, language)
        for place, page in enumerate(each for each in pages if each.reader == reader):
            visit.see(page.path, place)
        faults += visit.end()
    assert faults == []
