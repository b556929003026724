"""Leaving optional mail by one press, and coming back."""

import pytest
from django.test import Client
from django.urls import reverse

from conference.models import AuditEntry, Message, Suppression
from conference.operations import mailing, unsubscribing
from tests.conference.web.test_pages import write


@pytest.fixture
def letter(suzhou):
    letter = write(suzhou, 1)
    Message.objects.filter(pk=letter.pk).update(optional=True)
    letter.refresh_from_db()
    return letter


@pytest.fixture
def url(letter):
    return reverse("conference:unsubscribe", args=[unsubscribing.token_of(letter)])


def reasons():
    return list(Suppression.objects.values_list("address", "reason"))


def test_optional_letters_alone_offer_to_unsubscribe(letter, suzhou, url, settings):
    headers = mailing.compose(letter).message()
    assert headers["List-Unsubscribe"] == f"<{settings.PUBLIC_BASE_URL}{url}>"
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert "List-Unsubscribe" not in mailing.compose(write(suzhou, 2)).message()


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", "Unsubscribe from optional mail:"), ("zh-hans", "退订非必要邮件：")],
)
def test_optional_letters_end_with_a_line_to_unsubscribe(letter, url, settings, language, words):
    address = f"{settings.PUBLIC_BASE_URL}{url}"
    letter.language = language
    letter.body_html = "<html><body><p>Good morning</p></body></html>"
    mail = mailing.compose(letter)
    assert mail.body == f"Good morning\n{words} {address}\n"
    (html,) = [part.content for part in mail.alternatives]
    assert html.startswith("<html><body><p>Good morning</p><p ")
    assert f'<a href="{address}" style="color:#0b5a47;">{words[:-1]}</a></p></body></html>' in html


def test_what_everybody_must_know_has_no_such_line(suzhou):
    assert mailing.compose(write(suzhou, 2)).body == "Good morning"


def test_a_mail_program_unsubscribes_without_a_cookie(letter, url):
    program = Client(enforce_csrf_checks=True)
    for _twice in range(2):
        assert program.post(url, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert reasons() == [("guest1@example.com", "unsubscribed")]


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_looking_at_the_page_changes_nothing(client, letter, url, language):
    page = client.get(url, headers={"accept-language": language})
    assert "guest1@example.com" in page.content.decode()
    assert reasons() == []


def test_who_left_comes_back_by_a_press_and_other_blocks_stay(client, letter, url, suzhou):
    client.post(url)
    Suppression.objects.create(
        conference=suzhou, address=letter.to_email, reason="by_hand", since=letter.due_at
    )
    client.post(reverse("conference:come_back", args=[unsubscribing.token_of(letter)]))
    assert reasons() == [("guest1@example.com", "by_hand")]
    assert list(AuditEntry.objects.order_by("pk").values_list("action", flat=True)) == [
        "mail.block",
        "mail.unblock",
    ]


def test_coming_back_asks_for_a_page_of_ours(letter, url):
    program = Client(enforce_csrf_checks=True)
    again = reverse("conference:come_back", args=[unsubscribing.token_of(letter)])
    assert program.post(again).status_code == 403


@pytest.mark.parametrize("token", ["1-0", "x-0", "²-0", "9" * 40, "1"])
def test_an_address_that_nobody_signed_is_nothing(client, letter, token):
    assert client.post(reverse("conference:unsubscribe", args=[token])).status_code == 404
    assert reasons() == []


def test_another_letters_key_is_of_no_use(client, letter, suzhou):
    key = unsubscribing.token_of(write(suzhou, 2)).partition("-")[2]
    url = reverse("conference:unsubscribe", args=[f"{letter.pk}-{key}"])
    assert client.post(url).status_code == 404


def test_the_page_of_a_letters_source_opens_nothing(letter, url):
    assert unsubscribing.token_of(letter) not in mailing.source_of(letter)
