"""The sender's domain, as an organiser sees it before letters leave."""

import pytest
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone

from conference.models import Membership
from conference.operations import sender_domain
from tests.delegates.mailing_cast import make_mailing, make_person
from tests.delegates.web.test_letters import deadline, letter, places, soon, tick  # noqa: F401

DOMAIN = "forum-of-cities.org"
HTMX = {"HX-Request": "true"}


@pytest.fixture(autouse=True)
def _sender(settings):
    settings.DEFAULT_FROM_ADDRESS = f"noreply@{DOMAIN}"
    settings.BOUNCE_ADDRESS = "bounces@post-office.net"
    cache.clear()


@pytest.fixture
def desk(client, organiser):
    client.force_login(organiser, backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def refused(name_server):
    """Ask all servers to refuse what nothing vouches for, which is so with ours."""
    name_server.put(f"_dmarc.{DOMAIN}", "v=DMARC1; p=reject")
    return name_server


@pytest.fixture
def mailing(conference, california):
    make_person(california, "Lopez")
    return make_mailing(conference)


def url(name, *args):
    return reverse(f"conference:{name}", args=["test-2023", *args])


def test_a_page_does_not_wait_for_the_dns_but_asks_for_the_panel_afterwards(
    desk, mailing, name_server
):
    page = desk.get(url("campaign_detail", mailing.pk)).content.decode()
    assert f'hx-get="{url("sender")}?tick=start&amp;tick=schedule"' in page.replace(
        "start&tick", "start&amp;tick"
    )
    assert name_server.asked == []


def test_the_panel_tells_each_part_and_the_record_to_publish(desk, conference, name_server):
    panel = desk.get(url("sender"), headers=HTMX).content.decode()
    assert f"Sender: {DOMAIN}" in panel
    assert "Bounces go to post-office.net." in panel
    assert f"_dmarc.{DOMAIN}. TXT &quot;v=DMARC1; p=none;" in panel
    assert "PLENARY_DKIM_SELECTORS" in panel
    assert "<html" not in panel


def test_without_scripts_it_is_a_page_and_known_from_then_on(desk, mailing, name_server):
    page = desk.get(url("sender"))
    assert "<html" in page.content.decode()
    asked = len(name_server.asked)
    shown = desk.get(url("campaign_detail", mailing.pk)).content.decode()
    assert f"Sender: {DOMAIN}" in shown
    assert len(name_server.asked) == asked > 0


def test_the_button_asks_the_dns_again(desk, conference, name_server):
    desk.get(url("sender"))
    name_server.put(f"_dmarc.{DOMAIN}", "v=DMARC1; p=none")
    assert "v=DMARC1; p=none</code>" not in desk.get(url("sender")).content.decode()
    answer = desk.post(url("sender"), follow=True)
    assert "<code>v=DMARC1; p=none</code>" in answer.content.decode()


def test_a_demo_address_is_told_as_one(desk, conference, settings):
    settings.DEFAULT_FROM_ADDRESS = "noreply@plenary.example"
    panel = desk.get(url("sender"), headers=HTMX).content.decode()
    assert "plenary.example is a demo address" in panel


def test_the_panel_brings_the_ticks_that_the_page_has_places_for(desk, conference, refused):
    panel = desk.get(f"{url('sender')}?tick=start&tick=nonsense", headers=HTMX).content.decode()
    assert panel.count('name="despite"') == 1
    assert '<div id="tick-start" hx-swap-oob="true">' in panel
    assert "nonsense" not in panel


@pytest.mark.parametrize("step", ["start", "resume"])
def test_a_mailing_that_will_be_refused_starts_after_one_more_tick(desk, mailing, refused, step):
    if step == "resume":
        desk.post(url("campaign_step", mailing.pk), {"step": "hold"})
    sender_domain.look(now=timezone.now())
    answer = desk.post(url("campaign_step", mailing.pk), {"step": step})
    mailing.refresh_from_db()
    assert (answer.status_code, mailing.sent_at) == (422, None)
    assert "Tick this to send nevertheless" in answer.content.decode()
    desk.post(url("campaign_step", mailing.pk), {"step": step, "despite": "1"})
    mailing.refresh_from_db()
    assert mailing.state == "sending"


def test_a_time_is_set_after_the_tick_too_and_what_was_typed_stays(desk, mailing, refused):
    sender_domain.look(now=timezone.now())
    typed = {"day": "2099-01-02", "at": "09:30", "zone": "Asia/Shanghai"}
    answer = desk.post(url("campaign_schedule", mailing.pk), typed)
    assert answer.status_code == 422
    assert "Tick this to send nevertheless" in answer.content.decode()
    assert 'value="2099-01-02"' in answer.content.decode()
    desk.post(url("campaign_schedule", mailing.pk), typed | {"despite": "1"})
    mailing.refresh_from_db()
    assert mailing.state == "scheduled"


def test_where_nobody_has_looked_nothing_is_asked_for(desk, mailing, refused):
    desk.post(url("campaign_step", mailing.pk), {"step": "start"})
    mailing.refresh_from_db()
    assert mailing.state == "sending"


def test_a_domain_in_order_asks_for_no_tick(desk, mailing, name_server, settings):
    settings.BOUNCE_ADDRESS = ""
    name_server.put(DOMAIN, "v=spf1 mx -all")
    name_server.put(f"_dmarc.{DOMAIN}", "v=DMARC1; p=reject")
    sender_domain.look(now=timezone.now())
    assert 'name="despite"' not in desk.get(url("campaign_detail", mailing.pk)).content.decode()
    desk.post(url("campaign_step", mailing.pk), {"step": "start"})
    mailing.refresh_from_db()
    assert mailing.state == "sending"


def test_letters_of_invitation_ask_for_the_tick_before_they_leave(
    desk,
    soon,  # noqa: F811
    letter,  # noqa: F811
    places,  # noqa: F811
    refused,
):
    tick(desk, letter, *places, deadline=deadline())
    assert "tick=start" in desk.get(url("campaign_detail", letter.pk)).content.decode()
    sender_domain.look(now=timezone.now())
    answer = desk.post(url("campaign_step", letter.pk), {"step": "start"})
    assert answer.status_code == 422
    assert "Tick this to send nevertheless" in answer.content.decode()
    desk.post(url("campaign_step", letter.pk), {"step": "start", "despite": "1"})
    letter.refresh_from_db()
    assert letter.state == "sending"


def test_whoever_only_watches_does_not_see_it(client, conference, django_user_model, name_server):
    viewer = django_user_model.objects.create_user("viewer@example.org")
    Membership.objects.create(conference=conference, user=viewer, role="viewer")
    client.force_login(viewer, backend="django.contrib.auth.backends.ModelBackend")
    assert client.get(url("sender")).status_code == 404
    assert client.post(url("sender")).status_code == 404
    assert name_server.asked == []
