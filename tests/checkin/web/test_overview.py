"""What the overview tells of letters and addresses that need a hand."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from conference.models import Message, Suppression
from conference.operations import returning, suppressing
from tests.checkin.conftest import make_conference, make_member, make_person


@pytest.fixture
def sentences(client, conference):
    """What the overview says to a protocol officer: each sentence with its link."""
    client.force_login(
        make_member(conference, "protocol"),
        backend="django.contrib.auth.backends.ModelBackend",
    )

    def sentences():
        page = client.get(reverse("checkin:overview", args=[conference.slug]))
        return {each["sentence"]: each["url"] for each in page.context["concerns"]}

    return sentences


def make_letter(conference, state, number=1, **fields):
    return Message.objects.create(
        conference=conference,
        key=f"letter:{number}",
        to_email="a@example.org",
        due_at=timezone.now(),
        state=state,
        **fields,
    )


def block(conference, address, reason="hard_bounce"):
    suppressing.suppress(
        conference=conference,
        address=address,
        reason=reason,
        evidence="550",
        now=timezone.now(),
    )


def test_addresses_of_people_that_do_not_work_are_counted_until_they_are_mended(
    conference, delegation, sentences
):
    vera = make_person(delegation, given_name="Vera", email="Vera@example.org")
    delegation.focal_email = "focal@example.org"
    delegation.save()
    for address in ("vera@example.org", "focal@example.org", "nobody-of-ours@example.org"):
        block(conference, address)
    told = sentences()
    link = reverse("conference:blocked_list", args=[conference.slug]) + "?reason=hard_bounce"
    assert told["2 addresses of participants do not work"] == link
    vera.email = "vera.new@example.org"
    vera.save()
    assert "1 address of a participant does not work" in sentences()


def test_an_address_in_another_script_that_does_not_work_is_told(conference, delegation, sentences):
    make_person(delegation, given_name="Vera", email="Vera@Bücher.example")
    delegation.focal_email = "focal@例子.example"
    delegation.save()
    for address in ("vera@bücher.example", "focal@例子.example", "vera@kasse.example"):
        block(conference, address)
    assert "2 addresses of participants do not work" in sentences()


def test_who_unsubscribed_or_left_or_is_of_another_conference_is_no_concern(
    conference, delegation, sentences
):
    make_person(delegation, given_name="Una", email="una@example.org")
    gone = make_person(delegation, given_name="Gone", email="gone@example.org")
    gone.withdrawn_at = timezone.now()
    gone.save()
    block(conference, "una@example.org", "unsubscribed")
    block(conference, "gone@example.org")
    block(make_conference("other"), "una@example.org")
    assert Suppression.objects.count() == 3
    assert not [each for each in sentences() if "do not work" in each or "does not work" in each]


@pytest.mark.parametrize(("days", "is_told"), [(1, True), (15, False)])
def test_letters_that_came_back_lately_are_told_however_long_ago_they_left(
    conference, sentences, days, is_told
):
    now = timezone.now()
    letter = make_letter(conference, "sent", sent_at=now - timedelta(days=30))
    returning.note(
        message=letter, event="e", source="test", kind="soft", now=now - timedelta(days=days)
    )
    link = reverse("conference:message_list", args=[conference.slug]) + "?state=bounced"
    assert (sentences().get("1 letter came back lately") == link) is is_told


def test_letters_in_doubt_are_told_apart_from_those_that_failed(conference, sentences):
    for number, state in enumerate(["failed", "uncertain", "uncertain"]):
        make_letter(conference, state, number)
    told, page = sentences(), reverse("conference:message_list", args=[conference.slug])
    assert told["1 letter could not be sent"] == f"{page}?state=failed"
    assert told["2 letters are in doubt: say whether they arrived"] == f"{page}?state=uncertain"
