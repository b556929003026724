"""The scanner, in a real browser against a real server."""

import json
import re
from io import BytesIO
from urllib.request import Request, urlopen

import pytest
import segno
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from checkin.models import Device, Gate, Scan
from checkin.operations import enrolling_devices
from tests.checkin.conftest import (
    enrolled_phone,
    lookup_of,
    make_conference,
    make_delegation,
    make_doors,
    make_member,
    make_person,
)
from tests.support import chromium
from tests.support.chromium import accessibility_faults
from tests.support.patience import quickest, wait_until
from tests.support.scanner import (
    PHONE,
    code_of,
    enrolment_address,
    go_on,
    light,
    on_shift,
    scan,
    start_shift,
    type_code,
)


@pytest.fixture
def doors(transactional_db):
    return make_doors(make_conference())


@pytest.fixture
def mayor(doors):
    return make_person(
        make_delegation(doors), title_en="Mayor of Suzhou", title_zh="苏州市市长", vip=True
    )


@pytest.fixture
def scanner(page: Page, live_server, doors, mayor, settings):
    settings.PUBLIC_BASE_URL = live_server.url
    page.set_viewport_size(PHONE)
    on_shift(page, enrolment_address(doors))
    # What is done to the phone from here on comes after its first words, not among them.
    wait_until(lambda: Device.objects.get().on_shift)
    return page


def test_the_one_time_link_sets_the_phone_up_and_leaves_no_trace_in_the_address(scanner):
    expect(scanner.locator("#gate-name")).to_have_text("North door")
    assert "#" not in scanner.url
    assert Device.objects.get().enrolled_at is not None
    scanner.reload()
    expect(scanner.locator("#gate-name")).to_have_text("North door")
    expect(scanner.get_by_label("Badge code")).to_be_visible()


def test_a_typed_code_shows_green_with_the_person_and_then_amber_with_when_and_where(
    scanner, mayor
):
    type_code(scanner, code_of(mayor))

    shown = light(scanner)
    expect(shown).to_have_attribute("data-light", "green")
    for words in ("Welcome", "Wei Zhang", "张伟", "Mayor of Suzhou", "Suzhou", "Delegate", "VIP"):
        expect(shown).to_contain_text(words)
    expect(shown).to_be_hidden()
    assert Scan.objects.get().decided == "admit"

    type_code(scanner, code_of(mayor))
    expect(shown).to_have_attribute("data-light", "amber")
    expect(shown).to_contain_text("Already inside")
    expect(shown.locator("#result-reason")).to_have_text(
        re.compile(r"Came in at \d\d:\d\d, North door\.")
    )
    shown.get_by_role("button", name="Next").click()
    expect(shown).to_be_hidden()


def test_a_verdict_comes_in_under_a_second(scanner, mayor):
    scan(scanner, code_of(mayor))

    def hold_up():
        type_code(scanner, code_of(mayor))
        light(scanner)

    assert quickest(hold_up, then=lambda: go_on(scanner)) < 1


def test_what_is_no_badge_is_red_and_told_to_the_server(scanner):
    type_code(scanner, "https://example.org/")
    shown = light(scanner)
    expect(shown).to_have_attribute("data-light", "red")
    expect(shown).to_contain_text("Not a valid badge")
    wait_until(Scan.objects.exists)
    assert (Scan.objects.get().shown, Scan.objects.get().lookup) == ("unknown", None)


def test_a_badge_of_another_conference_is_red(scanner, doors):
    other = make_doors(make_conference("other"))
    stranger = make_person(make_delegation(other, "Portland", "波特兰市"))
    type_code(scanner, code_of(stranger))
    expect(light(scanner)).to_contain_text("Badge of another conference")


@pytest.mark.parametrize("q", ["zhang", "张"])
def test_a_person_is_found_by_name_and_let_in(scanner, mayor, q):
    scanner.get_by_label("Name, in either script").fill(q)
    scanner.keyboard.press("Enter")
    found = scanner.locator("#found li")
    expect(found).to_have_count(1)
    expect(found).to_contain_text("张伟")
    found.locator("button:has(.scanner__found-name)").click()
    expect(light(scanner)).to_have_attribute("data-light", "green")
    expect(light(scanner)).to_contain_text("Wei Zhang")
    assert Scan.objects.get().via == "desk"


def test_a_hardware_scanner_types_wherever_the_focus_is(scanner, mayor):
    scanner.locator("h1").evaluate("heading => document.activeElement.blur()")
    scanner.keyboard.type(code_of(mayor))
    scanner.keyboard.press("Enter")
    expect(light(scanner)).to_have_attribute("data-light", "green")


def test_a_hardware_scanner_may_pause_and_what_was_pressed_before_is_no_part_of_it(scanner, mayor):
    scanner.locator("h1").evaluate("heading => document.activeElement.blur()")
    scanner.keyboard.type("C1" + code_of(mayor), delay=5)
    scanner.wait_for_timeout(200)
    scanner.keyboard.press("Enter")
    expect(light(scanner)).to_have_attribute("data-light", "green")


def test_what_a_hardware_scanner_types_does_nothing_else(scanner, mayor):
    scanner.evaluate(
        """() => { window.went = []; addEventListener("keydown", ({ key }) => window.went.push(key)); }"""
    )
    scanner.get_by_role("button", name="Exit").focus()
    # By itself a blank presses a button, and Firefox searches the page for what follows a "/".
    scanner.keyboard.type("C1: A/B")
    scanner.keyboard.press("Enter")
    expect(light(scanner)).to_have_attribute("data-code", "unknown")
    expect(scanner.get_by_role("button", name="Exit")).to_have_attribute("aria-pressed", "false")
    assert [key for key in scanner.evaluate("went") if key != "Shift"] == ["C", "1"]


def test_an_exit_is_a_goodbye(scanner, mayor):
    scanner.get_by_role("button", name="Exit").click()
    type_code(scanner, code_of(mayor))
    expect(light(scanner)).to_contain_text("Goodbye")
    assert Scan.objects.get().direction == "out"


def test_a_suspended_phone_is_locked_and_goes_on_by_itself(scanner, mayor):
    device = Device.objects.get()
    enrolling_devices.suspend(device=device, now=timezone.now())
    type_code(scanner, code_of(mayor))
    expect(scanner.locator("#locked")).to_contain_text("This phone is suspended")
    assert not Scan.objects.exists()
    scanner.reload()
    expect(scanner.locator("#locked")).to_contain_text("This phone is suspended")

    enrolling_devices.resume(device=device, now=timezone.now())
    scanner.get_by_role("button", name="Try again").click()
    expect(scanner.get_by_label("Badge code")).to_be_visible()


def test_a_revoked_phone_forgets(scanner, mayor):
    enrolling_devices.revoke(device=Device.objects.get(), now=timezone.now())
    type_code(scanner, code_of(mayor))
    expect(scanner.locator("#trouble")).to_contain_text("taken off the gates")
    expect(scanner.get_by_label("Set-up code or link")).to_be_visible()
    expect(scanner.locator("#line")).to_have_attribute("data-cards", "")


def test_a_used_code_says_what_to_do(page: Page, live_server, doors):
    page.goto(f"{live_server.url}/checkin/#e={'x' * 22}")
    expect(page.locator("#trouble")).to_contain_text("Ask for a new one")
    page.get_by_label("Set-up code or link").fill("hello")
    page.get_by_role("button", name="Set up", exact=True).click()
    expect(page.locator("#enrol-fault")).to_contain_text("not a set-up code")


def test_gate_staff_choose_a_gate_in_one_press(page: Page, live_server, doors, client):
    client.force_login(make_member(doors, "desk"))
    cookie = client.cookies["sessionid"]
    page.context.add_cookies([{"name": "sessionid", "value": cookie.value, "url": live_server.url}])
    page.set_viewport_size(PHONE)
    page.goto(live_server.url + reverse("checkin:scanner"))
    page.get_by_role("button", name="South door").click()
    expect(page.locator("#gate-name")).to_have_text("South door")
    start_shift(page)
    expect(page.get_by_label("Badge code")).to_be_visible()
    device = Device.objects.get()
    assert (device.name, device.capabilities) == ("Olga Desk 1", ["scan", "desk"])


def test_who_does_not_work_there_gets_no_gate(client, doors):
    client.force_login(make_member(doors, "viewer"))
    gate = Gate.objects.filter(conference=doors).first()
    client.post(reverse("checkin:work_here"), {"gate": gate.pk})
    told = client.get(reverse("checkin:gates")).json()
    assert told["messages"] == ["You do not work at that gate. Ask the organiser."]
    assert told["conferences"] == []
    assert not Device.objects.exists()


def test_the_scanner_is_accessible_in_every_light(scanner, mayor):
    assert accessibility_faults(scanner) == []
    for _ in range(2):
        type_code(scanner, code_of(mayor))
        light(scanner)
        assert accessibility_faults(scanner) == []
        go_on(scanner)
    type_code(scanner, "no badge")
    light(scanner)
    assert accessibility_faults(scanner) == []


def test_it_speaks_chinese(scanner, mayor):
    scanner.get_by_role("button", name="中文").click()
    expect(scanner.locator("#gate-name")).to_have_text("北门")
    scanner.locator("#code").fill(code_of(mayor))
    scanner.keyboard.press("Enter")
    expect(light(scanner)).to_contain_text("代表")


def test_an_arrival_shows_on_the_board_within_three_seconds(
    page: Page, live_server, doors, mayor, client
):
    client.force_login(make_member(doors, "viewer"))
    page.context.add_cookies(
        [{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}]
    )
    page.goto(live_server.url + reverse("checkin:arrivals", args=[doors.slug]))
    expect(page.locator("#arrivals-live")).to_contain_text("Nobody has been scanned in yet")
    phone = enrolled_phone(doors)
    request = Request(
        live_server.url + "/api/v1/checkin/scan/",
        data=json.dumps({"scan": phone.record(lookup_of(mayor))}).encode(),
        headers=phone.headers(**{"Content-Type": "application/json"}),
    )
    urlopen(request).close()
    expect(page.locator("#arrivals-live")).to_contain_text("Wei Zhang")
    expect(page.locator("#arrivals-live")).to_contain_text("North door")


# --- The camera ----------------------------------------------------------------------------------


def film_of(text, path, *, side=480):
    """Write a film in which a QR code is held before the camera: raw frames, as Chromium takes."""
    code = segno.make(text, error="m", micro=False)
    scale = side // (code.symbol_size(border=4)[0])
    rows = [[cell for cell in row for _ in range(scale)] for row in code.matrix_iter(border=4)]
    pixels = [row for row in rows for _ in range(scale)]
    width, height = 640, 480
    left, top = (width - len(pixels[0])) // 2, (height - len(pixels)) // 2
    luma = bytearray(b"\xeb" * (width * height))
    for y, row in enumerate(pixels):
        for x, dark in enumerate(row):
            if dark:
                luma[(top + y) * width + left + x] = 16
    frame = b"FRAME\n" + bytes(luma) + b"\x80" * (width * height // 2)
    film = BytesIO()
    film.write(f"YUV4MPEG2 W{width} H{height} F10:1 Ip A1:1 C420jpeg\n".encode())
    for _ in range(3):
        film.write(frame)
    path.write_bytes(film.getvalue())
    return path


@pytest.fixture
def filmed(playwright, browser_type_launch_args, mayor, tmp_path):
    """A phone before whose camera the mayor's badge is held."""
    film = film_of(code_of(mayor), tmp_path / "badge.y4m")
    camera = [
        "--use-fake-device-for-media-stream",
        "--use-fake-ui-for-media-stream",
        f"--use-file-for-fake-video-capture={film}",
    ]
    options = browser_type_launch_args | {"args": browser_type_launch_args["args"] + camera}
    browser = playwright.chromium.launch(**options)
    context = browser.new_context(viewport=PHONE, permissions=["camera"])
    witness = chromium.Witness(context)
    yield context.new_page()
    assert witness.complaints == []
    browser.close()


def test_the_camera_reads_a_badge(filmed, live_server, doors, settings):
    settings.PUBLIC_BASE_URL = live_server.url
    on_shift(filmed, enrolment_address(doors, name="Camera", capabilities=["scan"]))
    filmed.get_by_role("button", name="Start the camera").click()
    expect(filmed.locator("#result")).to_have_attribute("data-light", "green")
    expect(filmed.locator("#result")).to_contain_text("Wei Zhang")
    expect(filmed.locator("#result")).to_be_hidden()
    filmed.wait_for_timeout(1_500)
    expect(filmed.locator("#result")).to_be_hidden()  # still held up: that is no second scan
    assert Scan.objects.count() == 1


#: Counts the screens that are kept on: the browser's own locks, as they are asked for from now on.
COUNT_LOCKS = """() => {
  const ask = navigator.wakeLock.request.bind(navigator.wakeLock);
  window.locks = [];
  navigator.wakeLock.request = async (kind) => {
    const lock = await ask(kind);
    window.locks.push(lock);
    return lock;
  };
}"""


def test_the_screen_stays_on_for_a_shift_and_no_longer(scanner):
    _end_shift(scanner)
    scanner.evaluate(COUNT_LOCKS)
    start_shift(scanner)
    scanner.wait_for_function("locks.filter((lock) => !lock.released).length === 1")
    _end_shift(scanner)
    scanner.wait_for_function("locks.every((lock) => lock.released)")
    assert scanner.evaluate("locks.length") == 1


def _end_shift(scanner: Page) -> None:
    scanner.locator("#phone-menu summary").click()
    scanner.get_by_role("button", name="End the shift").click()
    expect(scanner.locator("#start")).to_be_visible()
