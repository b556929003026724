"""A new version of the scanner that comes in under a page which is at work."""

import re

import pytest
from playwright.sync_api import Page, expect

from checkin.models import Scan
from checkin.web import scanner_files
from tests.checkin.conftest import make_conference, make_delegation, make_doors, make_person
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

#: Marks what the version that serves now has kept, so that a later one's can be told from it.
MARK = """async (file) => {
  const [name] = (await caches.keys()).filter((each) => /-[0-9a-f]{16}$/.test(each));
  const kept = await caches.open(name);
  const text = await (await kept.match(file)).text();
  const headers = { "Content-Type": "text/javascript" };
  await kept.put(file, new Response(`${text}// of the first version`, { headers }));
  window.loadedBefore = true;
}"""
#: What a press of another tab does, or a browser that lets a version in long after it was asked to.
TAKE_OVER = """async () => {
  const { serviceWorker } = navigator;
  const changed = new Promise((done) => serviceWorker.addEventListener("controllerchange", done));
  const registration = await serviceWorker.getRegistration();
  registration.waiting.postMessage({ type: "take" });
  await changed;
}"""
BEGUN_ANEW = "() => window.loadedBefore === undefined"
#: A browser lets a new version in once the old one has ended what it does, and Chromium can miss that
#: moment while the page asks for something. True once nothing was asked for half a second.
QUIET = """() => {
  const asked = performance.getEntriesByType("resource").length;
  const isQuiet = window.askedBefore === asked;
  window.askedBefore = asked;
  return isQuiet;
}"""
#: Keeps the browser from letting a new version in for as long as this page lives.
NEVER_LET_IN = "() => { ServiceWorker.prototype.postMessage = () => {}; }"
#: Whether the page is of the new version; pressed again where the browser missed that moment once more.
IS_NEW = """async (file) => {
  const text = await (await fetch(file)).text();
  if (!text.endsWith("// of the first version")) return true;
  const isReady = document.getElementById("scanner").dataset.ready === "yes";
  if (isReady) document.getElementById("use-version").click();
  return false;
}"""
FILE = "/static/checkin/screens/own.js"
CACHES = (
    """async () => (await caches.keys()).filter((each) => /-[0-9a-f]{16}$/.test(each)).length"""
)


@pytest.fixture
def doors(transactional_db):
    return make_doors(make_conference())


@pytest.fixture
def mayor(doors):
    return make_person(make_delegation(doors))


@pytest.fixture
def phone(page: Page, live_server, settings, doors, mayor):
    settings.PUBLIC_BASE_URL = live_server.url
    page.set_viewport_size(PHONE)
    return on_shift(page, enrolment_address(doors))


@pytest.fixture
def new_version(phone, monkeypatch):
    """Offer the next version of the program to the phone."""
    script = scanner_files.worker_script

    def newer(**parts):
        return re.sub(r'"version": "[0-9a-f]+"', '"version": "0123456789abcdef"', script(**parts))

    phone.evaluate(MARK, FILE)
    monkeypatch.setattr(scanner_files, "worker_script", newer)
    phone.evaluate("async () => (await navigator.serviceWorker.getRegistration()).update()")
    expect(phone.locator("#version-notice")).to_be_visible()
    at_rest(phone)


def at_rest(phone):
    expect_queued(phone, 0)
    phone.wait_for_function(QUIET, polling=500)


def has_own_files(phone):
    """Whether the page gets the files of the version that it was loaded by first."""
    text = phone.evaluate("async (file) => (await fetch(file)).text()", FILE)
    return text.endswith("// of the first version")


@pytest.mark.usefixtures("new_version")
def test_a_version_that_comes_in_late_leaves_the_page_its_own_files_and_is_offered(phone, mayor):
    phone.evaluate("document.getElementById('version-notice').hidden = true")
    phone.evaluate(TAKE_OVER)

    expect(phone.locator("#version-notice")).to_be_visible()
    phone.context.set_offline(True)
    expect_line(phone, "offline")
    assert has_own_files(phone)
    assert scan(phone, code_of(mayor)) == "admit"
    assert phone.evaluate("window.loadedBefore") is True

    phone.locator("#use-version").click()
    phone.wait_for_function(BEGUN_ANEW)
    expect(phone.locator("#work")).to_be_visible()
    assert not has_own_files(phone)
    assert scan(phone, code_of(mayor)) == "already_inside"
    phone.context.set_offline(False)
    expect_queued(phone, 0)
    assert [each.shown for each in Scan.objects.order_by("seq")] == ["admit", "already_inside"]


@pytest.mark.usefixtures("new_version")
def test_the_page_is_not_left_for_a_new_version_while_a_light_is_on(phone):
    type_code(phone, "no badge")
    light(phone)
    at_rest(phone)
    phone.locator("#use-version").dispatch_event("click")
    phone.wait_for_function(
        "async () => (await navigator.serviceWorker.getRegistration()).waiting === null"
    )
    assert phone.evaluate("window.loadedBefore") is True
    expect(phone.locator("#result")).to_be_visible()

    go_on(phone)
    phone.wait_for_function(BEGUN_ANEW)
    expect(phone.locator("#work")).to_be_visible()


@pytest.mark.usefixtures("new_version")
def test_a_version_that_the_browser_does_not_let_in_comes_with_the_next_start(phone, mayor):
    phone.evaluate(NEVER_LET_IN)
    phone.locator("#use-version").click()
    phone.locator("#use-version").click()
    phone.wait_for_function(BEGUN_ANEW)
    phone.wait_for_function(IS_NEW, arg=FILE, polling=1_000)
    expect(phone.locator("#scanner")).to_have_attribute("data-ready", "yes")
    assert scan(phone, code_of(mayor)) == "admit"


@pytest.mark.usefixtures("new_version")
def test_what_no_page_was_loaded_by_is_thrown_away(phone):
    phone.locator("#use-version").click()
    phone.wait_for_function(BEGUN_ANEW)
    expect(phone.locator("#work")).to_be_visible()
    phone.locator("#phone-menu summary").click()
    phone.locator("#to-ready").click()
    phone.wait_for_function(f"async () => await ({CACHES})() === 1")


def test_a_program_that_cannot_be_kept_says_so_and_is_tried_again(
    page: Page, live_server, settings, doors, monkeypatch
):
    settings.PUBLIC_BASE_URL = live_server.url
    page.set_viewport_size(PHONE)
    script = scanner_files.worker_script

    def of_another_version(**parts):
        return re.sub(r'"sha256": "[0-9a-f]{64}"', f'"sha256": "{"0" * 64}"', script(**parts))

    with monkeypatch.context() as while_it_changes:
        while_it_changes.setattr(scanner_files, "worker_script", of_another_version)
        open_scanner(page, enrolment_address(doors))
        expect(page.locator("[data-check=page]")).to_contain_text("could not be put on this phone")
        expect(page.locator("#start")).to_be_disabled()
    page.get_by_role("button", name="Check again").click()
    start_shift(page)
