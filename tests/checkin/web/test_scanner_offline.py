"""The scanner without a line: a whole shift, a killed tab, a restart, two tabs, a full disk."""

import time

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from checkin.models import Device, HeldScan, Scan
from checkin.operations import enrolling_devices
from tests.checkin.conftest import make_conference, make_delegation, make_doors, make_person
from tests.support.patience import quickest, wait_until
from tests.support.scanner import (
    PHONE,
    code_of,
    enrolment_address,
    expect_line,
    expect_queued,
    go_on,
    light,
    on_shift,
    open_scanner,
    scan,
    start_shift,
    type_code,
)

DUMP = """async () => {
  const told = [JSON.stringify({...localStorage}), JSON.stringify({...sessionStorage})];
  for (const { name } of await indexedDB.databases()) {
    const db = await new Promise((done) => {
      const opening = indexedDB.open(name);
      opening.onsuccess = () => done(opening.result);
    });
    for (const store of db.objectStoreNames) {
      const rows = await new Promise((done) => {
        const asked = db.transaction(store).objectStore(store).getAll();
        asked.onsuccess = () => done(asked.result);
      });
      told.push(JSON.stringify(rows));
    }
    db.close();
  }
  for (const name of await caches.keys()) {
    const cache = await caches.open(name);
    for (const request of await cache.keys()) {
      const answer = await cache.match(request);
      if (/json|html|text/.test(answer.headers.get("Content-Type") ?? "")) told.push(await answer.text());
    }
  }
  return told.join("\\n");
}"""
#: How long the page lets each request take, in ms: noted, and as the product has it.
NOTE_WAITS = """() => {
  const waits = [];
  AbortSignal.timeout = (ms) => { waits.push(ms); return window.inHurry.call(AbortSignal, ms); };
  return waits;
}"""
#: Holds back what the server answers to uploads and signs of life until `letGo` is called.
HOLD_ANSWERS = """() => {
  const ask = window.fetch;
  const gone = new Promise((go) => { window.letGo = go; });
  window.fetch = async (address, request) => {
    const answer = await ask(address, request);
    if (String(address).endsWith("/scans/")) await gone;
    return answer;
  };
}"""
FILL_THE_DISK = """() => {
  const full = () => { throw new DOMException("no room", "QuotaExceededError"); };
  IDBObjectStore.prototype.put = full;
  IDBObjectStore.prototype.add = full;
}"""


@pytest.fixture
def doors(transactional_db):
    return make_doors(make_conference())


@pytest.fixture
def suzhou(doors):
    return make_delegation(doors)


@pytest.fixture
def mayor(suzhou):
    return make_person(suzhou, title_en="Mayor of Suzhou", title_zh="苏州市市长", vip=True)


@pytest.fixture
def guest(suzhou):
    return make_person(suzhou, given_name="Xiuying", family_name="Ouyang", native_name="欧阳秀英")


@pytest.fixture
def address(live_server, settings):
    settings.PUBLIC_BASE_URL = live_server.url
    return live_server.url


@pytest.fixture
def phone(page: Page, address, mayor, guest, doors):
    page.set_viewport_size(PHONE)
    return on_shift(page, enrolment_address(doors))


def go_offline(page):
    page.context.set_offline(True)
    expect_line(page, "offline")


def go_online(page):
    page.context.set_offline(False)
    expect_line(page, "online")


def scans():
    return list(Scan.objects.order_by("seq").values_list("seq", "decided", "shown", "offline"))


def test_a_whole_shift_without_a_line_loses_nothing(phone, mayor, guest):
    go_offline(phone)
    type_code(phone, code_of(mayor))
    shown = light(phone)
    for words in ("Welcome", "Wei Zhang", "张伟", "Mayor of Suzhou", "苏州市市长", "Suzhou", "VIP"):
        expect(shown).to_contain_text(words)
    expect(shown).to_have_attribute("data-light", "green")
    go_on(phone)
    assert scan(phone, code_of(mayor)) == "already_inside"
    phone.get_by_role("button", name="Exit").click()
    assert scan(phone, code_of(mayor)) == "exit_ok"
    phone.get_by_role("button", name="Entry").click()
    assert scan(phone, code_of(mayor)) == "admit"
    assert scan(phone, code_of(guest)) == "admit"
    assert scan(phone, "https://example.org/") == "unknown"
    expect_queued(phone, 6)
    assert scans() == []

    go_online(phone)
    expect_queued(phone, 0)
    assert scans() == [
        (1, None, "admit", True),
        (2, None, "already_inside", True),
        (3, None, "exit_ok", True),
        (4, None, "admit", True),
        (5, None, "admit", True),
        (6, None, "unknown", True),
    ]


def test_it_starts_again_without_a_line_and_remembers_who_is_inside(phone, mayor, guest):
    assert scan(phone, code_of(mayor)) == "admit"
    go_offline(phone)
    assert scan(phone, code_of(guest)) == "admit"

    def start_again():
        phone.reload()
        expect(phone.get_by_label("Badge code")).to_be_visible()

    assert quickest(start_again) < 3
    assert scan(phone, code_of(guest)) == "already_inside"
    assert scan(phone, code_of(mayor)) == "already_inside"
    go_online(phone)
    expect_queued(phone, 0)
    assert [shown or decided for _, decided, shown, _ in scans()] == [
        "admit",
        "admit",
        "already_inside",
        "already_inside",
    ]


def test_a_server_that_is_too_slow_is_not_waited_for(phone, mayor):
    waits = phone.evaluate_handle(NOTE_WAITS)
    phone.route("**/checkin/scan/", lambda _route: None)  # it never answers
    type_code(phone, code_of(mayor))
    expect(light(phone)).to_have_attribute("data-offline", "yes")
    assert min(waits.json_value()) <= 2_000
    expect(light(phone)).to_have_attribute("data-code", "admit")
    expect_queued(phone, 0)
    assert scans() == [(1, None, "admit", True)]


def test_a_tab_killed_before_the_light_came_on_takes_up_the_same_scan(phone, mayor):
    held = []
    # However slow this machine is, the phone must not decide by itself meanwhile: that would be seen.
    phone.evaluate("AbortSignal.timeout = () => new AbortController().signal")
    phone.route("**/checkin/scan/", lambda route: (held.append(route), route.fetch()))
    type_code(phone, code_of(mayor))
    wait_until(lambda: phone.wait_for_timeout(50) or Scan.objects.exists())
    # First away: a question that is no longer held up may be answered, and the light be seen.
    phone.goto("about:blank")
    phone.unroute_all(behavior="ignoreErrors")
    assert scans() == [(1, "admit", None, False)]

    phone.go_back()
    expect(phone.locator("#work")).to_be_visible()
    assert scan(phone, code_of(mayor)) == "admit"  # nobody had seen it: not "already inside"
    assert scan(phone, code_of(mayor)) == "already_inside"
    assert [seq for seq, *_ in scans()] == [1, 2]


def test_a_full_disk_is_never_green(phone, mayor):
    go_offline(phone)
    phone.evaluate(FILL_THE_DISK)
    type_code(phone, code_of(mayor))
    expect(light(phone)).to_have_attribute("data-light", "red")
    expect(light(phone)).to_contain_text("Not recorded")
    expect(light(phone)).to_contain_text("storage of this phone is full")


def test_of_two_tabs_one_scans_and_the_other_may_take_over(phone, mayor, guest):
    assert scan(phone, code_of(mayor)) == "admit"
    second = phone.context.new_page()
    open_scanner(second, phone.url)
    expect(second.locator("#standby")).to_contain_text("open in another tab")
    second.locator("#take-over").click()
    expect(second.locator("#work")).to_be_visible()
    expect(phone.locator("#standby")).to_be_visible()
    assert scan(second, code_of(guest)) == "admit"
    second.close()
    expect(phone.locator("#work")).to_be_visible()
    assert scan(phone, code_of(guest)) == "already_inside"
    assert [seq for seq, *_ in scans()] == [1, 2, 3]


def test_a_revoked_phone_is_wiped_and_its_scans_go_to_quarantine(phone, mayor):
    go_offline(phone)
    assert scan(phone, code_of(mayor)) == "admit"
    enrolling_devices.revoke(device=Device.objects.get(), now=timezone.now())
    phone.context.set_offline(False)
    expect(phone.locator("#trouble")).to_contain_text("taken off the gates")
    expect(phone.locator("#line")).to_have_attribute("data-cards", "")
    expect_queued(phone, 0)
    assert Scan.objects.count() == 0
    assert HeldScan.objects.count() == 1


def test_no_name_is_anywhere_in_the_storage(phone, mayor, guest):
    scan(phone, code_of(mayor))
    go_offline(phone)
    scan(phone, code_of(guest))
    dump = phone.evaluate(DUMP)
    assert mayor.badges.get().lookup in dump  # the dump does see the storage
    for person in (mayor, guest):
        for planted in (person.display_name, person.native_name):
            assert planted not in dump
        assert code_of(person) not in dump
        assert code_of(person)[12:36] not in dump
    for planted in ("Ouyang", "Xiuying", "Mayor of Suzhou", "苏州市市长"):
        assert planted not in dump


def test_a_silent_server_locks_the_phone_when_the_lease_is_over(phone, mayor, guest):
    assert guest.badges.get().lookup in phone.evaluate(DUMP)
    go_offline(phone)
    assert scan(phone, code_of(mayor)) == "admit"
    phone.clock.install(time=time.time() + 13 * 3600)
    phone.reload()
    expect(phone.locator("#locked")).to_contain_text("without a connection for too long")
    expect(phone.locator("#locked")).to_contain_text("to be sent: 1")
    expect(phone.locator("#line")).to_have_attribute("data-cards", "")
    assert guest.badges.get().lookup not in phone.evaluate(DUMP)


def test_an_own_scan_is_taken_back(phone, mayor):
    assert scan(phone, code_of(mayor)) == "admit"
    phone.locator("#phone-menu summary").click()
    phone.get_by_role("button", name="My scans").click()
    expect(phone.locator("#own-list")).to_contain_text("Wei Zhang")
    phone.get_by_role("button", name="Take back").click()
    expect(phone.locator("#own-list li")).to_have_count(2)
    phone.get_by_role("button", name="Back to the door").click()
    expect_queued(phone, 0)
    assert scan(phone, code_of(mayor)) == "admit"


def test_a_browser_that_asks_before_it_keeps_data_need_not_be_answered(page, address, doors):
    page.add_init_script("navigator.storage.persist = () => new Promise(() => {})")
    open_scanner(page, enrolment_address(doors))
    expect(page.locator("[data-check=persisted]")).to_have_attribute("data-state", "warn")
    page.get_by_role("button", name="Check again").click()
    expect(page.locator("[data-check=clock]")).to_have_attribute("data-state", "good")
    start_shift(page)


def test_a_phone_that_could_not_work_offline_starts_no_shift(
    page: Page, live_server, doors, mayor, settings
):
    settings.PUBLIC_BASE_URL = live_server.url
    page.route("**/checkin/snapshot/**", lambda route: route.abort())
    open_scanner(page, enrolment_address(doors))
    expect(page.locator("[data-check=cards]")).to_have_attribute("data-state", "bad")
    expect(page.locator("#ready-answer")).to_contain_text("Not yet")
    expect(page.locator("#start")).to_be_disabled()
    page.unroute_all()
    page.get_by_role("button", name="Check again").click()
    start_shift(page)


def test_whoever_goes_ends_the_shift_and_the_server_hears_of_it(phone, mayor):
    def said():
        return Device.objects.values_list("on_shift", "queued").get()

    wait_until(lambda: said()[0] is True)
    phone.context.set_offline(True)
    expect_line(phone, "offline")
    assert scan(phone, code_of(mayor)) == "admit"
    phone.context.set_offline(False)
    expect_queued(phone, 0)
    phone.locator("#phone-menu summary").click()
    phone.get_by_role("button", name="End the shift").click()
    expect(phone.locator("#ready")).to_be_visible()
    wait_until(lambda: said() == (False, 0))
    start_shift(phone)
    wait_until(lambda: said()[0] is True)


def test_a_shift_that_begins_while_the_end_of_the_last_is_being_told_is_told_too(phone):
    def is_on_shift():
        return Device.objects.values_list("on_shift", flat=True).get()

    wait_until(is_on_shift)
    phone.evaluate(HOLD_ANSWERS)
    phone.locator("#phone-menu summary").click()
    phone.get_by_role("button", name="End the shift").click()
    wait_until(lambda: not is_on_shift())
    start_shift(phone)
    phone.evaluate("window.letGo()")
    wait_until(is_on_shift)
