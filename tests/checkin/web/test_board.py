"""The organiser's board: what it says, how it is narrowed and sorted, and who is missing."""

import csv
import io
import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from conference.models import Conference
from delegates.models import Country, Locality
from tests.checkin.conftest import lookup_of, make_delegation, make_member, make_person
from tests.checkin.web.test_arrivals import count_anew, page


@pytest.fixture
def three(conference, phone):
    """Three delegations: complete with its head, partly here without it, and nobody here."""
    complete, partly, nobody = (
        make_delegation(conference, name, chinese)
        for name, chinese in (("Suzhou", "苏州市"), ("Tacoma", "塔科马市"), ("Austin", "奥斯汀市"))
    )
    phone.scan(lookup_of(make_person(complete, given_name="Head", role="head")))
    phone.scan(lookup_of(make_person(partly, given_name="Member")))
    make_person(partly, given_name="Absent", role="head", native_name="缺席")
    for number in range(3):
        make_person(nobody, given_name=f"Nobody {number}", vip=number == 0)
    count_anew()


def names(answer):
    table = answer.content.decode().split("board-delegations-title", 1)[1].split("</section>")[0]
    return re.findall(r'<th scope="row">.*?names__main"[^>]*>([^<]+)<', table)


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("", ["Austin", "Suzhou", "Tacoma"]),
        ("?state=complete", ["Suzhou"]),
        ("?state=partly", ["Tacoma"]),
        ("?state=nobody", ["Austin"]),
        ("?head=here", ["Suzhou"]),
        ("?head=missing", ["Tacoma"]),
        ("?state=complete&head=missing", []),
        ("?sort=missing", ["Austin", "Tacoma", "Suzhou"]),
        ("?sort=-missing", ["Suzhou", "Tacoma", "Austin"]),
        ("?sort=-name", ["Tacoma", "Suzhou", "Austin"]),
        ("?sort=nonsense&state=nonsense&page=x&day=x", ["Austin", "Suzhou", "Tacoma"]),
    ],
)
def test_delegations_are_narrowed_and_sorted_by_the_address(
    as_organiser, conference, three, query, shown
):
    assert names(page(as_organiser, conference, query)) == shown


def test_a_view_that_is_narrowed_has_an_etag_of_its_own(as_organiser, conference, three):
    asked = {"HX-Request": "true"}
    first = page(as_organiser, conference, **asked)
    other = page(as_organiser, conference, "?state=nobody", **asked)
    in_chinese = page(as_organiser, conference, **asked, **{"Accept-Language": "zh-hans"})
    assert len({each["ETag"] for each in (first, other, in_chinese)}) == 3


def test_only_who_may_read_of_people_is_led_to_them(client, as_organiser, conference, three):
    link = reverse("delegates:delegation_detail", args=[conference.slug, 1]).split("1/")[0]
    assert link in page(as_organiser, conference).content.decode()
    client.force_login(make_member(conference, "viewer"))
    assert link not in page(client, conference).content.decode().split("arrivals-live")[1]


@pytest.fixture
def on_the_map(conference):
    province = Locality.objects.create(
        kind=Locality.Kind.PROVINCE,
        country=Country.CHINA,
        code="CN-JS",
        name_en="Jiangsu",
        name_zh="江苏省",
    )
    group = make_delegation(conference)
    group.locality.parent = province
    group.locality.save()
    make_person(group)


def test_the_map_tells_the_same_as_its_table(as_organiser, conference, on_the_map):
    shown = page(as_organiser, conference).content.decode()
    assert "<title>Jiangsu: 0/1</title>" in shown
    assert "Nobody here yet" in shown


def test_the_map_can_be_hidden_in_a_view_and_switched_off_for_good(
    as_organiser, conference, on_the_map
):
    hidden = page(as_organiser, conference, "?map=off").content.decode()
    assert "arrival-map" not in hidden
    assert "Show the map" in hidden
    Conference.objects.update(show_map=False)
    count_anew()
    gone = page(as_organiser, conference).content.decode()
    assert "arrival-map" not in gone
    assert "Show the map" not in gone


def missing(client, conference, query="", name="missing"):
    return client.get(reverse(f"checkin:{name}", args=[conference.slug]) + query)


def test_who_is_not_here_is_listed_with_whether_they_are_late(as_organiser, conference, three):
    make_person(
        make_delegation(conference, "Later", "以后市"),
        given_name="Later",
        arrival_at=timezone.now() + timedelta(hours=2),
        arrival_by="train G7",
    )
    shown = missing(as_organiser, conference).content.decode()
    for name in ("Absent Zhang", "缺席", "Nobody 1 Zhang", "Later Zhang", "train G7"):
        assert name in shown
    assert "Member Zhang" not in shown
    assert (shown.count("Past the time"), shown.count("Expected later")) == (4, 2)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["Nobody 0", "Nobody 1", "Nobody 2", "Absent"]),
        ("?who=head", ["Absent"]),
        ("?who=vip", ["Nobody 0"]),
        ("?when=later", []),
        ("?when=late&q=缺席", ["Absent"]),
        ("?q=nobody 2", ["Nobody 2"]),
        ("?delegation=999999999999999999999", []),
        ("?who=x&when=y&delegation=z", ["Nobody 0", "Nobody 1", "Nobody 2", "Absent"]),
    ],
)
def test_the_export_is_what_is_seen(as_organiser, conference, three, query, found):
    answer = missing(as_organiser, conference, query, "missing_csv")
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert [row[0] for row in rows[1:]] == [f"{name} Zhang" for name in found]
    shown = missing(as_organiser, conference, query).content.decode()
    assert all(f"{name} Zhang" in shown for name in found)


def test_no_cell_of_the_export_is_a_formula(as_organiser, conference, delegation):
    make_person(delegation, given_name="=1+1", family_name="")
    exported = missing(as_organiser, conference, name="missing_csv").content.decode("utf-8-sig")
    assert "\n'=1+1" in exported


def test_viewers_see_who_is_missing_but_take_no_list_away(client, conference, three):
    client.force_login(make_member(conference, "viewer"))
    assert missing(client, conference).status_code == 200
    assert missing(client, conference, name="missing_csv").status_code == 404
