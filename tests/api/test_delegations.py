"""Delegations as other programs read them."""

import pytest

from delegates.models import Invitation
from tests import factories

LIST = "/api/v1/conferences/suzhou/delegations/"
EVERYWHERE = "/api/v1/delegations/"


def names(answer):
    return [row["name"]["en"] for row in answer.json()["results"]]


@pytest.fixture
def invited(suzhou):
    """Delegations at four steps, in order of precedence."""
    for place, name, state in ((1, "Alaska", None), (2, "Iowa", "sent"), (3, "Ohio", "declined")):
        delegation = factories.make_delegation(suzhou, name, precedence=place)
        if state:
            Invitation.objects.create(
                conference=suzhou,
                delegation=delegation,
                state=state,
                sent_at=factories.NOW,
                answered_at=factories.NOW if state == "declined" else None,
            )
    jiangsu = factories.make_delegation(suzhou, "Jiangsu", "江苏省", precedence=4, country="CN")
    factories.make_delegate(jiangsu, "Wei", "Zhang", state="submitted")
    return jiangsu


def test_a_delegation_says_whom_it_stands_for_and_how_far_it_is(invited, reading, token):
    row = reading(token=token("viewer")).get(f"{LIST}{invited.pk}/").json()
    assert row["party"] == {
        "type": "place",
        "kind": "state",
        "name": {"en": "Jiangsu", "zh": "江苏省"},
        "country": "CN",
        "code": "",
    }
    assert (row["state"], row["answer"]) == ("nominated", None)
    assert row["people"] == {
        "members": 1,
        "nominated": 0,
        "submitted": 1,
        "approved": 0,
        "refused": 0,
    }


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({}, ["Alaska", "Iowa", "Ohio", "Jiangsu"]),
        ({"state": "not_invited"}, ["Alaska"]),
        ({"state": "invited"}, ["Iowa"]),
        ({"state": "answered"}, ["Ohio"]),
        ({"state": "nominated"}, ["Jiangsu"]),
        ({"country": "CN"}, ["Jiangsu"]),
        ({"q": "江苏"}, ["Jiangsu"]),
        ({"ordering": "-name_en"}, ["Ohio", "Jiangsu", "Iowa", "Alaska"]),
    ],
)
def test_delegations_are_found_by_step_country_and_words(invited, reading, token, asked, found):
    assert names(reading(token=token()).get(LIST, asked)) == found


@pytest.mark.parametrize(
    ("role", "sees"),
    [
        ("organiser", True),
        ("protocol", True),
        ("programme", False),
        ("desk", False),
        ("viewer", False),
    ],
)
def test_the_focal_point_is_shown_to_who_writes_to_it(california, reading, token, role, sees):
    answer = reading(token=token(role)).get(f"{LIST}{california.pk}/")
    assert ("fay@example.org" in answer.content.decode()) is sees
    assert (answer.json()["focal_point"] is not None) is sees


def test_a_focal_point_reads_the_own_delegation_alone(invited, california, reading):
    california.focal_user = factories.make_user("fay@example.org")
    california.save()
    focal = reading(california.focal_user)
    assert names(focal.get(LIST)) == names(focal.get(EVERYWHERE)) == ["California"]
    assert focal.get(f"{LIST}{invited.pk}/").status_code == 404


def test_strangers_find_nothing(california, tacoma, client, reading):
    assert client.get(LIST).status_code == 401
    stranger = reading(factories.make_member(tacoma))
    assert stranger.get(LIST).status_code == 404
    assert stranger.get(f"{EVERYWHERE}{california.pk}/").status_code == 404
    assert names(stranger.get(EVERYWHERE)) == []
    assert stranger.get("/api/v1/conferences/nowhere/delegations/").status_code == 404


def test_the_list_costs_the_same_for_one_and_for_three(
    california, suzhou, organiser, reading, django_assert_num_queries
):
    client = reading(organiser)
    client.get(LIST)
    with django_assert_num_queries(8):
        client.get(LIST)
    factories.make_delegation(suzhou, "Utah", "犹他州")
    factories.make_delegate(factories.make_delegation(suzhou, "Ohio", "俄亥俄州"), state="approved")
    with django_assert_num_queries(8):
        client.get(LIST)
