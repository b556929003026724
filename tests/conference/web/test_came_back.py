"""What came back, in the organiser's lists of letters."""

from datetime import timedelta

import pytest
from django.utils import timezone

from conference.models import Campaign, Message
from conference.operations import mailing, returning
from tests.conference.conftest import NOW
from tests.conference.web.test_pages import address, write


@pytest.fixture
def letters(suzhou):
    """Three letters that were sent, of which the first came back."""
    found = [write(suzhou, number) for number in range(3)]
    Message.objects.filter(conference=suzhou).update(state="sent", sent_at=NOW)
    come_back(found[0])
    return found


def come_back(letter):
    returning.note(message=letter, event="e", source="test", kind="bounced", now=NOW)


def test_the_list_says_so_counts_it_and_finds_it(desk, suzhou, letters):
    url = address("conference:message_list", suzhou)
    page = desk.get(url)
    assert [(chip["code"], chip["count"]) for chip in page.context["chips"]] == [
        ("sent", 2),
        ("bounced", 1),
    ]
    assert page.content.decode().count("Came back") == 2
    assert list(desk.get(url, {"state": "bounced"}).context["page"]) == letters[:1]
    assert set(desk.get(url, {"state": "sent"}).context["page"]) == set(letters[1:])


def test_one_that_arrived_after_all_is_sent_again(desk, suzhou, letters):
    returning.note(
        message=letters[0],
        event="later",
        source="test",
        kind="delivered",
        now=NOW + timedelta(hours=1),
    )
    page = desk.get(address("conference:message_list", suzhou))
    assert [chip["code"] for chip in page.context["chips"]] == ["sent"]


def test_what_came_back_to_another_conference_is_not_counted(desk, suzhou, tacoma, letters):
    stranger = write(tacoma, 1)
    Message.objects.filter(pk=stranger.pk).update(state="sent", sent_at=NOW)
    come_back(stranger)
    page = desk.get(address("conference:message_list", suzhou), {"state": "bounced"})
    assert list(page.context["page"]) == letters[:1]


def test_the_letters_own_page_says_it(desk, suzhou, letters):
    page = desk.get(address("conference:message_detail", suzhou, letters[0].pk)).content.decode()
    assert "state--warn" in page
    assert "Came back" in page


def test_a_mailing_tells_how_many_came_back(desk, suzhou, letters):
    campaign = Campaign.objects.create(
        conference=suzhou, name="News", purpose="mailing", audience="people", state="sent"
    )
    Message.objects.filter(conference=suzhou).update(campaign=campaign)
    listed = desk.get(address("conference:campaign_list", suzhou))
    assert [each.back for each in listed.context["page"]] == [1]
    url = address("conference:campaign_detail", suzhou, campaign.pk)
    page = desk.get(url)
    assert [(chip["code"], chip["count"]) for chip in page.context["chips"]] == [
        ("sent", 2),
        ("bounced", 1),
    ]
    assert (page.context["sent"], page.context["total"]) == (3, 3)
    back = desk.get(url, {"state": "bounced"}).context["rows"]
    assert [letter for letter, _why, _beside in back] == letters[:1]


def test_it_is_sent_again_by_hand_and_is_back_no_more_until_it_comes_back_again(
    desk, suzhou, letters
):
    letter, url = letters[0], address("conference:message_detail", suzhou, letters[0].pk)
    assert "Send again" in desk.get(url).content.decode()
    desk.post(address("conference:message_retry", suzhou, letter.pk))
    letter.refresh_from_db()
    assert (letter.state, letter.sent_at) == ("queued", None)
    Message.objects.filter(pk=letter.pk).update(state="sent", sent_at=timezone.now())
    assert not mailing.come_back(Message.objects.all()).exists()
    assert "Send again" not in desk.get(url).content.decode()
    returning.note(message=letter, event="f", source="test", kind="soft", now=timezone.now())
    assert list(mailing.come_back(Message.objects.all())) == [letter]


def test_one_that_is_with_its_recipient_is_not_sent_again(desk, suzhou, letters):
    desk.post(address("conference:message_retry", suzhou, letters[1].pk))
    letters[1].refresh_from_db()
    assert letters[1].state == "sent"
