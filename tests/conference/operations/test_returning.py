"""Letters that come back: told from other mail, traced to their letter by a key, counted once."""

import time
from collections import defaultdict
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from conference.errors import MailboxUnreadable
from conference.models import MailReport, MessageStep, ReadMailbox, Suppression
from conference.operations import mailing, returning, suppressing
from conference.operations.mailing import outcomes
from config.settings import services
from tests.conference.conftest import NOW
from tests.conference.web.test_pages import write
from tests.support import returned

Kind = MailReport.Kind


@pytest.fixture
def letter(suzhou, settings):
    settings.BOUNCE_ADDRESS = "bounces@plenary.example"
    return write(suzhou, 1)


@pytest.fixture
def fetch(mailbox):
    def fetch(now=NOW):
        return returning.fetch(mailbox=services.mailbox(mailbox.url), now=now)

    return fetch


def kinds(letter):
    return [step.kind for step in mailing.steps_of(letter)]


def reports():
    return list(MailReport.objects.order_by("pk").values_list("kind", flat=True))


def blocked():
    return list(Suppression.objects.values_list("address", "reason"))


# --- The mark ---


def test_each_letter_has_a_return_path_of_its_own(letter, suzhou):
    other = write(suzhou, 2)
    path = mailing.return_path(letter)
    assert path != mailing.return_path(other)
    assert path.startswith("bounces+l")
    assert len(path.partition("@")[0]) <= 64
    assert returning.letter_of(path.upper()) == letter


def test_a_mark_with_another_letters_key_is_none(letter, suzhou):
    other = write(suzhou, 2)
    key = returning.token_of(letter).partition("-")[2]
    assert returning.find_letter(f"bounces+l{other.pk}-{key}@plenary.example") is None


def test_without_an_address_for_bounces_they_go_to_the_sender(letter, settings):
    settings.BOUNCE_ADDRESS = ""
    assert mailing.return_path(letter) == settings.DEFAULT_FROM_ADDRESS


# --- Reading ---


@pytest.mark.parametrize(
    ("status", "said", "kind"),
    [
        ("5.1.1", "smtp; 550 5.1.1 user unknown", Kind.BOUNCED),
        ("5.1.10", "smtp;550 5.1.10 RESOLVER.ADR.RecipientNotFound", Kind.BOUNCED),
        ("5.0.0", "smtp; 550-5.1.1 The email account does not exist. gsmtp", Kind.BOUNCED),
        ("5.0.0", "smtp; 550 User not found: mayor@163.com", Kind.BOUNCED),
        ("5.0.0", "smtp; 554 DT:SPM 163 spam, please see http://mail.163.com", Kind.REJECTED),
        ("5.7.26", "smtp; 550-5.7.26 unauthenticated, DMARC policy", Kind.REJECTED),
        ("5.2.2", "smtp; 552 5.2.2 mailbox full", Kind.SOFT),
        ("4.4.7", "smtp; 450 4.4.7 delivery time expired", Kind.SOFT),
        ("5.0.0", "smtp; 554 transaction failed", Kind.UNCLEAR),
    ],
)
def test_the_servers_answer_tells_a_dead_address_from_a_full_one(letter, status, said, kind):
    found = returning.read(returned.report(letter, status=status, said=said))
    assert found is not None
    assert found.kind == kind


@pytest.mark.parametrize(
    ("sender", "subject", "words", "kind"),
    [
        (
            "PostMaster@qq.com",
            "系统退信",
            "<p>很抱歉，您的邮件未能送达。收件人邮箱地址不存在。</p>",
            Kind.BOUNCED,
        ),
        ("postmaster@163.com", "系统退信/Systems bounce", "收件人邮箱已满。", Kind.SOFT),
        ("postmaster@126.com", "系统退信", "SMTP error, RCPT TO: 550 User not found", Kind.BOUNCED),
        ("postmaster@qq.com", "系统退信", "邮件被对方服务器拒收，疑似垃圾邮件。", Kind.REJECTED),
        ("Microsoft Exchange <postmaster@x.org>", "Undeliverable: Hi", "Try later.", Kind.UNCLEAR),
    ],
)
def test_a_provider_that_writes_in_plain_words_is_understood(letter, sender, subject, words, kind):
    found = returning.read(returned.in_words(letter, words, sender=sender, subject=subject))
    assert found is not None
    assert found.kind == kind
    assert returning.letter_of("\n".join(found.texts)) == letter


def test_a_letter_still_being_tried_is_not_one_that_came_back(letter):
    found = returning.read(returned.report(letter, action="delayed", status="4.4.1"))
    assert found is not None
    assert found.kind == Kind.DELAYED


def test_answers_of_people_and_of_their_absence_are_no_reports(letter):
    assert returning.read(returned.answer(letter)) is None
    assert returning.read(returned.answer(letter, Auto_Submitted="auto-replied")) is None
    assert returning.read(returned.answer(letter, Precedence="auto_reply")) is None


@given(st.binary(max_size=400))
def test_no_mail_is_so_odd_that_reading_it_fails(noise):
    returning.read(b"Content-Type: multipart/report; boundary=B\n\n--B\n" + noise)
    returning.read(
        b"From: postmaster@x\nContent-Type: message/delivery-status\n\nAction: failed\n" + noise
    )


@pytest.mark.parametrize(
    "swap",
    [
        (b"Action: failed", b"Action:"),
        (b"charset=us-ascii", b"charset=idna"),
        (b"charset=us-ascii", b"charset=unicode_escape"),
        (b"charset=us-ascii", b'charset="a\0b"'),
        (b"Message-ID: <report", b"Message-ID: =?unicode_escape?q?=5Cud83d?= <report"),
        (b"Subject: Undelivered", b"Subject: =?utf-8?b?abcde?= Undelivered"),
        (b"no such user", b"no such user \0 \xff\xfe"),
    ],
)
def test_a_report_that_is_not_as_it_should_be_counts_and_holds_up_no_other(
    suzhou, letter, mailbox, fetch, swap
):
    other = write(suzhou, 2)
    good = returned.report(letter)
    odd = good.replace(*swap)
    assert odd != good
    mailbox.put(odd)
    mailbox.put(returned.report(other))
    assert fetch().reports == 2
    assert ReadMailbox.objects.get().last_uid == 2


def test_what_no_program_can_take_apart_is_left_alone(letter, mailbox, fetch):
    mailbox.put(b"Content-Type: message/rfc822\n\n" * 5000)
    mailbox.put(returned.report(letter))
    fetched = fetch()
    assert (fetched.others, fetched.reports) == (1, 1)
    assert ReadMailbox.objects.get().last_uid == 2


@pytest.mark.parametrize("piece", [b"<", b"<style", b"<script>"])
def test_a_page_written_to_keep_its_reader_busy_does_not(piece):
    page = b"From: postmaster@x\nContent-Type: text/html\n\n" + piece * (250_000 // len(piece))
    began = time.monotonic()
    returning.read(page)
    assert time.monotonic() - began < 10


@pytest.mark.parametrize(
    "header",
    [
        b"Content-Type: text/plain" + b";" * 200_000,
        b"Content-Type: multipart/report" + b"; a=b" * 40_000,
        b"Content-Type: text/plain" + b";\n " * 60_000,
        b"Subject: " + b"=?utf-8?q?a?= " * 15_000,
    ],
)
def test_a_header_written_to_keep_its_reader_busy_does_not(header):
    mail = b"From: postmaster@x\n" + header + b"\n\nuser unknown"
    within = b"Content-Type: message/rfc822\n\n" + mail
    began = time.monotonic()
    for each in (mail, within):
        returning.read(each)
    assert time.monotonic() - began < 5


def test_of_a_page_only_its_words_are_read(letter):
    page = "<style>p { spam: 1 }</style><p>该邮箱<b>不存在</b></p><script>1 < 2</script>"
    found = returning.read(
        returned.in_words(letter, page, sender="postmaster@qq.com", subject="系统退信")
    )
    assert found is not None
    assert (found.kind, found.words) == (Kind.BOUNCED, "该邮箱 不存在")


# --- What follows ---


def test_a_dead_address_is_blocked_and_whoever_wrote_is_told(letter, mailbox, fetch, monkeypatch):
    heard = []
    monkeypatch.setattr(outcomes, "_followers", defaultdict(list))
    mailing.on_outcome(purpose="greeting", follow=heard.append)
    mailbox.put(returned.report(letter))
    assert fetch().reports == 1
    assert blocked() == [("guest1@example.com", "hard_bounce")]
    assert kinds(letter)[-1] == MessageStep.Kind.BOUNCED
    assert [(each.kind, each.answer) for each in heard] == [("bounced", "550 5.1.1 no such user")]


def test_a_report_read_twice_counts_once(letter, mailbox, fetch):
    mailbox.put(returned.report(letter))
    fetch()
    mailbox.validity += 1
    again = fetch()
    assert (again.mails, again.reports, again.known) == (1, 0, 1)
    assert reports() == [Kind.BOUNCED]
    assert kinds(letter).count("bounced") == 1


def test_only_what_is_new_is_fetched_and_nothing_in_the_box_is_changed(letter, mailbox, fetch):
    mailbox.put(returned.report(letter))
    fetch()
    second = mailbox.put(returned.report(letter, number=2))
    fetch()
    fetch()
    assert mailbox.fetched == [1, second]
    assert {each.split()[0] for each in mailbox.commands} <= {
        "CAPABILITY",
        "LOGIN",
        "EXAMINE",
        "UID",
        "LOGOUT",
    }


def test_a_forged_report_does_nothing(letter, mailbox, fetch):
    forged = returned.report(letter).replace(
        returning.token_of(letter).encode(), b"l1-" + b"0" * 20
    )
    mailbox.put(forged)
    assert fetch().others == 1
    assert (reports(), blocked()) == ([], [])


def test_the_mark_in_the_returned_headers_is_enough(letter, mailbox, fetch):
    mailbox.put(returned.report(letter, to="noreply@plenary.example"))
    assert fetch().reports == 1


def test_full_mailboxes_are_counted_and_the_third_letter_blocks(suzhou, letter, mailbox, fetch):
    for number in range(3):
        assert blocked() == []
        again = write(suzhou, 10 + number)
        type(again).objects.filter(pk=again.pk).update(to_email=letter.to_email)
        again.refresh_from_db()
        full = returned.report(again, status="5.2.2", said="smtp; 552 mailbox full")
        mailbox.put(full)
        fetch(NOW + timedelta(days=number))
    assert blocked() == [("guest1@example.com", "hard_bounce")]


def test_the_same_letter_coming_back_softly_again_and_again_is_one(letter, mailbox, fetch):
    for number in range(4):
        mailbox.put(returned.report(letter, status="4.2.2", said="smtp; 452 full", number=number))
    fetch()
    assert (len(reports()), blocked()) == (4, [])


def test_a_letter_forwarded_to_a_dead_address_does_not_block_ours(letter, mailbox, fetch):
    mailbox.put(returned.report(letter, recipient="assistant@elsewhere.example"))
    fetch()
    assert (reports(), blocked()) == ([Kind.ELSEWHERE], [])


def test_a_report_names_a_domain_as_servers_do_and_means_the_address_written_to(
    suzhou, mailbox, fetch
):
    letter = write(suzhou, 3)
    type(letter).objects.filter(pk=letter.pk).update(to_email="mayor@bücher.example")
    mailbox.put(returned.report(letter, recipient="mayor@xn--bcher-kva.example"))
    fetch()
    assert reports() == [Kind.BOUNCED]
    found = suppressing.suppressed(["Mayor@Bücher.example"], conference=suzhou)
    assert found == {"Mayor@Bücher.example": "hard_bounce"}


def test_a_letter_refused_as_spam_does_not_block_the_address(letter, mailbox, fetch):
    mailbox.put(returned.report(letter, status="5.7.1", said="smtp; 550 5.7.1 spam"))
    fetch()
    assert (reports(), blocked()) == ([Kind.REJECTED], [])


def test_a_complaint_stops_mailings(letter, mailbox, fetch):
    mailbox.put(returned.complaint(letter))
    fetch()
    assert blocked() == [("guest1@example.com", "complaint")]
    assert kinds(letter)[-1] == "complained"


def test_a_report_that_cannot_be_kept_holds_up_no_other(
    suzhou, letter, mailbox, fetch, monkeypatch
):
    def fail(_outcome):
        raise RuntimeError

    monkeypatch.setattr(outcomes, "_followers", defaultdict(list, {"greeting": [fail]}))
    good = write(suzhou, 2)
    type(good).objects.filter(pk=good.pk).update(purpose="other")
    mailbox.put(returned.report(letter))
    mailbox.put(returned.report(good))
    assert fetch().reports == 1
    monkeypatch.setattr(outcomes, "_followers", defaultdict(list))
    assert fetch().reports == 1
    assert ReadMailbox.objects.get().last_uid == 2


def test_a_mailbox_that_lets_nobody_in_says_so(db, mailbox, settings):
    settings.BOUNCE_MAILBOX = services.mailbox(mailbox.url.replace("secret", "wrong"))
    with pytest.raises(CommandError, match="wrong name or password"):
        call_command("fetch_bounces")


def test_a_certificate_of_nobody_known_is_refused(db, mailbox, monkeypatch):
    monkeypatch.delenv("SSL_CERT_FILE")
    with pytest.raises(MailboxUnreadable, match="CERTIFICATE_VERIFY_FAILED"):
        returning.fetch(mailbox=services.mailbox(mailbox.url), now=NOW)


def test_the_command_says_what_it_found(letter, mailbox, settings, capsys):
    settings.BOUNCE_MAILBOX = services.mailbox(mailbox.url)
    mailbox.put(returned.report(letter))
    mailbox.put(returned.answer(letter))
    call_command("fetch_bounces")
    assert "2 mails read: 1 new reports, 0 known ones, 1 that" in capsys.readouterr().out


def test_the_page_of_a_letter_tells_that_it_came_back(desk, suzhou, letter, mailbox, fetch):
    mailbox.put(returned.report(letter))
    fetch()
    page = desk.get(reverse("conference:message_detail", args=[suzhou.slug, letter.pk]))
    assert mailing.words("report_bounced") in page.content.decode().replace("&#x27;", "'")
