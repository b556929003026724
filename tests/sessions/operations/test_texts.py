"""Short texts, handed to a real gateway of this test's own over HTTP."""

import json
from datetime import timedelta

import pytest
from celery import current_app
from django.core.exceptions import ImproperlyConfigured
from django.db import IntegrityError, transaction
from django.test import override_settings

from conference.models import AuditEntry, Campaign, MessageStep, Notice
from conference.operations import campaigning, channels, mailing
from conference.operations.channels import adapters, dialling, receipts, sending
from conference.operations.channels.texts import Receipt
from delegates.errors import CodeTooSoon, CodeWrong, TextCodeUnsent, TextsNotPossible
from delegates.models import TextAddress, TextCode
from delegates.operations import text_consent, text_links
from sessions.operations import enrolling, notifying
from tests.sessions import cast
from tests.sessions.texting import NUMBER, SECRET, WEBHOOK, allow, code_of, sign

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)


@pytest.fixture
def seated(session, alice, now):
    enrolling.take_seat(session_id=session.pk, delegate_id=alice.pk, now=now)
    return session


@pytest.fixture
def told(gateway, seated, alice, now):
    """Alice has a seat, allowed texts, and her session has moved."""
    allow(alice, now)
    notifying.tell_moved(session=seated, now=now)
    return gateway


def send(now, worker="w"):
    channels.make_notices(now=now)
    return channels.send_due(worker=worker, clock=lambda: now)


def steps():
    found = MessageStep.objects.filter(channel="sms").order_by("pk")
    return list(found.values_list("kind", flat=True))


def test_a_change_goes_to_the_phone_once_with_its_subject_and_one_link(told, alice, now):
    told.answers.append((201, {}, '{"id": "SM42"}'))
    assert send(now).sent == 1
    assert send(now + MINUTE).ends == {}
    ((path, headers, body),) = told.asked
    notice = Notice.objects.get()
    title = notice.message.subject
    link = f"https://conference.example.org/t/{text_links.token_of(notice)}/"
    assert path == "/sms"
    assert json.loads(body) == {
        "id": str(notice.uid),
        "channel": "sms",
        "to": NUMBER,
        "text": f"{title} {link}",
        "title": title,
        "link": link,
        "sender": "5th Sister Cities Conference",
        "language": "en",
        "segments": 1,
        "receipts": "https://conference.example.org/texts/sms/receipts/",
    }
    assert headers["Idempotency-Key"] == str(notice.uid)
    assert headers["Plenary-Timestamp"] == str(int(now.timestamp()))
    assert headers["Plenary-Signature"] == sign(headers["Plenary-Timestamp"], body)
    assert (notice.state, notice.reference) == ("sent", "SM42")
    assert steps() == ["queued", "passed_on"]


def test_who_allowed_nothing_gets_nothing(gateway, session, alice, bo, now):
    allow(bo, now)
    enrolling.take_seat(session_id=session.pk, delegate_id=alice.pk, now=now)
    notifying.tell_moved(session=session, now=now)
    send(now)
    assert gateway.asked == []


@pytest.mark.parametrize("answer", [429, 500, 503])
def test_a_busy_gateway_is_asked_again_with_the_same_key_and_text(told, now, answer):
    told.answers.append(answer)
    send(now)
    assert send(now + timedelta(seconds=20)).ends == {}
    assert send(now + 2 * MINUTE).sent == 1
    first, second = told.asked
    assert first[1]["Idempotency-Key"] == second[1]["Idempotency-Key"]
    assert first[2] == second[2]
    assert first[1]["Plenary-Signature"] != second[1]["Plenary-Signature"]
    assert steps() == ["queued", "retry_later", "passed_on"]


def test_the_wait_that_the_gateway_asks_for_is_kept(told, now):
    told.answers.append((429, {"Retry-After": "1800"}))
    send(now)
    assert Notice.objects.get().due_at == now + 30 * MINUTE


def test_a_gateway_that_stays_broken_is_given_up_while_it_is_news(told, now):
    told.answers.extend([500] * 9)
    for minutes in (0, 2, 10, 40, 119, 600):
        send(now + minutes * MINUTE)
    assert steps()[-1] == "missed"
    assert len(told.asked) == 5


@pytest.mark.parametrize("answer", [400, 401, 404, 422, (307, {"Location": "http://127.0.0.1:9"})])
def test_a_refusal_is_final_and_no_redirect_is_followed(told, now, answer):
    told.answers.append(answer)
    send(now)
    assert Notice.objects.get().state == "failed"
    assert send(now + 5 * MINUTE).ends == {}
    assert len(told.asked) == 1


def test_a_gateway_that_drips_is_hung_up_on_and_asked_again(told, now, monkeypatch):
    monkeypatch.setattr("conference.operations.channels.posting.SECONDS", 0.3)
    monkeypatch.setattr(
        "conference.operations.channels.posting.post.__kwdefaults__",
        {**channels.posting.post.__kwdefaults__, "seconds": 0.3},
    )
    told.answers.append(5.0)
    send(now)
    assert steps() == ["queued", "retry_later"]


def test_a_gateway_that_is_down_is_asked_again(told, now, settings):
    settings.TEXT_ADAPTERS["sms"]["url"] = "http://127.0.0.1:9/"
    send(now)
    assert steps() == ["queued", "retry_later"]


def test_a_worker_that_dies_after_the_post_leaves_a_repeat_that_can_be_told(told, now, monkeypatch):
    class Killed(BaseException):
        pass

    def die(*_):
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(sending, "_finish", die)
        with pytest.raises(Killed):
            send(now, "dead")
    assert Notice.objects.get().state == "claimed"
    assert send(now + MINUTE).ends == {}
    assert send(now + 3 * MINUTE).sent == 1
    first, second = told.asked
    assert first[1]["Idempotency-Key"] == second[1]["Idempotency-Key"]
    assert first[2] == second[2]


def test_a_slow_gateway_does_not_outlast_the_leases(told, session, conference, now):
    for number in range(3):
        one = cast.make_delegate(conference, f"Guest{number}", "Slow")
        allow(one, now, address=f"+1415555010{number + 1}")
        session.capacity += 1
        session.save()
        enrolling.take_seat(session_id=session.pk, delegate_id=one.pk, now=now)
    notifying.tell_moved(session=session, now=now)
    channels.make_notices(now=now)
    instants = iter(range(0, 100_000, 30))

    def clock():
        return now + timedelta(seconds=next(instants))

    turn = channels.send_due(worker="w", clock=clock)
    assert turn.sent == Notice.objects.count()
    assert Notice.objects.filter(attempts=1).count() == turn.sent


def test_an_address_that_is_gone_gets_nothing_more(told, alice, now):
    told.answers.append(410)
    send(now)
    assert Notice.objects.get().state == "cancelled"
    kept = TextAddress.objects.get()
    assert (kept.stopped_at, kept.stopped_by) == (now, "service")


def test_what_was_stopped_meanwhile_does_not_leave(told, alice, now):
    channels.make_notices(now=now)
    text_consent.stop(delegate=alice, channel="sms", address=NUMBER, how="page", now=now)
    send(now)
    assert told.asked == []
    assert steps() == ["queued", "cancelled"]


def test_without_an_adapter_nobody_is_on_the_way(told, now, settings):
    settings.TEXT_ADAPTERS = {}
    assert send(now).ends == {}
    assert not Notice.objects.exists()


def test_a_mailing_goes_by_text_to_those_who_asked_for_news(gateway, conference, alice, bo, now):
    allow(alice, now, with_news=True)
    allow(bo, now, address="+8613800138000")
    news = Campaign.objects.create(
        conference=conference,
        purpose="mailing",
        audience="people",
        name="News",
        subject_en="The buses leave at nine",
        body_en="Dear {name}",
    )
    campaigning.start(campaign=news, now=now)
    campaigning.expand_due(clock=lambda: now)
    send(now)
    told = [json.loads(body) for _path, _headers, body in gateway.asked]
    assert [(each["to"], each["title"]) for each in told] == [(NUMBER, "The buses leave at nine")]


# --- receipts ---


def test_a_receipt_is_kept_once_and_its_last_word_is_that_it_arrived(told, now):
    send(now)
    uid = str(Notice.objects.get().uid)

    def report(*, delivered):
        receipt = Receipt(uid=uid, is_delivered=delivered, words="code 30005")
        return receipts.keep(channel="sms", receipt=receipt, now=now)

    assert report(delivered=False)
    assert report(delivered=False)
    assert Notice.objects.get().receipt == "failed"
    assert report(delivered=True)
    assert report(delivered=False)
    assert Notice.objects.get().receipt == "delivered"
    assert steps() == ["queued", "passed_on", "refused", "delivered"]


def test_a_phone_that_answers_stop_gets_nothing_more(told, alice, now):
    send(now)
    uid = str(Notice.objects.get().uid)
    receipt = Receipt(uid=uid, is_delivered=False, is_gone=True)
    assert receipts.keep(channel="sms", receipt=receipt, now=now)
    assert text_consent.live_address(alice, "sms") is None


def test_a_receipt_of_what_was_never_sent_there_is_none(told, now):
    channels.make_notices(now=now)
    uid = str(Notice.objects.get().uid)
    for channel, named in (("sms", uid), ("wechat", uid), ("sms", "x"), ("sms", str(told))):
        receipt = Receipt(uid=named, is_delivered=True)
        assert not receipts.keep(channel=channel, receipt=receipt, now=now)


# --- settings ---


@pytest.mark.parametrize(
    ("url", "secret"),
    [
        ("http://gateway.example.org/", SECRET),
        ("https://user:pw@gateway.example.org/", SECRET),
        ("https:///sms", SECRET),
        ("https://gateway.example.org/", "short"),
        ("https://gateway.example.org/", ""),
    ],
)
def test_what_is_not_safe_stops_the_start(settings, url, secret):
    settings.TEXT_ADAPTERS = {"sms": {"adapter": WEBHOOK, "url": url, "secret": secret}}
    with pytest.raises(ImproperlyConfigured, match="PLENARY_SMS_"):
        adapters.check()


def test_an_adapter_that_is_none_stops_the_start(settings):
    settings.TEXT_ADAPTERS = {"wechat": {"adapter": "nowhere.Adapter", "url": "", "secret": ""}}
    with pytest.raises(ImproperlyConfigured, match="PLENARY_WECHAT_ADAPTER"):
        adapters.check()


@pytest.mark.parametrize(
    "place",
    [
        "127.0.0.1",
        "10.1.2.3",
        "169.254.169.254",
        "192.168.0.9",
        "100.64.0.1",
        "0.0.0.0",
        "224.0.0.1",
        "::1",
        "fd00::1",
        "fe80::1%eth0",
        "::ffff:10.0.0.1",
    ],
)
def test_private_places_are_no_public_ones(place):
    assert not dialling.is_public(place)


def test_public_places_are_public():
    assert dialling.is_public("93.184.215.14")
    assert dialling.is_public("2606:2800:21f:cb07:6820:80da:af6b:8b2c")


def test_a_gateway_in_a_private_network_is_not_dialled_unless_allowed(told, now, settings):
    url = told.url.replace("http://", "https://")
    settings.TEXT_ADAPTERS["sms"]["url"] = url
    settings.TEXT_PRIVATE_ALLOWED = False
    send(now)
    assert told.asked == []
    step = MessageStep.objects.filter(channel="sms").latest("pk")
    assert step.kind == "refused"
    assert step.answer == "127.0.0.1 is 127.0.0.1, which is not a public address."


# --- consent ---


def ask(alice, now, address=NUMBER):
    text_consent.send_code(delegate=alice, channel="sms", address=address, now=now)


def test_texts_are_allowed_by_a_code_that_went_to_the_phone(gateway, alice, now):
    ask(alice, now)
    asked = json.loads(gateway.asked[0][2])
    assert asked["to"] == NUMBER
    assert asked["receipts"] is None
    assert asked["text"].endswith("is your code for texts of 5th Sister Cities Conference.")
    code = code_of(gateway)
    text_consent.use_code(delegate=alice, channel="sms", code=f" {code[:3]} {code[3:]} ", now=now)
    live = text_consent.live_address(alice, "sms")
    assert (live.address, live.confirmed_at) == (NUMBER, now)
    with pytest.raises(CodeWrong):
        text_consent.use_code(delegate=alice, channel="sms", code=code, now=now)
    deeds = AuditEntry.objects.values_list("action", "after")
    assert list(deeds) == [("texts.allow", {"channel": "sms", "address": "+1•••0100"})]


def test_the_code_itself_is_not_stored(gateway, alice, now):
    ask(alice, now)
    code = code_of(gateway)
    fields = TextCode.objects.values().get()
    assert not any(code in str(fields[name]) for name in ("code_hash", "address"))


def test_a_code_is_worthless_after_five_tries_and_after_a_quarter_of_an_hour(gateway, alice, now):
    ask(alice, now)
    code = code_of(gateway)
    with pytest.raises(CodeWrong):
        text_consent.use_code(delegate=alice, channel="sms", code=code, now=now + 15 * MINUTE)
    wrong = "000000" if code != "000000" else "111111"
    for _try in range(5):
        with pytest.raises(CodeWrong):
            text_consent.use_code(delegate=alice, channel="sms", code=wrong, now=now)
    with pytest.raises(CodeWrong):
        text_consent.use_code(delegate=alice, channel="sms", code=code, now=now)
    assert text_consent.live_address(alice, "sms") is None


def test_codes_are_a_minute_apart_and_five_an_hour_and_ten_a_day(gateway, alice, now):
    ask(alice, now)
    with pytest.raises(CodeTooSoon):
        ask(alice, now + timedelta(seconds=59), address="+14155550199")
    for number in range(1, 5):
        ask(alice, now + number * 2 * MINUTE)
    with pytest.raises(CodeTooSoon):
        ask(alice, now + 30 * MINUTE)
    for number in range(5):
        ask(alice, now + 3 * HOUR + number * 2 * MINUTE)
    with pytest.raises(CodeTooSoon):
        ask(alice, now + 9 * HOUR)
    assert len(gateway.asked) == 10


def test_one_number_is_not_flooded_by_many_people(gateway, alice, bo, now):
    ask(alice, now)
    with pytest.raises(CodeTooSoon):
        ask(bo, now + timedelta(seconds=30))


def test_a_code_that_the_gateway_does_not_take_is_said_at_once(gateway, alice, now):
    gateway.answers.append(500)
    with pytest.raises(TextCodeUnsent):
        ask(alice, now)
    assert text_consent.waiting_code(alice, "sms", now) is None


def test_another_number_takes_the_place_of_the_first(gateway, alice, now):
    for minutes, address in ((0, NUMBER), (2, "+8613800138000")):
        ask(alice, now + minutes * MINUTE, address)
        text_consent.use_code(
            delegate=alice, channel="sms", code=code_of(gateway), now=now + minutes * MINUTE
        )
    assert list(TextAddress.objects.order_by("pk").values_list("address", "stopped_by")) == [
        (NUMBER, "other"),
        ("+8613800138000", ""),
    ]


def test_a_number_is_read_as_its_delegation_writes_it(alice):
    read = text_consent.address_from("(415) 555-0132", channel="sms", delegate=alice)
    assert read == "+14155550132"
    for typed in ("", "call me", "12"):
        with pytest.raises(TextsNotPossible):
            text_consent.address_from(typed, channel="sms", delegate=alice)


def test_a_wechat_id_is_taken_as_the_account_tells_it(alice):
    openid = "oLVPpjqs9BhvzwPj5A-vTYAX3GLc"
    assert text_consent.address_from(f" {openid} ", channel="wechat", delegate=alice) == openid
    with pytest.raises(TextsNotPossible):
        text_consent.address_from("alice", channel="wechat", delegate=alice)


def test_the_database_keeps_one_live_address_for_each_channel(alice, now):
    allow(alice, now)
    with pytest.raises(IntegrityError), transaction.atomic():
        allow(alice, now, address="+14155550101")
    with pytest.raises(IntegrityError), transaction.atomic():
        TextAddress.objects.create(delegate=alice, channel="wechat", address="x" * 28)


# --- at once ---


@pytest.fixture
def looks(django_capture_on_commit_callbacks):
    """Do a deed, and say how many looks for notices wait in the real broker afterwards."""

    def waiting():
        with current_app.connection_or_acquire() as broker:
            return broker.default_channel.queue_purge("default")

    def after(deed):
        waiting()
        with django_capture_on_commit_callbacks(execute=True):
            deed()
        return waiting()

    return after


@pytest.mark.parametrize("is_on", [True, False])
def test_a_change_wakes_a_worker_at_once_where_there_is_a_way(gateway, seated, looks, is_on):
    with override_settings(PUSH_PRIVATE_KEY="", **({} if is_on else {"TEXT_ADAPTERS": {}})):
        woken = looks(lambda: notifying.tell_moved(session=seated, now=cast.NOW))
    assert woken == int(is_on)


def test_a_letter_that_has_no_notices_wakes_nobody(gateway, conference, alice, looks):
    letter = mailing.Letter(
        key="hotel",
        purpose="greeting",
        recipient=f"delegate:{alice.pk}",
        to_email=alice.email,
        subject="Your hotel",
        body_text="By the lake",
    )
    assert looks(lambda: mailing.enqueue(conference=conference, letter=letter, now=cast.NOW)) == 0
