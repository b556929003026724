"""The scanner in a real Firefox: from the one-time address to the last upload."""

import json

import pytest
import segno

from checkin.models import Device, Scan
from tests.checkin.conftest import make_conference, make_delegation, make_doors, make_person
from tests.firefox.bidi import PRINTED
from tests.firefox.hand import (
    enter,
    get_ready,
    is_up,
    queued,
    read_by_hand_scanner,
    scan,
    start_shift,
    verdict,
)
from tests.support.patience import wait_until
from tests.support.scanner import code_of, enrolment_address

#: More requests than a phone without a line makes in a test.
ALL = ["cut"] * 1_000
#: Firefox has a camera for tests, but it shows no badge: a canvas stands before it.
HOLD_UP = """
const rows = %s;
const canvas = document.createElement("canvas");
canvas.width = canvas.height = 600;
const side = Math.floor(560 / rows.length);
const pen = canvas.getContext("2d");
setInterval(() => {
  pen.fillStyle = "#fff";
  pen.fillRect(0, 0, 600, 600);
  pen.fillStyle = "#000";
  rows.forEach((row, y) => row.forEach((dark, x) => dark && pen.fillRect(20 + x * side, 20 + y * side, side, side)));
}, 50);
if (navigator.mediaDevices) navigator.mediaDevices.getUserMedia = async () => canvas.captureStream(20);
"""
#: Notes whether each attempt to wake the sound came within a touch: outside of one it stays asleep.
NOTE_WAKING = """
window.woken = [];
window.AudioContext = class extends AudioContext {
  resume() {
    window.woken.push(navigator.userActivation.isActive);
    return super.resume();
  }
};
"""


@pytest.fixture
def doors(transactional_db):
    return make_doors(make_conference())


@pytest.fixture
def suzhou(doors):
    return make_delegation(doors)


@pytest.fixture
def mayor(suzhou):
    return make_person(suzhou)


@pytest.fixture
def guest(suzhou):
    return make_person(suzhou, given_name="Xiuying", family_name="Ouyang", native_name="欧阳秀英")


def test_a_shift_goes_on_without_a_line_and_after_a_crash_and_loses_nothing(
    start, line, doors, mayor, guest
):
    phone = start()
    start_shift(phone, enrolment_address(doors))
    assert Device.objects.get().enrolled_at is not None
    assert scan(phone, code_of(mayor)) == ("admit", "Wei Zhang")

    line.faults.extend(ALL)
    assert scan(phone, code_of(mayor)) == ("already_inside", "Wei Zhang")
    assert scan(phone, code_of(guest)) == ("admit", "Xiuying Ouyang")
    queued(phone, 2)
    phone.kill()

    phone = start()
    phone.open(f"{line.url}/checkin/")
    is_up(phone, "work")
    queued(phone, 2)
    assert scan(phone, code_of(guest)) == ("already_inside", "Xiuying Ouyang")
    assert Scan.objects.count() == 1

    line.faults.clear()
    phone.look("dispatchEvent(new Event('online'))")
    queued(phone, 0)
    told = Scan.objects.order_by("seq").values_list("seq", "decided", "shown", "offline")
    assert list(told) == [
        (1, "admit", None, False),
        (2, None, "already_inside", True),
        (3, None, "admit", True),
        (4, None, "already_inside", True),
    ]


def test_nobody_need_answer_whether_firefox_may_keep_the_data(start, line, doors, mayor):
    phone = start()
    phone.open(enrolment_address(doors))
    is_up(phone, "ready")
    phone.wait_for("document.querySelector('[data-check=page][data-state=good]') !== null")
    phone.reload()
    phone.wait_for("document.querySelector('[data-check=clock][data-state=good]') !== null")
    state = "document.querySelector('[data-check=persisted]').dataset.state"
    assert phone.look(state) == "warn"
    assert phone.look("navigator.storage.persisted()") is False
    assert phone.look("document.getElementById('start').disabled") is False


def test_the_vendored_decoder_reads_the_badge_in_the_picture(start, line, doors, mayor):
    rows = [list(row) for row in segno.make(code_of(mayor), error="m").matrix_iter(border=4)]
    phone = start()
    phone.before_pages(HOLD_UP % json.dumps(rows))
    start_shift(phone, enrolment_address(doors))
    assert phone.look("'BarcodeDetector' in window") is False
    get_ready(phone)
    phone.tap("#scan")
    assert verdict(phone) == ("admit", "Wei Zhang")


def test_a_hand_scanner_and_the_desk_find_the_person(start, line, doors, mayor, guest):
    phone = start()
    start_shift(phone, enrolment_address(doors))
    phone.look("document.querySelector('[data-direction=out]').focus()")
    assert read_by_hand_scanner(phone, code_of(mayor)) == ("admit", "Wei Zhang")
    for name in ("ouyang", "欧"):
        enter(phone, "#q", name)
        phone.wait_for("document.querySelectorAll('#found li').length === 1")
    get_ready(phone)
    phone.tap("#found .btn")
    assert verdict(phone) == ("admit", "Xiuying Ouyang")
    wait_until(lambda: Scan.objects.count() == 2)
    told = Scan.objects.order_by("seq").values_list("via", "direction")
    assert list(told) == [("qr", "in"), ("desk", "in")]


def test_the_desk_prints_a_badge_in_one_press(start, line, doors, mayor):
    phone = start()
    start_shift(phone, enrolment_address(doors))
    enter(phone, "#q", "zhang")
    phone.tap("#found .desk-actions .btn")
    sheet = phone.profile / PRINTED
    wait_until(lambda: sheet.exists() and b"%%EOF" in sheet.read_bytes()[-1_000:])
    assert sheet.stat().st_size > 10_000  # an empty page has a tenth of it


def test_a_shift_taken_up_again_wakes_its_sound_at_the_first_touch(start, line, doors):
    phone = start()
    phone.before_pages(NOTE_WAKING)
    start_shift(phone, enrolment_address(doors))
    phone.reload()
    is_up(phone, "work")
    phone.tap("#code")
    phone.wait_for("woken.includes(true)")
