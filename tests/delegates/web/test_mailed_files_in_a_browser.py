"""Attachments of a mailing under an organiser's hands, in a real browser."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from conference.models import Membership, User
from conference.operations import campaigning
from tests.delegates.conftest import make_conference, make_delegation
from tests.delegates.mailing_cast import give_badge, make_mailing, make_person
from tests.support.chromium import accessibility_faults
from tests.support.files import PDF


@pytest.fixture
def campaign(transactional_db, client, context, live_server):
    """A draft to one person with a badge and one without, open to an organiser."""
    conference = make_conference("files")
    delegation = make_delegation(conference, "California", "加利福尼亚州", "US", "US-CA")
    give_badge(make_person(delegation, "Lopez"))
    make_person(delegation, "Smith")
    organiser = User.objects.create_user("organiser@example.org", name="Olga Organiser")
    Membership.objects.create(conference=conference, user=organiser, role="organiser")
    client.force_login(organiser, backend="django.contrib.auth.backends.ModelBackend")
    session = client.cookies["sessionid"].value
    context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
    return make_mailing(conference)


def test_a_file_is_added_without_losing_words_and_stays_when_enter_is_pressed(
    page, live_server, campaign
):
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(live_server.url + reverse("conference:campaign_edit", args=["files", campaign.pk]))
    page.fill("#id_subject_en", "Your map")
    page.set_input_files(
        "#upload", [{"name": "会场图.pdf", "mimeType": "application/pdf", "buffer": PDF}]
    )
    page.get_by_role("button", name="Add these files").click()
    expect(page.locator("#id_subject_en")).to_have_value("Your map")
    expect(page.get_by_role("button", name="Remove 会场图.pdf")).to_be_visible()
    page.press("#id_name", "Enter")
    page.get_by_text("The text is saved.").wait_for()
    assert [each.file_name for each in campaigning.chosen(campaign)] == ["会场图.pdf"]
    assert accessibility_faults(page) == []
    page.get_by_role("button", name="Remove 会场图.pdf").click()
    expect(page.get_by_role("button", name="Remove 会场图.pdf")).to_have_count(0)
    assert campaigning.chosen(campaign) == []


def test_the_preview_follows_each_tick_and_hands_out_the_file(page, live_server, campaign):
    page.goto(live_server.url + reverse("conference:campaign_edit", args=["files", campaign.pk]))
    preview = page.locator("#campaign-preview")
    page.get_by_label("Badge (PDF)").check()
    link = preview.get_by_role("link", name="badge-files.pdf")
    with page.expect_download() as download:
        link.click()
    assert download.value.suggested_filename == "badge-files.pdf"
    assert download.value.path().read_bytes().startswith(b"%PDF-")
    page.fill("#sample", "smith")
    expect(preview).to_contain_text("whose letter goes without it")
    page.get_by_label("Badge (PDF)").uncheck()
    expect(preview).not_to_contain_text("whose letter goes without it")
