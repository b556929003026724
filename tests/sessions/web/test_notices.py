import json

import pytest
from django.urls import reverse

from conference.models import AuditEntry, Suppression
from delegates.models import PushSubscription
from delegates.operations import pushing
from tests.sessions.operations.test_push import Phone

NOTICES = "/me/notices/"


@pytest.fixture
def with_push(settings):
    settings.PUSH_PRIVATE_KEY = "q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94"
    settings.PUSH_SERVICES = ["https://push.example.org"]
    return Phone(type("Service", (), {"url": "https://push.example.org"}))


def told(phone):
    return {
        "endpoint": phone.browser.endpoint,
        "keys": {"p256dh": phone.browser.p256dh, "auth": phone.browser.auth},
    }


def post(client, name, content):
    body = content if isinstance(content, str) else json.dumps(content)
    return client.post(reverse(name), body, content_type="application/json")


def test_without_a_key_nothing_is_said_of_notices(phone):
    page = phone.get(NOTICES).text
    assert "How you are told" in page
    assert "data-push" not in page


def test_with_a_key_the_page_offers_them(phone, with_push):
    page = phone.get(NOTICES).text
    assert 'data-worker="/me/sw.js"' in page
    assert 'data-scope="/me/"' in page
    assert "Stop notices on" not in page


def test_a_browser_subscribes_and_unsubscribes(phone, with_push, alice):
    assert post(phone, "programme:push_subscribe", told(with_push)).status_code == 204
    assert post(phone, "programme:push_subscribe", told(with_push)).status_code == 204
    kept = PushSubscription.objects.get()
    assert (kept.delegate, kept.language) == (alice, "en")
    assert "Stop notices on 1 device" in phone.get(NOTICES).text
    assert post(phone, "programme:push_unsubscribe", told(with_push)).status_code == 204
    assert not PushSubscription.objects.exists()
    deeds = AuditEntry.objects.order_by("pk").values_list("action", flat=True)
    assert list(deeds) == ["notices.allow", "notices.stop"]


@pytest.mark.parametrize(
    "content",
    [
        *("", "[]", '{"endpoint": 5}', '{"keys": []}', "x" * 9000),
        # A thousand boxes in one another, and letters that no database keeps.
        *(
            "[" * 3900,
            '{"endpoint": "\\ud800"}',
            '{"endpoint": "https://push.example.org/\\u0000"}',
        ),
    ],
)
def test_what_is_no_subscription_is_refused(phone, with_push, content):
    answer = post(phone, "programme:push_subscribe", content)
    assert answer.status_code == 409
    assert post(phone, "programme:push_unsubscribe", content).status_code == 204
    assert not PushSubscription.objects.exists()


@pytest.mark.parametrize("field", ["endpoint", "p256dh", "auth"])
def test_a_subscription_with_letters_that_no_database_keeps_is_refused(phone, with_push, field):
    content = told(with_push)
    where = content if field == "endpoint" else content["keys"]
    where[field] += "\0"
    assert post(phone, "programme:push_subscribe", content).status_code == 409


def test_all_devices_are_stopped_at_once_and_only_ones_own(phone, with_push, alice, bo, now):
    for delegate, name in ((alice, "a"), (alice, "b"), (bo, "c")):
        each = Phone(type("Service", (), {"url": "https://push.example.org"}), name)
        pushing.subscribe(delegate=delegate, browser=each.browser, language="en", now=now)
    foreign = PushSubscription.objects.get(delegate=bo).endpoint
    post(phone, "programme:push_unsubscribe", {"endpoint": foreign})
    page = phone.post(reverse("programme:push_stop"), follow=True)
    assert "None of your devices gets notices any more." in page.text
    assert [each.delegate for each in PushSubscription.objects.all()] == [bo]


def test_optional_mail_is_stopped_and_wanted_again(phone, conference, alice):
    assert "checked" in phone.get(NOTICES).text
    phone.post(NOTICES, {})
    block = Suppression.objects.get()
    assert (block.address, block.reason) == (alice.email, "unsubscribed")
    assert "checked" not in phone.get(NOTICES).text
    phone.post(NOTICES, {"optional_mail": "on"})
    assert not Suppression.objects.exists()


def test_the_wish_for_mail_lifts_no_other_block(phone, conference, alice, now):
    Suppression.objects.create(
        conference=conference, address=alice.email, reason="hard_bounce", since=now
    )
    phone.post(NOTICES, {"optional_mail": "on"})
    assert Suppression.objects.get().reason == "hard_bounce"


def test_who_has_no_address_is_told_so(phone, alice):
    alice.email = ""
    alice.save()
    assert "No e-mail address of yours is known" in phone.get(NOTICES).text
    phone.post(NOTICES, {})
    assert not Suppression.objects.exists()


def test_the_worker_is_fresh_and_bound_to_the_delegates_pages(client, db):
    answer = client.get("/me/sw.js")
    assert answer.headers["Content-Type"] == "text/javascript; charset=utf-8"
    assert "no-cache" in answer.headers["Cache-Control"]
    assert "Service-Worker-Allowed" not in answer.headers
    assert "showNotification" in answer.text


def test_the_pages_on_a_home_screen_open_by_themselves_as_notices_on_an_iphone_need(phone, alice):
    assert '<link rel="manifest" href="/me/manifest.webmanifest">' in phone.get(NOTICES).text
    told = phone.get("/me/manifest.webmanifest").json()
    assert (told["display"], told["start_url"], told["scope"]) == ("standalone", "/me/", "/me/")
    assert [icon["sizes"] for icon in told["icons"]] == ["192x192", "512x512"]
