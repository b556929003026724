"""The people's screens in a real browser: in both languages, on a desk and on a phone."""

from datetime import UTC, datetime

import pytest
from django.urls import reverse

from conference.models import Conference, Membership, User
from delegates.operations import accrediting, nominating
from delegates.operations.importing import batches
from tests.delegates.conftest import make_conference, make_delegation
from tests.delegates.files import messy
from tests.support import turns
from tests.support.chromium import accessibility_faults

NOW = datetime(2023, 10, 1, 8, 0, tzinfo=UTC)
SIZES = ({"width": 1280, "height": 800}, {"width": 390, "height": 844})


@pytest.fixture
def screens(transactional_db):
    """Every screen about people, with one person in each state that matters."""
    conference = make_conference("screens")
    delegation = make_delegation(conference, "California", "加利福尼亚州", "US", "US-CA")
    people = [
        nominating.add_member(
            delegation=delegation,
            fields={
                "given_name": "Maximiliano-Alexander",
                "family_name": name,
                "native_name": "费瑟斯通豪",
                "title_en": "Deputy Director General of the Foreign Affairs Office",
                "email": "a.very.long.address.of.a.delegation@example.org",
            },
            now=NOW,
        )
        for name in ("Featherstonehaugh", "O’Neil-Peña")
    ]
    for person in people:
        nominating.submit_member(delegate=person, now=NOW)
    accrediting.approve(delegate=people[0], now=NOW)
    batch = batches.load_file(
        conference=conference,
        delegation=delegation,
        file_name="a-long-name-of-a-list-from-a-delegation-2023-final-final.csv",
        content=messy.names(),
        now=NOW,
    )
    refused = batch.rows.filter(action="refused").first()
    return [
        reverse(f"delegates:{name}", args=[conference.slug, *args])
        for name, args in (
            ("delegate_list", []),
            ("delegate_detail", [people[0].pk]),
            ("delegate_detail", [people[1].pk]),
            ("delegate_edit", [people[0].pk]),
            ("delegate_substitute", [people[0].pk]),
            ("accreditation", []),
            ("badge_list", []),
            ("import_list", []),
            ("import_new", []),
            ("import_preview", [batch.pk]),
            ("import_row", [batch.pk, refused.number]),
        )
    ]


def test_every_screen_is_accessible_and_fits(page, live_server, client, screens):
    user = User.objects.create_user("organiser@example.org")
    conference = Conference.objects.get()
    Membership.objects.create(conference=conference, user=user, role="organiser")
    client.force_login(user)

    def remember(name, value):
        page.context.add_cookies([{"name": name, "value": value, "url": live_server.url}])

    remember("sessionid", client.cookies["sessionid"].value)
    faults = []
    for place, address in enumerate(screens):
        for language in turns.languages(place):
            remember("django_language", language)
            page.goto(live_server.url + address)
            seen = f"{page.evaluate('document.documentElement.lang')} {address}"
            faults += [] if seen.lower().startswith(language) else [f"{seen} is not in {language}"]
            faults += [f"{seen} {fault}" for fault in accessibility_faults(page)]
            for size in SIZES:
                page.set_viewport_size(size)
                if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
                    faults.append(f"{seen} is wider than {size['width']} px")
    assert faults == []
