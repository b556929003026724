"""Push notices, sent to a real service of this test's own, which reads them as a browser does."""

import base64
import json
from datetime import timedelta

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.core.management import call_command
from django.db import DatabaseError, transaction

from conference.models import Message, MessageStep, Notice, User
from conference.operations import channels, mailing
from conference.operations.channels import web_push
from delegates.errors import PushNotPossible
from delegates.models import PushSubscription
from delegates.operations import pushing
from sessions.operations import enrolling, notifying, scheduling
from tests.sessions import cast
from tests.support.http_sink import Sink

MINUTE = timedelta(minutes=1)


def encode(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def decode(text):
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


class Phone:
    """A browser: has the keys, and reads what was pushed to it (RFC 8291, RFC 8188)."""

    def __init__(self, service, name="a"):
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.point = self.key.public_key().public_bytes(
            Encoding.X962, PublicFormat.UncompressedPoint
        )
        self.auth = b"0123456789abcdef"
        self.endpoint = f"{service.url}/push/{name}"

    @property
    def browser(self):
        return web_push.Browser(
            endpoint=self.endpoint, p256dh=encode(self.point), auth=encode(self.auth)
        )

    def read(self, body):
        salt, length = body[:16], body[20]
        sender, sealed = body[21 : 21 + length], body[21 + length :]
        peer = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), sender)
        secret = self._derive(
            self.key.exchange(ec.ECDH(), peer),
            self.auth,
            b"WebPush: info\0" + self.point + sender,
            32,
        )
        key = self._derive(secret, salt, b"Content-Encoding: aes128gcm\0", 16)
        nonce = self._derive(secret, salt, b"Content-Encoding: nonce\0", 12)
        text = AESGCM(key).decrypt(nonce, sealed, None)
        assert text.endswith(b"\x02")
        return json.loads(text[:-1])

    @staticmethod
    def _derive(secret, salt, info, length):
        return HKDF(algorithm=hashes.SHA256(), length=length, salt=salt, info=info).derive(secret)


@pytest.fixture
def service(settings):
    with Sink() as sink:
        settings.PUSH_SERVICES = [sink.url]
        settings.PUSH_PRIVATE_KEY = "q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94"
        yield sink


@pytest.fixture
def phone(service, alice, now):
    """Alice's phone, on which she has allowed notices; she has a seat."""
    phone = Phone(service)
    pushing.subscribe(delegate=alice, browser=phone.browser, language="en", now=now - MINUTE)
    return phone


@pytest.fixture
def seated(session, alice, now):
    enrolling.take_seat(session_id=session.pk, delegate_id=alice.pk, now=now)
    return session


def send(now):
    channels.make_notices(now=now)
    return channels.send_due(worker="w", clock=lambda: now)


def steps():
    found = MessageStep.objects.filter(channel="push").order_by("pk")
    return list(found.values_list("kind", flat=True))


def test_what_the_standard_gives_as_example_comes_out(settings):
    """RFC 8291, appendix A."""
    browser = web_push.Browser(
        endpoint="https://push.example.net/",
        p256dh="BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4",
        auth="BTBZMqHH6r4Tts7J_aSIgg",
    )
    number = int.from_bytes(decode("yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw"))
    sealed = web_push.encrypted(
        b"When I grow up, I want to be a watermelon",
        browser=browser,
        salt=decode("DGv6ra1nlYgDCS1FRnbzlw"),
        key=ec.derive_private_key(number, ec.SECP256R1()),
    )
    assert encode(sealed) == (
        "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6Tlz"
        "AC8wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
    )


def test_a_change_of_a_session_is_pushed_once_with_its_subject_only(service, phone, seated, now):
    notifying.tell_moved(session=seated, now=now)
    assert send(now).sent == 1
    assert send(now + MINUTE).sent == 0
    ((path, headers, body),) = service.asked
    letter = Message.objects.get()
    told = phone.read(body)
    assert path == "/push/a"
    assert told == {
        "title": "5th Sister Cities Conference",
        "body": letter.subject,
        "url": "/me/inbox/",
        "tag": Notice.objects.get().uid.hex,
        "lang": "en",
    }
    assert headers["Content-Encoding"] == "aes128gcm"
    assert len(headers["Topic"]) <= 32
    assert steps() == ["queued", "passed_on"]
    assert letter.state == "queued"


def test_a_push_is_signed_with_our_key_for_this_service_only(service, phone, seated, now):
    notifying.tell_moved(session=seated, now=now)
    send(now)
    (_path, headers, _body) = service.asked[0]
    token, key = headers["Authorization"].removeprefix("vapid t=").split(", k=")
    head, claims, signature = token.split(".")
    signed = decode(signature)
    public = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), decode(key))
    public.verify(
        encode_dss_signature(int.from_bytes(signed[:32]), int.from_bytes(signed[32:])),
        f"{head}.{claims}".encode(),
        ec.ECDSA(hashes.SHA256()),
    )
    told = json.loads(decode(claims))
    assert told["aud"] == service.url
    assert 0 < told["exp"] - now.timestamp() <= 24 * 3600
    assert key == web_push.public_key()


def test_what_nobody_asked_for_is_not_pushed(service, phone, conference, alice, now):
    mailing.enqueue(
        conference=conference,
        letter=mailing.Letter(
            key="hotel",
            purpose="greeting",
            recipient=f"delegate:{alice.pk}",
            to_email=alice.email,
            subject="Your hotel",
            body_text="By the lake",
        ),
        now=now,
    )
    send(now)
    assert service.asked == []


def test_letters_of_before_are_no_news(service, alice, seated, now):
    notifying.tell_moved(session=seated, now=now)
    pushing.subscribe(
        delegate=alice, browser=Phone(service).browser, language="en", now=now + MINUTE
    )
    send(now + 2 * MINUTE)
    assert service.asked == []


@pytest.mark.parametrize("status", [404, 410])
def test_a_browser_that_is_gone_is_forgotten(service, phone, seated, now, status):
    service.answers.append(status)
    notifying.tell_moved(session=seated, now=now)
    send(now)
    assert not PushSubscription.objects.exists()
    assert Notice.objects.get().state == "cancelled"
    assert steps() == ["queued", "cancelled"]


@pytest.mark.parametrize("answer", [500, 429, 503])
def test_a_busy_service_is_asked_again_later(service, phone, seated, now, answer):
    service.answers.append(answer)
    notifying.tell_moved(session=seated, now=now)
    send(now)
    assert Notice.objects.get().state == "queued"
    assert send(now + timedelta(seconds=20)).ends == {}
    assert send(now + 2 * MINUTE).sent == 1
    assert len({headers["Topic"] for _path, headers, _body in service.asked}) == 1
    assert steps() == ["queued", "retry_later", "passed_on"]


def test_the_wait_that_a_service_asks_for_is_kept(service, phone, seated, now):
    service.answers.append((429, {"Retry-After": "1800"}))
    notifying.tell_moved(session=seated, now=now)
    send(now)
    assert Notice.objects.get().due_at == now + 30 * MINUTE


@pytest.mark.parametrize("answer", [400, 403, (302, {"Location": "http://127.0.0.1:1/"})])
def test_a_refusal_is_final_and_no_redirect_is_followed(service, phone, seated, now, answer):
    service.answers.append(answer)
    notifying.tell_moved(session=seated, now=now)
    send(now)
    assert Notice.objects.get().state == "failed"
    assert send(now + 5 * MINUTE).ends == {}
    assert len(service.asked) == 1


def test_a_service_that_is_down_is_asked_again(service, phone, seated, now, settings):
    PushSubscription.objects.update(endpoint="http://127.0.0.1:9/push")
    settings.PUSH_SERVICES = ["http://127.0.0.1:9"]
    notifying.tell_moved(session=seated, now=now)
    send(now)
    assert steps() == ["queued", "retry_later"]


def test_what_could_not_be_said_in_two_hours_is_no_news(service, phone, seated, now):
    notifying.tell_moved(session=seated, now=now)
    channels.make_notices(now=now)
    channels.send_due(worker="w", clock=lambda: now + timedelta(hours=3))
    assert service.asked == []
    assert steps() == ["queued", "missed"]


def test_a_letter_that_was_withdrawn_is_not_told_of(service, phone, seated, now):
    notifying.tell_moved(session=seated, now=now)
    channels.make_notices(now=now)
    Message.objects.update(state="cancelled")
    send(now)
    assert service.asked == []
    assert steps() == ["queued", "cancelled"]


def test_a_worker_that_died_leaves_its_notice_to_the_next(service, phone, seated, now, settings):
    notifying.tell_moved(session=seated, now=now)
    channels.make_notices(now=now)
    Notice.objects.update(state="claimed", claimed_by="dead", lease_until=now + MINUTE, attempts=1)
    assert send(now).ends == {}
    assert send(now + 2 * MINUTE).sent == 1
    assert Notice.objects.get().tries == 1


def test_who_has_no_address_is_pushed_to_all_the_same(service, phone, alice, seated, now):
    alice.email = ""
    alice.save()
    notifying.tell_moved(session=seated, now=now)
    assert send(now).sent == 1


def test_who_has_withdrawn_is_told_nothing(service, phone, alice, seated, now):
    notifying.tell_moved(session=seated, now=now)
    channels.make_notices(now=now)
    alice.withdrawn_at = now
    alice.save()
    send(now)
    assert service.asked == []


def test_a_phone_in_other_hands_shows_nothing_of_before(service, phone, bo, seated, now):
    notifying.tell_moved(session=seated, now=now)
    channels.make_notices(now=now)
    pushing.subscribe(delegate=bo, browser=phone.browser, language="zh-hans", now=now)
    send(now)
    assert service.asked == []
    assert PushSubscription.objects.get().delegate == bo


def test_one_phone_of_somebody_with_two_conferences_tells_of_both(service, phone, alice, now):
    alice.user = User.objects.create_user("alice@example.org")
    alice.save()
    other = cast.make_delegate(cast.make_conference("wuxi"), "Alice", "Ames", user=alice.user)
    session = cast.make_session(other.conference, capacity=5)
    enrolling.take_seat(session_id=session.pk, delegate_id=other.pk, now=now)
    notifying.tell_moved(session=session, now=now)
    assert send(now).sent == 1


@pytest.mark.parametrize(
    "endpoint",
    [
        "https://192.168.0.1/push",
        "http://127.0.0.1:1/push",
        "https://fcm.googleapis.com.example.org/x",
        "https://fcm.googleapis.com@example.org/x",
        "https://example.org/.push.apple.com",
        "https://a/b.push.apple.com",
        "file:///etc/passwd",
        "https://[",
        "",
    ],
)
def test_only_push_services_are_asked(alice, now, settings, endpoint):
    settings.PUSH_PRIVATE_KEY = "q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94"
    settings.PUSH_SERVICES = ["https://fcm.googleapis.com", "https://*.push.apple.com"]
    keys = Phone(type("Nowhere", (), {"url": ""}))
    browser = web_push.Browser(
        endpoint=endpoint, p256dh=keys.browser.p256dh, auth=keys.browser.auth
    )
    with pytest.raises(PushNotPossible):
        pushing.subscribe(delegate=alice, browser=browser, language="en", now=now)


@pytest.mark.parametrize(("p256dh", "auth"), [("", ""), ("AAAA", "AAAA"), ("汉", "!")])
def test_keys_that_are_none_are_refused(service, alice, now, p256dh, auth):
    browser = web_push.Browser(endpoint=f"{service.url}/a", p256dh=p256dh, auth=auth)
    with pytest.raises(PushNotPossible):
        pushing.subscribe(delegate=alice, browser=browser, language="en", now=now)


def test_the_oldest_browser_goes_when_there_are_too_many(service, alice, now):
    for number in range(pushing.MOST + 2):
        pushing.subscribe(
            delegate=alice,
            browser=Phone(service, str(number)).browser,
            language="en",
            now=now + number * MINUTE,
        )
    assert pushing.browsers_of(alice) == pushing.MOST
    assert not PushSubscription.objects.filter(endpoint__endswith="/push/0").exists()


def test_a_step_on_another_way_is_never_changed_either(service, phone, seated, now):
    notifying.tell_moved(session=seated, now=now)
    send(now)
    for field in ("channel", "kind"):
        with pytest.raises(DatabaseError), transaction.atomic():
            MessageStep.objects.filter(channel="push").update(**{field: "sms"})


def test_a_key_is_made_by_a_command(settings, capsys):
    call_command("make_push_key")
    name, _equals, settings.PUSH_PRIVATE_KEY = capsys.readouterr().out.strip().partition("=")
    assert name == "PLENARY_PUSH_PRIVATE_KEY"
    assert len(decode(web_push.public_key())) == 65


def test_cancelling_a_session_reaches_the_phone(service, phone, seated, now):
    scheduling.cancel_session(session_id=seated.pk, reason_en="Storm", actor=None, now=now)
    assert send(now).sent == 1
    assert phone.read(service.asked[0][2])["body"].startswith("Cancelled:")
