"""What the pages say of a letter that was ticked, or made and held."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from conference.operations import campaigning
from tests.delegates.inviting_cast import make_letter, prepare_places

HELD = "It is held back, and leaves when an organiser goes on sending."


@pytest.fixture
def desk(client, organiser):
    client.force_login(organiser)
    return client


@pytest.fixture
def places(conference, california, jiangsu):
    return prepare_places(conference, california, jiangsu)


@pytest.fixture
def letter(places, organiser):
    letter = make_letter(places[0].conference)
    campaigning.choose(
        campaign=letter,
        chosen=[places[1].pk],
        answer_by=timezone.now() + timedelta(days=9),
        now=timezone.now(),
        actor=organiser,
    )
    return letter


def test_letters_to_be_held_are_seen_being_made(desk, letter, organiser):
    progress = reverse("conference:campaign_detail", args=[letter.conference.slug, letter.pk])
    campaigning.hold(campaign=letter, now=timezone.now(), actor=organiser)
    assert "every 2s" in desk.get(progress).text
    campaigning.expand_due(clock=timezone.now)
    assert "every 2s" not in desk.get(progress).text


def test_the_delegation_tells_that_its_letter_is_held_back(desk, letter, places, organiser):
    page = reverse("delegates:delegation_detail", args=[letter.conference.slug, places[1].pk])
    campaigning.hold(campaign=letter, now=timezone.now(), actor=organiser)
    campaigning.expand_due(clock=timezone.now)
    assert HELD in desk.get(page).text
    campaigning.resume(campaign=letter, now=timezone.now(), actor=organiser)
    text = desk.get(page).text
    assert HELD not in text
    assert "The mail server has not answered yet." in text
