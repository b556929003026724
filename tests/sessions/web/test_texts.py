"""A delegate allows texts on the own pages, and stops them there or by the link in one."""

import json
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from conference.models import LetterReading, Message, Notice
from conference.operations import channels
from delegates.models import PersonalLink, TextAddress
from delegates.operations import text_consent, text_links
from sessions.operations import enrolling, notifying
from tests.sessions import cast
from tests.sessions.texting import NUMBER, code_of, sign

NOTICES = "/me/notices/"


def ask(phone, address=NUMBER):
    return phone.post(reverse("programme:text_code"), {"channel": "sms", "address": address})


@pytest.fixture
def texted(gateway, session, alice, now):
    """A notice that went to Alice's phone."""
    TextAddress.objects.create(delegate=alice, channel="sms", address=NUMBER, confirmed_at=now)
    enrolling.take_seat(session_id=session.pk, delegate_id=alice.pk, now=now)
    notifying.tell_moved(session=session, now=now)
    channels.make_notices(now=now)
    channels.send_due(worker="w", clock=lambda: now)
    return Notice.objects.get()


def test_without_an_adapter_nothing_is_said_of_texts(phone, settings):
    settings.TEXT_ADAPTERS = {}
    assert "By SMS" not in phone.get(NOTICES).text
    assert ask(phone).status_code == 404


def test_texts_are_allowed_and_stopped_on_the_page(phone, gateway, alice):
    alice.phone_e164 = "+14155550123"
    alice.save()
    page = phone.get(NOTICES).text
    assert "By SMS" in page
    assert "By WeChat" not in page
    assert 'value="+14155550123"' in page
    assert ask(phone, "+1 (415) 555-0100").status_code == 302
    assert f"Code that went to {NUMBER}" in phone.get(NOTICES).text
    # As a Chinese keyboard types digits.
    wide = code_of(gateway).translate(str.maketrans("0123456789", "０１２３４５６７８９"))
    answer = phone.post(
        reverse("programme:text_allow"), {"channel": "sms", "code": wide}, follow=True
    )
    assert f"Texts go to {NUMBER}." in answer.text
    phone.post(reverse("programme:text_news"), {"channel": "sms", "news": "on"})
    assert text_consent.live_address(alice, "sms").with_news
    answer = phone.post(reverse("programme:text_stop"), {"channel": "sms"}, follow=True)
    assert "No more texts go to your phone." in answer.text
    assert TextAddress.objects.get().stopped_by == "page"


def test_a_wrong_number_stands_as_it_was_typed_with_what_to_do(phone, gateway):
    answer = ask(phone, "555<b>")
    assert answer.status_code == 422
    assert "This is no phone number." in answer.text
    assert 'value="555&lt;b&gt;"' in answer.text
    assert gateway.asked == []


def test_a_wrong_code_is_said_beside_the_field(phone, gateway):
    ask(phone)
    answer = phone.post(reverse("programme:text_allow"), {"channel": "sms", "code": "no"})
    assert answer.status_code == 422
    assert "This code is not right, or not valid any more." in answer.text
    assert not TextAddress.objects.exists()


def test_asking_twice_at_once_is_refused_and_the_first_code_still_works(phone, gateway):
    ask(phone)
    assert "A code was sent just before." in ask(phone).text
    phone.post(reverse("programme:text_allow"), {"channel": "sms", "code": code_of(gateway)})
    assert TextAddress.objects.live().exists()


def test_a_channel_that_nobody_knows_does_not_exist(phone, gateway):
    for channel in ("", "push", "wechat", "fax"):
        for name in ("text_code", "text_allow", "text_news", "text_stop"):
            answer = phone.post(reverse(f"programme:{name}"), {"channel": channel})
            assert answer.status_code == 404


def test_wechat_names_the_account_to_follow(phone, gateway, settings):
    settings.TEXT_ADAPTERS = {"wechat": settings.TEXT_ADAPTERS["sms"]}
    settings.WECHAT_ACCOUNT = "友城大会"
    page = phone.get(NOTICES).text
    assert "By WeChat" in page
    assert "Follow the official account “友城大会”" in page


def link_of(notice):
    return reverse("programme:text_link", args=[text_links.token_of(notice)])


def test_looking_at_the_link_changes_nothing_and_a_press_opens_the_letter(client, texted, now):
    made = PersonalLink.objects.count()
    page = client.get(link_of(texted))
    assert "Read the letter" in page.text
    assert NUMBER not in page.text
    assert PersonalLink.objects.count() == made
    assert TextAddress.objects.live().exists()
    answer = client.post(link_of(texted))
    assert answer.url == reverse("programme:inbox_letter", args=[texted.message_id])
    assert client.get(answer.url).status_code == 200


def test_the_link_stops_texts_and_opens_nothing_afterwards(client, texted, alice):
    stopped = client.post(f"{link_of(texted)}stop/", follow=True)
    assert "No texts of this conference go to +1•••0100" in stopped.text
    assert TextAddress.objects.get().stopped_by == "link"
    assert "Read the letter" not in client.get(link_of(texted)).text
    client.post(link_of(texted))
    assert client.get("/me/inbox/").status_code == 302
    client.post(f"{link_of(texted)}stop/")
    assert TextAddress.objects.count() == 1


@pytest.mark.parametrize("token", ["1-x", "x", "1", "-", "9" * 30 + "-x", "²-x", "1-汉"])
def test_a_link_that_nobody_signed_does_not_exist(client, db, token):
    path = reverse("programme:text_link", args=[token])
    assert client.get(path).status_code == 404
    assert client.post(f"{path}stop/").status_code == 404


def test_the_link_of_somebody_who_withdrew_does_not_exist(client, texted, alice, now):
    alice.withdrawn_at = now
    alice.save()
    assert client.get(link_of(texted)).status_code == 404


# --- receipts ---


def report(client, told, *, channel="sms", stamp=None, signature=None):
    body = told if isinstance(told, str) else json.dumps(told)
    stamp = stamp or str(int(timezone.now().timestamp()))
    return client.post(
        f"/texts/{channel}/receipts/",
        body,
        content_type="application/json",
        headers={
            "Plenary-Timestamp": stamp,
            "Plenary-Signature": signature or sign(stamp, body.encode()),
        },
    )


def test_a_signed_receipt_is_kept_and_again_changes_nothing(client, texted):
    told = {"id": str(texted.uid), "state": "delivered"}
    assert report(client, told).status_code == 204
    assert report(client, told).status_code == 204
    assert texted.message.steps.filter(kind="delivered", channel="sms").count() == 1


def test_what_is_not_signed_or_old_or_foreign_does_not_exist(client, texted, settings):
    told = {"id": str(texted.uid), "state": "delivered"}
    now = timezone.now()
    old = str(int((now - timedelta(minutes=6)).timestamp()))
    assert report(client, told, signature="v1=00").status_code == 404
    assert report(client, told, signature="汉".encode().decode("latin-1")).status_code == 404
    assert report(client, told, stamp=old).status_code == 404
    assert report(client, told, stamp="x").status_code == 404
    assert report(client, told, channel="wechat").status_code == 404
    assert report(client, told, channel="push").status_code == 404
    assert report(client, told | {"id": "x"}).status_code == 404
    assert client.get("/texts/sms/receipts/").status_code == 405
    assert not texted.message.steps.filter(kind="delivered").exists()


@pytest.mark.parametrize(
    "told", ["", "[]", '{"id": 5}', '{"id": "x", "state": "read"}', "[" * 3000]
)
def test_a_signed_receipt_that_is_none_is_told_why(client, gateway, db, told):
    answer = report(client, told)
    assert answer.status_code == 400
    assert answer.json()["detail"]


# --- the organiser ---


def test_the_organiser_sees_the_phone_and_what_became_of_the_text(desk, texted, alice, conference):
    path = reverse("delegates:delegate_letters", args=[conference.slug, alice.pk])
    assert f'SMS: <span class="num">{NUMBER}</span>' in desk.get(path).text
    text_consent.stop(delegate=alice, channel="sms", address=NUMBER, how="link", now=timezone.now())
    page = desk.get(path).text
    assert "by the link in a text" in page
    assert "Taken by the service" in page


def test_a_failed_text_does_not_say_that_mail_failed(client, phone, texted, alice, conference):
    Message.objects.update(state="sent", sent_at=cast.NOW)
    told = {"id": str(texted.uid), "state": "failed", "words": "30005 unknown"}
    assert report(client, told).status_code == 204
    assert "not delivered by mail" not in phone.get("/me/inbox/").text
    assert not LetterReading.objects.exists()
