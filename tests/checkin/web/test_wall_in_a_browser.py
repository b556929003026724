"""The wall screen in a real browser: of no name anything is cut."""

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from tests.checkin.conftest import (
    enrolled_phone,
    lookup_of,
    make_conference,
    make_delegation,
    make_doors,
    make_member,
    make_person,
)

#: Delegations as long as they come, on more than one panel.
NAMES = [
    (
        f"Sister Cities Committee of the City and County of Honolulu, District {n}",
        f"火奴鲁鲁市县友好城市委员会第{n}区",
    )
    for n in range(1, 15)
]
#: Words that lie, even in part, outside of what shows them, panel by panel.
CUT = """() => {
  const cut = [];
  const look = (frame, words) => {
    const bounds = frame.getBoundingClientRect();
    const range = document.createRange();
    range.selectNodeContents(words);
    for (const box of range.getClientRects()) {
      const inside = box.top >= bounds.top - 1 && box.bottom <= bounds.bottom + 1;
      if (!inside || box.left < bounds.left - 1 || box.right > bounds.right + 1) cut.push(words.textContent);
    }
    if (words.scrollWidth > words.clientWidth + 1 && getComputedStyle(words).display !== "inline") cut.push(words.textContent);
  };
  const next = document.querySelector("[data-wall-next]");
  const panels = document.querySelectorAll("[data-panel]");
  for (const _panel of panels) {
    const shown = document.querySelector("[data-panel]:not([hidden])");
    for (const words of shown.querySelectorAll("h2, .wall-lines span, .wall-rooms span")) look(shown, words);
    next.click();
  }
  for (const words of document.querySelectorAll(".wall__latest span")) look(document.documentElement, words);
  const room = { getBoundingClientRect: () => ({ ...document.documentElement.getBoundingClientRect().toJSON(), bottom: document.querySelector(".wall__latest").getBoundingClientRect().top }) };
  for (const words of document.querySelectorAll(".wall__figures span, .wall__figures dd")) look(room, words);
  return [panels.length, cut];
}"""

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def busy(transactional_db):
    conference = make_doors(make_conference())
    phone = enrolled_phone(conference)
    for name_en, name_zh in NAMES:
        phone.scan(lookup_of(make_person(make_delegation(conference, name_en, name_zh))))
    return conference


@pytest.mark.parametrize("size", [(1920, 1080), (1280, 800)])
def test_long_names_stand_whole_on_every_panel(page, context, live_server, busy, size):
    visitor = Client()
    visitor.force_login(make_member(busy, "viewer"))
    cookie = visitor.cookies[settings.SESSION_COOKIE_NAME].value
    context.add_cookies(
        [{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}]
    )
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.goto(live_server.url + reverse("checkin:wall", args=[busy.slug]))
    page.evaluate("document.fonts.ready")
    page.locator(".takes-turns").wait_for()

    panels, cut = page.evaluate(CUT)

    assert panels >= 3
    assert cut == []
