"""Whom a letter goes to is ticked, and looking further loses no tick."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from conference.operations import campaigning
from tests.delegates.conftest import make_delegation
from tests.delegates.inviting_cast import (
    invite,
    make_letter,
    prepare_places,
    queue,
    send,
)


@pytest.fixture
def places(conference, california, jiangsu):
    return prepare_places(conference, california, jiangsu)


@pytest.fixture
def letter(conference):
    return make_letter(conference)


@pytest.fixture
def look(client, organiser, letter):
    """Open the page of the ticks, or send its form with these presses and these ticked."""
    client.force_login(organiser)
    page = reverse("delegates:letter_send", args=[letter.conference.slug, letter.pk])

    def look(*ticked, **sent):
        if not sent:
            return client.get(page)
        return client.post(page, {"delegations": [each.pk for each in ticked]} | sent)

    return look


def rows(page):
    return {row.delegation for row in page.context["seen"].rows}


def ticked(page):
    return page.context["seen"].ticked


def carried(page):
    return page.text.count('<input type="hidden" name="delegations"')


def test_a_search_carries_along_who_is_ticked_and_not_found(look, places):
    california, jiangsu = places
    page = look(jiangsu, look="", q="California", show="all")
    assert page.status_code == 200
    assert rows(page) == {california}
    assert ticked(page) == {jiangsu.pk}
    assert page.context["seen"].out_of_sight == [jiangsu.pk]
    assert carried(page) == 1
    assert '<output data-counts="delegations">1</output>' in page.text
    assert "1 of them is not in this list" in page.text


def test_another_group_carries_along_who_is_ticked_and_keeps_the_words_searched_for(look, places):
    page = look(*places, look="not_answered", q="wai.ban")
    assert (rows(page), ticked(page)) == (set(), {each.pk for each in places})
    assert carried(page) == 2
    assert 'value="wai.ban"' in page.text


def test_who_was_unticked_is_not_ticked_again_by_looking_further(look, places):
    assert ticked(look()) == {each.pk for each in places}
    assert ticked(look(places[0], look="all")) == {places[0].pk}
    assert ticked(look(look="all")) == set()


def test_those_ticked_are_seen_together_whatever_was_searched_for(look, places):
    page = look(places[1], look="ticked", q="California")
    assert (rows(page), page.context["seen"].wanted) == ({places[1]}, "")
    assert rows(look(*places, look="", show="ticked", q="Cal")) == {places[0]}
    assert page.context["seen"].chips[-1] == ("ticked", "Ticked", 1)


def test_all_of_a_list_are_ticked_besides_those_ticked_before_and_all_are_unticked(look, places):
    california, jiangsu = places
    make_delegation(california.conference, "Calgary", "", "US", "US-CG")
    page = look(jiangsu, tick="here", q="Cal", show="all")
    assert len(rows(page)) == 2
    assert ticked(page) == {california.pk, jiangsu.pk}
    page = look(jiangsu, california, tick="none", q="Cal", show="all")
    assert (len(rows(page)), ticked(page), carried(page)) == (2, set(), 0)


def test_who_needs_no_letter_is_told_and_not_ticked_with_the_whole_list(look, places):
    california, jiangsu = places
    invite(jiangsu, state="accepted")
    page = look(tick="here", show="all")
    assert ticked(page) == {california.pk}
    assert page.context["seen"].settled == {jiangsu.pk}
    assert page.text.count("answered or written to before") == 1


def test_whose_letter_waits_is_told_apart_from_who_was_never_written_to(look, letter, places):
    now = timezone.now()
    queue(make_letter(letter.conference), places[0], now=now, deadline=now + timedelta(days=9))
    page = look()
    assert rows(page) == set(places)
    assert ticked(page) == {places[1].pk}
    assert page.text.count("has a letter that has not left") == 1


def test_who_owes_no_answer_needs_no_reminder(look, letter, places):
    letter.purpose = letter.audience = "invitation_reminder"
    letter.save()
    invite(places[0])
    page = look(tick="here", show="all")
    assert ticked(page) == {places[0].pk}
    assert page.text.count("no reminder due") == 1


def test_looking_further_keeps_nothing_and_loses_no_deadline_typed(look, letter, places):
    page = look(places[0], look="all", deadline="2099-01-01T1")
    assert 'value="2099-01-01T1"' in page.text
    assert "field--wrong" not in page.text
    letter.refresh_from_db()
    assert (letter.narrowed, letter.answer_by) == ({}, None)


def test_who_is_ticked_out_of_sight_is_chosen_too(look, letter, places):
    day = timezone.now() + timedelta(days=9)
    answer = look(*places, choose="1", q="California", deadline=f"{day:%Y-%m-%dT%H:%M}")
    assert answer.status_code == 302
    letter.refresh_from_db()
    assert letter.narrowed == {"chosen": sorted(each.pk for each in places)}


def test_what_is_wrong_is_said_with_search_and_ticks_as_they_were(look, places):
    page = look(places[1], choose="1", q="California", deadline="2001-01-01T10:00")
    assert page.status_code == 422
    assert (rows(page), ticked(page), carried(page)) == ({places[0]}, {places[1].pk}, 1)


@pytest.mark.parametrize("unknown", ["0", "x", "9" * 40, "-1"])
def test_a_tick_that_is_nobodys_is_not_carried_along(look, places, unknown):
    page = look(look="all", delegations=[unknown, places[0].pk])
    assert ticked(page) == {places[0].pk}


def test_nobody_is_ticked_for_a_letter_that_has_reached_all_who_were_chosen(look, letter, places):
    now = timezone.now()
    send(letter, places[0], now=now, deadline=now + timedelta(days=9))
    assert ticked(look()) == set()


def test_who_was_chosen_before_is_ticked_and_nobody_else(look, letter, places):
    now = timezone.now()
    campaigning.choose(
        campaign=letter, chosen=[places[1].pk], answer_by=now + timedelta(days=9), now=now
    )
    assert ticked(look()) == {places[1].pk}
    assert ticked(look(places[1], look="", q="California")) == {places[1].pk}


def test_without_any_delegation_the_page_leads_to_the_first(look, letter):
    page = look()
    assert "No delegation here yet: enter one first." in page.text
    assert "Go on to sending" not in page.text
