"""Supervisors and the desk on the phone: overrides, walk-ins, substitutes, printing."""

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from checkin.models import Scan
from checkin.operations import supervising
from delegates.models import Delegate
from tests.checkin.conftest import make_conference, make_delegation, make_doors, make_person
from tests.support.printing import printed, watch_printing
from tests.support.scanner import (
    PHONE,
    code_of,
    enrolment_address,
    expect_line,
    expect_queued,
    light,
    on_shift,
    scan,
    type_code,
)

PIN = "730519"


@pytest.fixture
def doors(transactional_db):
    return make_doors(make_conference())


@pytest.fixture
def mayor(doors):
    return make_person(make_delegation(doors), title_en="Mayor of Suzhou", title_zh="苏州市市长")


@pytest.fixture
def supervisor(doors):
    return supervising.add_supervisor(
        conference=doors, name="Chen Jing", pin=PIN, now=timezone.now()
    )


@pytest.fixture
def address(live_server, settings):
    settings.PUBLIC_BASE_URL = live_server.url
    return live_server.url


@pytest.fixture
def phone(page: Page, address, doors, mayor, supervisor):
    page.set_viewport_size(PHONE)
    watch_printing(page)
    return on_shift(page, enrolment_address(doors, capabilities=["scan", "desk", "override"]))


def call_supervisor(page, pin):
    page.locator("#override-pin").fill(pin)
    page.locator("#override-go").click()


def test_a_supervisor_lets_a_repeat_in_also_without_a_line(phone, mayor, supervisor):
    phone.context.set_offline(True)
    expect_line(phone, "offline")
    assert scan(phone, code_of(mayor)) == "admit"
    type_code(phone, code_of(mayor))
    expect(light(phone)).to_have_attribute("data-code", "already_inside")
    phone.locator("#wave").click()
    call_supervisor(phone, "000000")
    expect(phone.locator("#override-fault")).to_contain_text("not the PIN")
    call_supervisor(phone, PIN)
    expect(light(phone)).to_have_attribute("data-code", "override_admit")
    expect(light(phone)).to_have_attribute("data-light", "green")
    expect(light(phone)).to_contain_text("Wei Zhang")
    phone.context.set_offline(False)
    expect_queued(phone, 0)
    told = list(Scan.objects.order_by("seq").values_list("shown", flat=True))
    assert told == ["admit", "already_inside", "override_admit"]
    override = Scan.objects.order_by("seq").last().override
    assert (override["by"], override["codes"]) == (supervisor.pk, ["already_inside"])


def test_a_supervisor_sees_whom_and_chooses_why_where_the_usual_reason_does_not_fit(
    phone, doors, mayor
):
    doors.zones.get(name_en="Venue").open_to.clear()
    type_code(phone, code_of(mayor))
    expect(light(phone)).to_have_attribute("data-code", "wrong_zone")
    phone.locator("#wave").click()
    expect(phone.locator("#override")).to_contain_text("Wei Zhang")
    call_supervisor(phone, PIN)
    expect(phone.locator("#override-fault")).to_contain_text("choose a reason")
    phone.locator("#override-reason").select_option("known_person")
    phone.locator("#override-go").click()
    expect(light(phone)).to_have_attribute("data-code", "override_admit")
    expect_queued(phone, 0)
    assert Scan.objects.order_by("seq").last().override["reason"] == "known_person"


def test_wrong_pins_make_the_phone_wait(phone, mayor):
    scan(phone, code_of(mayor))
    type_code(phone, code_of(mayor))
    light(phone)
    phone.locator("#wave").click()
    for _ in range(3):
        call_supervisor(phone, "000000")
        expect(phone.locator("#override-fault")).to_contain_text("not the PIN")
        expect(phone.locator("#override-go")).to_be_enabled()
    call_supervisor(phone, PIN)
    expect(phone.locator("#override-fault")).to_contain_text("Too many wrong PINs")


def test_what_cannot_be_overridden_is_not_offered(phone, mayor):
    type_code(phone, "no badge")
    light(phone)
    expect(phone.locator("#wave")).to_be_hidden()


def test_a_walk_in_is_entered_printed_and_let_in(phone):
    phone.get_by_text("Enter a walk-in").click()
    phone.locator("#walk-in-name").fill("Maria Silva")
    phone.locator("#walk-in-native").fill("席尔瓦")
    phone.locator("#walk-in-go").click()
    entered = phone.locator("#entered")
    expect(entered).to_contain_text("Maria Silva")
    entered.get_by_role("button", name="Print badge").click()
    assert printed(phone).pages == [(105, 148)]
    expect(phone.locator("#status")).to_contain_text("given to the printer")
    entered.get_by_role("button", name="Scan in now").click()
    expect(light(phone)).to_have_attribute("data-light", "green")
    expect(light(phone)).to_contain_text("Maria Silva")
    assert Scan.objects.get().via == "desk"


def test_a_substitute_takes_the_place_and_the_former_badge_is_void(phone, mayor):
    former = code_of(mayor)
    phone.locator("#q").fill("zhang")
    phone.locator("#q").press("Enter")
    phone.get_by_role("button", name="Somebody else comes").click()
    phone.locator("#substitute-name").fill("Hong Li")
    phone.locator("#substitute-form .btn-primary").click()
    expect(phone.locator("#entered")).to_contain_text("Hong Li")
    assert Delegate.objects.count() == 2
    assert scan(phone, former) == "revoked"
