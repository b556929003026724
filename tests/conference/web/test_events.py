"""What mail providers post: known by secret and signature, traced to its letter, counted once."""

import base64
import json

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.conf import settings as program
from django.core.exceptions import ImproperlyConfigured
from django.test import Client
from django.urls import get_resolver

from conference.access import policy_of
from conference.models import MailReport, MessageStep, Suppression
from conference.operations import mailing, returning, suppressing
from conference.web import events
from config.settings import services
from tests.conference.web.test_pages import write
from tests.support import posted

Kind = MailReport.Kind


@pytest.fixture(autouse=True)
def _configured(settings):
    settings.MAIL_PROVIDERS = list(services.PROVIDERS)
    settings.ANYMAIL = services.webhooks(
        settings.MAIL_PROVIDERS, secret=posted.SECRET, mailgun_key=posted.MAILGUN_KEY
    )
    settings.ROOT_URLCONF = "tests.support.provider_urls"


@pytest.fixture
def letter(suzhou):
    return write(suzhou, 1)


@pytest.fixture
def mark(letter):
    return returning.token_of(letter)


def reports():
    return list(MailReport.objects.order_by("pk").values_list("source", "kind"))


def blocked():
    return list(Suppression.objects.values_list("address", "reason"))


# --- Whose post it is ---


def test_without_a_provider_in_the_settings_there_is_no_address():
    assert program.MAIL_PROVIDERS != []
    assert events.urls([]) == []
    resolver = get_resolver("config.urls")
    assert not any("mail/events" in str(each.pattern) for each in resolver.url_patterns)


def test_every_address_says_who_may_post_there():
    made = events.urls(services.PROVIDERS)
    assert {policy_of(each.callback) for each in made} == {"signed_service"}
    assert all(each.callback.csrf_exempt for each in made)


@pytest.mark.filterwarnings("ignore::anymail.exceptions.AnymailNotSupportedWarning")
@pytest.mark.parametrize("provider", services.PROVIDERS)
def test_nobody_posts_without_the_secret_or_looks(letter, mark, provider):
    told = posted.postmark_bounce(to=letter.to_email, mark=mark)
    wrong = "Basic " + base64.b64encode(b"events:guessed").decode()
    assert posted.post(provider, told, Authorization="").status_code == 401
    assert posted.post(provider, told, Authorization=wrong).status_code == 400
    assert Client().get(f"/mail/events/{provider}/").status_code == 405
    assert reports() == []


def test_a_post_with_another_ones_signature_changes_nothing(letter, mark):
    told = posted.mailgun_failure(to=letter.to_email, mark=mark)
    told["signature"]["signature"] = "0" * 64
    assert posted.post("mailgun", told).status_code == 400
    assert (reports(), blocked()) == ([], [])


@pytest.mark.parametrize("provider", services.PROVIDERS)
@pytest.mark.parametrize("body", ["", "no json", "[]", "{}", "null", '{"event": 7}', '[{"x": 1}]'])
@pytest.mark.filterwarnings("ignore::anymail.exceptions.AnymailNotSupportedWarning")
def test_what_cannot_be_read_is_said_to_be_so_and_changes_nothing(letter, provider, body):
    assert posted.post(provider, body).status_code in {200, 400}
    assert reports() == []


# --- Which letter it is about ---


def test_mailgun_reports_by_metadata_and_the_address_is_blocked_at_once(letter, mark, suzhou):
    answer = posted.post("mailgun", posted.mailgun_failure(to=letter.to_email, mark=mark))
    assert answer.status_code == 200
    assert reports() == [("mailgun", "bounced")]
    assert blocked() == [(letter.to_email, "hard_bounce")]
    step = mailing.steps_of(letter)[-1]
    assert (step.kind, step.answer) == (MessageStep.Kind.BOUNCED, "550 5.1.1 no such user")
    assert MailReport.objects.get().status == "5.1.1"


def test_a_letter_is_known_by_its_message_id(letter):
    told = posted.mailgun_failure(
        to=letter.to_email, message={"headers": {"message-id": letter.message_id.strip("<>")}}
    )
    posted.post("mailgun", told)
    assert MailReport.objects.get().message == letter


def test_a_letter_is_known_by_its_return_path(letter, settings):
    settings.BOUNCE_ADDRESS = "bounces@plenary.example"
    told = posted.mailgun_failure(
        to=letter.to_email, envelope={"sender": mailing.return_path(letter)}
    )
    posted.post("mailgun", told)
    assert MailReport.objects.get().message == letter


@pytest.mark.parametrize(
    "message_id",
    ["<1d5f4bd2-0000-4000-8000-000000000000@plenary.example>", "<x@elsewhere.org>", ""],
)
def test_a_report_of_no_letter_of_ours_is_taken_and_forgotten(letter, message_id):
    told = posted.mailgun_failure(
        to=letter.to_email,
        mark="l999999-00000000000000000000",
        message={"headers": {"message-id": message_id}},
    )
    assert posted.post("mailgun", told).status_code == 200
    assert (reports(), blocked()) == ([], [])


def test_the_id_of_our_letter_at_another_domain_is_not_ours(letter):
    told = posted.mailgun_failure(
        to=letter.to_email, message={"headers": {"message-id": f"{letter.uid}@elsewhere.org"}}
    )
    posted.post("mailgun", told)
    assert reports() == []


def test_letters_carry_what_each_provider_gives_back(letter, mark, settings):
    settings.MAIL_PROVIDERS = []
    bare = mailing.compose(letter).extra_headers
    assert not any(mark in value for name, value in bare.items() if name != returning.HEADER)
    settings.MAIL_PROVIDERS = list(services.PROVIDERS)
    headers = mailing.compose(letter).extra_headers
    assert sum(mark in value for value in headers.values()) == len(services.PROVIDERS) + 1


# --- Once ---


def test_a_report_that_comes_again_counts_once(letter, mark):
    for _ in range(3):
        posted.post(
            "postmark",
            posted.postmark_bounce(to=letter.to_email, mark=mark, kind="SoftBounce", said="full"),
        )
    assert reports() == [("postmark", "soft")]
    assert [each.kind for each in mailing.steps_of(letter)].count("bounced") == 1
    assert blocked() == []


def test_mailgun_signs_a_repeat_anew_and_it_still_counts_once(letter, mark):
    first = posted.mailgun_failure(to=letter.to_email, mark=mark)
    again = posted.mailgun("x", to="", event_id="other")
    again["event-data"] = first["event-data"]
    for told in (first, again):
        assert posted.post("mailgun", told).status_code == 200
    assert reports() == [("mailgun", "bounced")]


def test_a_report_without_an_id_is_known_by_all_that_it_says(letter, mark):
    told = posted.postmark("Delivery", to=letter.to_email, mark=mark, Details="250 ok")
    for _ in range(2):
        posted.post("postmark", told)
    posted.post("postmark", told | {"DeliveredAt": "2026-03-02T01:00:00Z"})
    assert reports() == [("postmark", "delivered")] * 2


# --- What follows ---


def test_a_delivery_is_a_step_and_blocks_nobody(letter, mark):
    posted.post(
        "postmark", posted.postmark("Delivery", to=letter.to_email, mark=mark, Details="250 ok")
    )
    assert mailing.steps_of(letter)[-1].kind == MessageStep.Kind.DELIVERED
    assert blocked() == []


def test_a_complaint_stops_mailings_and_lets_what_is_needed_through(letter, mark, suzhou):
    told = posted.postmark_bounce(to=letter.to_email, mark=mark, kind="SpamComplaint")
    posted.post("postmark", told | {"RecordType": "SpamComplaint"})
    assert blocked() == [(letter.to_email, "complaint")]
    held = suppressing.suppressed([letter.to_email], conference=suzhou, optional=False)
    assert list(held) == [letter.to_email]
    badge = suppressing.suppressed(
        [letter.to_email], conference=suzhou, optional=False, in_mailing=False
    )
    assert badge == {}


def test_soft_bounces_block_as_many_letters_as_the_settings_say(suzhou, settings):
    settings.MAIL_SOFT_BOUNCES = 2
    for number in (1, 2):
        letter = write(suzhou, number)
        letter.to_email = "same@example.com"
        letter.save()
        assert blocked() == []
        posted.post(
            "postmark",
            posted.postmark_bounce(
                to=letter.to_email,
                mark=returning.token_of(letter),
                kind="SoftBounce",
                number=number,
                said="smtp;452 4.2.2 mailbox full",
            ),
        )
    assert blocked() == [("same@example.com", "hard_bounce")]


@pytest.mark.parametrize(
    ("kind", "said", "meant"),
    [
        ("HardBounce", "", Kind.BOUNCED),
        ("HardBounce", "smtp;550 5.1.1 user unknown", Kind.BOUNCED),
        ("HardBounce", "smtp;550 5.7.26 DMARC policy", Kind.REJECTED),
        ("HardBounce", "smtp;552 5.2.2 mailbox full", Kind.SOFT),
        ("SoftBounce", "", Kind.SOFT),
        ("Transient", "", Kind.DELAYED),
        ("BadEmailAddress", "", Kind.BOUNCED),
        ("Blocked", "", Kind.REJECTED),
        ("ManuallyDeactivated", "", Kind.REJECTED),
        ("SMTPApiError", "", Kind.REJECTED),
        ("Unknown", "", None),
        ("AutoResponder", "", None),
        ("Something new", "", Kind.UNCLEAR),
    ],
)
def test_the_servers_words_come_before_the_providers(letter, mark, kind, said, meant):
    told = posted.postmark_bounce(to=letter.to_email, mark=mark, kind=kind, said=said)
    posted.post("postmark", told)
    assert reports() == ([("postmark", meant)] if meant else [])


def test_opened_mails_are_not_kept(letter, mark):
    posted.post("postmark", posted.postmark("Open", to=letter.to_email, mark=mark))
    assert reports() == []


def test_a_dead_address_behind_a_forwarding_is_not_ours(letter, mark):
    posted.post("mailgun", posted.mailgun_failure(to="behind@example.net", mark=mark))
    assert (reports(), blocked()) == ([("mailgun", "elsewhere")], [])


# --- The other providers, each in its own shape ---


def ses_bounce(letter, kind, **fields):
    return {
        "notificationType": "Bounce",
        "mail": {
            "messageId": "0100",
            "destination": [letter.to_email],
            "tags": {"letter": [returning.token_of(letter)]},
        },
        "bounce": {
            "bounceType": kind,
            "bounceSubType": "General",
            "bouncedRecipients": [{"emailAddress": letter.to_email, **fields}],
        },
    }


@pytest.mark.parametrize(
    ("kind", "fields", "meant"),
    [
        ("Permanent", {"diagnosticCode": "smtp; 550 5.1.1 user unknown"}, Kind.BOUNCED),
        ("Permanent", {}, Kind.BOUNCED),
        ("Transient", {}, Kind.SOFT),
        ("Undetermined", {}, Kind.UNCLEAR),
    ],
)
def test_amazon(letter, kind, fields, meant):
    told, headers = posted.ses(ses_bounce(letter, kind, **fields))
    assert posted.post("amazon_ses", told, **headers).status_code == 200
    assert reports() == [("amazon_ses", meant)]


def test_amazons_question_whether_to_subscribe_is_left_to_a_person(letter, caplog):
    told = {
        "Type": "SubscriptionConfirmation",
        "MessageId": "c1",
        "TopicArn": "arn:aws:sns:us-east-1:1234567890:events",
        "Token": "t",
        "SubscribeURL": "https://sns.us-east-1.amazonaws.com/?Action=ConfirmSubscription&Token=t",
    }
    answer = posted.post(
        "amazon_ses",
        told,
        X_Amz_Sns_Message_Type="SubscriptionConfirmation",
        X_Amz_Sns_Message_Id="c1",
    )
    assert answer.status_code == 200
    assert told["SubscribeURL"] in caplog.text


@pytest.mark.filterwarnings("ignore::anymail.exceptions.AnymailNotSupportedWarning")
def test_sendgrid_signs_many_reports_at_once(letter, mark, suzhou, settings):
    key = ec.generate_private_key(ec.SECP256R1())
    public = key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    settings.ANYMAIL = services.webhooks(
        ["sendgrid"], secret=posted.SECRET, sendgrid_key=base64.b64encode(public).decode()
    )
    other = write(suzhou, 2)
    told = json.dumps(
        [
            {
                "email": letter.to_email,
                "event": "bounce",
                "type": "bounce",
                "status": "5.1.1",
                "reason": "550 5.1.1 The email account does not exist",
                "sg_event_id": "a",
                "letter": mark,
            },
            {
                "email": other.to_email,
                "event": "dropped",
                "reason": "Bounced Address",
                "sg_event_id": "b",
                "smtp-id": other.message_id,
            },
            {"email": "x@example.com", "event": "processed", "sg_event_id": "c"},
        ]
    )
    signature = base64.b64encode(key.sign(b"160" + told.encode(), ec.ECDSA(hashes.SHA256())))
    signed = {
        "X_Twilio_Email_Event_Webhook_Signature": signature.decode(),
        "X_Twilio_Email_Event_Webhook_Timestamp": "160",
    }
    assert posted.post("sendgrid", told + " ", **signed).status_code == 400
    assert reports() == []
    assert posted.post("sendgrid", told, **signed).status_code == 200
    assert reports() == [("sendgrid", "bounced")] * 2
    assert {address for address, _reason in blocked()} == {letter.to_email, other.to_email}


@pytest.mark.parametrize(
    ("told", "meant"),
    [
        ({"event": "hard_bounce"}, Kind.BOUNCED),
        ({"event": "soft_bounce"}, Kind.SOFT),
        ({"event": "invalid_email"}, Kind.BOUNCED),
        ({"event": "blocked"}, Kind.REJECTED),
        ({"event": "spam"}, Kind.COMPLAINED),
        ({"event": "unsubscribe"}, Kind.UNSUBSCRIBED),
        ({"event": "delivered"}, Kind.DELIVERED),
        ({"event": "deferred"}, Kind.DELAYED),
    ],
)
def test_brevo(letter, mark, told, meant):
    custom = {"X-Mailin-custom": json.dumps({"letter": mark}), "email": letter.to_email}
    posted.post("brevo", told | custom | {"ts_epoch": 1_529_006_854_000})
    assert reports() == [("brevo", meant)]


@pytest.mark.parametrize(
    ("told", "meant"),
    [
        ({"event": "bounce", "hard_bounce": True, "error": "user unknown"}, Kind.BOUNCED),
        ({"event": "bounce", "hard_bounce": False, "error": "mailbox inactive"}, Kind.SOFT),
        ({"event": "spam", "source": "JMRPP"}, Kind.COMPLAINED),
        ({"event": "unsub"}, Kind.UNSUBSCRIBED),
        ({"event": "sent", "smtp_reply": "250 ok"}, Kind.DELIVERED),
    ],
)
def test_mailjet(letter, mark, told, meant):
    posted.post(
        "mailjet",
        [told | {"email": letter.to_email, "time": 1, "Payload": json.dumps({"letter": mark})}],
    )
    assert reports() == [("mailjet", meant)]


@pytest.mark.parametrize(
    ("told", "meant"),
    [
        ({"type": "bounce", "bounce_class": "10"}, Kind.BOUNCED),
        ({"type": "bounce", "bounce_class": "22"}, Kind.SOFT),
        ({"type": "bounce", "bounce_class": "51"}, Kind.REJECTED),
        ({"type": "spam_complaint"}, Kind.COMPLAINED),
        ({"type": "delivery"}, Kind.DELIVERED),
    ],
)
def test_sparkpost(letter, mark, told, meant):
    known = {"event_id": "1", "rcpt_meta": {"letter": mark}, "raw_rcpt_to": letter.to_email}
    posted.post("sparkpost", [{"msys": {"message_event": told | known}}])
    assert reports() == [("sparkpost", meant)]


@pytest.mark.parametrize(
    ("event", "bounce", "meant"),
    [
        (
            "email.bounced",
            {"message": "sent a hard bounce message", "type": "Permanent"},
            "bounced",
        ),
        ("email.bounced", {"message": "the inbox was full", "type": "Transient"}, "soft"),
        ("email.delivered", None, "delivered"),
        ("email.complained", None, "complained"),
    ],
)
def test_resend(letter, mark, event, bounce, meant):
    data = {
        "email_id": "56761188-7520-42d8-8898-ff6fc54ce618",
        "to": [letter.to_email],
        "headers": [{"name": "X-Metadata", "value": json.dumps({"letter": mark})}],
    }
    if bounce:
        data["bounce"] = bounce
    told = {"type": event, "created_at": "2026-03-01T16:34:52.000Z", "data": data}
    posted.post("resend", told, svix_id="msg_1")
    assert reports() == [("resend", meant)]


# --- Settings ---


def test_a_provider_that_nobody_knows_stops_the_start():
    with pytest.raises(ImproperlyConfigured, match="pigeon"):
        services.providers(["mailgun", "pigeon"])
    assert services.providers(["mailgun", "brevo", "mailgun"]) == ["mailgun", "brevo"]


@pytest.mark.parametrize("secret", ["", "nothing", ":a-long-enough-password-of-a-test", "me:short"])
def test_a_secret_that_could_be_guessed_stops_the_start(secret):
    with pytest.raises(ImproperlyConfigured, match="PLENARY_MAIL_PROVIDERS_SECRET"):
        services.webhooks(["postmark"], secret=secret)


def test_mailgun_needs_the_key_that_it_signs_with():
    with pytest.raises(ImproperlyConfigured, match="PLENARY_MAILGUN_SIGNING_KEY"):
        services.webhooks(["mailgun"], secret=posted.SECRET)
