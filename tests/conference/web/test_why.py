"""Why did or didn't she get it? What the organiser sees of one letter, and does about it."""

import pytest

from conference.models import Campaign, Message, MessageStep
from conference.operations import mailing
from tests.conference.conftest import NOW
from tests.conference.web.test_pages import address, write


@pytest.fixture
def letter(suzhou):
    return write(suzhou, 1)


def put(letter, state, **fields):
    Message.objects.filter(pk=letter.pk).update(state=state, **fields)


def kinds(letter):
    return [step.kind for step in mailing.steps_of(letter)]


def test_each_step_is_told_with_its_rule_and_the_servers_own_words(desk, suzhou, letter):
    mailing.record_step(
        message_id=letter.pk,
        kind=MessageStep.Kind.REFUSED,
        at=NOW,
        answer="550 5.1.1 no such user",
        rule="permanent",
    )
    page = desk.get(address("conference:message_detail", suzhou, letter.pk)).content.decode()
    assert mailing.words("occasion") in page
    assert mailing.words("permanent") in page
    assert "550 5.1.1 no such user" in page


def test_a_letter_in_doubt_is_settled_by_a_person_who_knows(desk, suzhou, letter, organiser):
    put(letter, "uncertain", handed_over_at=NOW, is_doubtful=True)
    page = desk.get(address("conference:message_detail", suzhou, letter.pk)).content.decode()
    assert "It has arrived" in page
    desk.post(address("conference:message_settle", suzhou, letter.pk))
    letter.refresh_from_db()
    assert (letter.state, letter.sent_at) == ("sent", NOW)
    assert mailing.steps_of(letter)[-1].actor == organiser


def test_a_letter_in_doubt_is_sent_again_by_a_person_who_asked(desk, suzhou, letter):
    put(letter, "uncertain", handed_over_at=NOW, is_doubtful=True)
    desk.post(address("conference:message_retry", suzhou, letter.pk))
    letter.refresh_from_db()
    assert letter.state == "queued"
    assert kinds(letter)[-1] == "retried"


def test_a_letter_that_left_is_not_settled(desk, suzhou, letter):
    answer = desk.post(address("conference:message_settle", suzhou, letter.pk), follow=True)
    letter.refresh_from_db()
    assert letter.state == "queued"
    assert "counts as sent" not in answer.content.decode()


def test_all_that_failed_is_sent_again_after_a_look_at_the_reasons(desk, suzhou, tacoma):
    ours = [write(suzhou, n) for n in range(3)]
    elsewhere = write(tacoma, 1)
    for each in (*ours[:2], elsewhere):
        put(each, "failed", server_answer="550 no such user")
    url = address("conference:message_retry_failed", suzhou)
    page = desk.get(url)
    assert (page.context["count"], list(page.context["reasons"])) == (
        2,
        [("550 no such user", mailing.words("occasion"), 2)],
    )
    desk.post(url)
    assert set(Message.objects.filter(conference=suzhou).values_list("state", flat=True)) == {
        "queued"
    }
    elsewhere.refresh_from_db()
    assert elsewhere.state == "failed"


def test_a_letter_that_never_met_a_server_is_counted_with_its_rule(desk, suzhou, letter):
    put(letter, "failed")
    mailing.record_step(
        message_id=letter.pk, kind=MessageStep.Kind.SUPPRESSED, at=NOW, rule="unreachable"
    )
    page = desk.get(address("conference:message_retry_failed", suzhou)).content.decode()
    assert mailing.words("unreachable") in page


def test_nothing_of_a_cancelled_mailing_is_sent_again(desk, suzhou, letter):
    mailing_ = Campaign.objects.create(conference=suzhou, name="Parking", state="cancelled")
    put(letter, "failed", campaign=mailing_, server_answer="550 no such user")
    page = desk.get(address("conference:message_detail", suzhou, letter.pk)).content.decode()
    assert ("Send again" in page, "nothing more of it leaves" in page) == (False, True)
    assert (
        "Send all failed"
        not in desk.get(address("conference:message_list", suzhou)).content.decode()
    )
    told = desk.post(address("conference:message_retry", suzhou, letter.pk), follow=True)
    assert "nothing more of it leaves" in told.content.decode()
    desk.post(address("conference:message_retry_failed", suzhou))
    letter.refresh_from_db()
    assert letter.state == "failed"


def test_whoever_retries_the_letters_of_a_mailing_comes_back_to_it(desk, suzhou, letter):
    mailing_ = Campaign.objects.create(conference=suzhou, name="Parking", state="done")
    put(letter, "failed", campaign=mailing_)
    url = address("conference:message_retry_failed", suzhou) + f"?mailing={mailing_.pk}"
    assert desk.post(url).url == address("conference:campaign_detail", suzhou, mailing_.pk)


def test_a_letter_in_doubt_is_not_sent_again_with_the_failed_ones(desk, suzhou, letter):
    put(letter, "uncertain", handed_over_at=NOW, is_doubtful=True)
    desk.post(address("conference:message_retry_failed", suzhou))
    letter.refresh_from_db()
    assert letter.state == "uncertain"


def test_the_source_has_the_headers_and_no_link_that_works(desk, suzhou, letter):
    token = "aBcDeFgHiJkLmNoPqRsTuVwXyZ012345"
    Message.objects.filter(pk=letter.pk).update(
        body_text=f"Answer: https://plenary.example/delegation/link/{token}/ please",
        body_html=f'<a href="https://plenary.example/delegation/link/{token}/">Answer</a>',
    )
    page = desk.get(address("conference:message_source", suzhou, letter.pk)).content.decode()
    assert f"Message-ID: &lt;{letter.uid}@" in page
    assert "Return-Path:" in page
    assert token not in page
    whole = desk.get(address("conference:message_detail", suzhou, letter.pk)).content.decode()
    assert token not in whole
    assert "https://plenary.example/delegation/link/…/ please" in whole


@pytest.mark.parametrize("name", ["message_settle", "message_source"])
def test_another_conferences_letter_is_not_looked_into(desk, suzhou, tacoma, name):
    url = address(f"conference:{name}", suzhou, write(tacoma, 1).pk)
    assert desk.get(url).status_code in {404, 405}
    assert desk.post(url).status_code in {404, 405}
