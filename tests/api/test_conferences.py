"""Conferences as other programs read them."""

import pytest

from conference.models import Host
from tests import factories

LIST = "/api/v1/conferences/"


def slugs(answer):
    return [row["slug"] for row in answer.json()["results"]]


def test_everybody_reads_the_published_ones(client, suzhou, tacoma):
    assert slugs(client.get(LIST)) == ["suzhou"]
    assert client.get(f"{LIST}suzhou/").json()["my_role"] is None


def test_an_unpublished_one_exists_for_its_team_alone(client, suzhou, tacoma, reading):
    assert client.get(f"{LIST}tacoma/").status_code == 404
    viewer = factories.make_member(tacoma, "viewer")
    assert slugs(reading(viewer).get(LIST)) == ["suzhou", "tacoma"]
    assert reading(viewer).get(f"{LIST}tacoma/").json()["my_role"] == "viewer"
    assert reading(factories.make_member(suzhou)).get(f"{LIST}tacoma/").status_code == 404


def test_names_and_theme_come_in_both_languages_and_the_zone_by_its_name(client, suzhou):
    conference = client.get(f"{LIST}suzhou/").json()
    assert conference["name"] == {"en": "Conference of Suzhou", "zh": "友好城市大会"}
    assert conference["theme"] == {"en": suzhou.theme_en, "zh": suzhou.theme_zh}
    assert (conference["theme_en"], conference["theme_zh"]) == (suzhou.theme_en, suzhou.theme_zh)
    assert conference["timezone"] == "Asia/Shanghai"
    assert (conference["first_day"], conference["last_day"]) == ("2026-11-03", "2026-11-04")


def test_venues_bring_their_rooms_and_rehearsals_name_what_they_rehearse(client, suzhou):
    room = factories.make_room(suzhou, capacity=80)
    factories.make_conference("training", rehearsal_of=suzhou)
    (venue,) = client.get(f"{LIST}suzhou/").json()["venues"]
    assert venue["name"] == {"en": "Lake Centre", "zh": "湖滨中心"}
    assert venue["rooms"] == [
        {"id": room.pk, "name": {"en": "Lotus Room", "zh": ""}, "floor": "", "capacity": 80}
    ]
    assert client.get(f"{LIST}training/").json()["rehearsal_of"] == "suzhou"


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"rehearsal": "true"}, ["training"]),
        ({"rehearsal": "false"}, ["suzhou"]),
        ({"series": "sister-cities"}, ["suzhou", "training"]),
        ({"series": "another"}, []),
        ({"q": "绿色 SUZHOU"}, ["suzhou"]),
        ({"ends_after": "2026-11-05"}, []),
        ({"starts_before": "2026-11-03", "ordering": "-slug"}, ["training", "suzhou"]),
    ],
)
def test_they_are_filtered_and_ordered(client, suzhou, asked, found):
    factories.make_conference("training", rehearsal_of=suzhou)
    assert slugs(client.get(LIST, asked)) == found


def test_the_list_costs_the_same_for_one_and_for_three(client, suzhou, django_assert_num_queries):
    def one_more(slug):
        conference = factories.make_conference(slug, rehearsal_of=suzhou)
        factories.make_room(conference)
        Host.objects.create(conference=conference, name_en="Friends")

    one_more("one")
    client.get(LIST)
    with django_assert_num_queries(5):
        client.get(LIST)
    one_more("two")
    one_more("three")
    with django_assert_num_queries(5):
        client.get(LIST)


def test_the_beginning_says_where_things_are(client, db):
    places = client.get("/api/v1/").json()
    assert places["conferences"] == "http://testserver/api/v1/conferences/"
    assert client.get(places["sessions"]).status_code == 200
    assert client.get(places["documentation"]).status_code == 200
    assert client.get(places["delegates"]).status_code == 401
