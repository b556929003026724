"""Delegates as other programs read them: who sees whom, and how much of them."""

from datetime import timedelta

import pytest
from django.utils import timezone

from delegates.models import Accreditation, Delegate
from tests import factories

LIST = "/api/v1/conferences/suzhou/delegates/"
EVERYWHERE = "/api/v1/delegates/"
HIDDEN = ["alice@example.org", "010-0199", "5550100199", "vegetarian", "step-free", "MU5199"]


def names(answer):
    return [row["name"] for row in answer.json()["results"]]


def test_nobody_reads_them_without_saying_who_they_are(client, alice):
    for address in (LIST, EVERYWHERE, f"{LIST}{alice.pk}/", "/api/v1/conferences/no/delegates/"):
        answer = client.get(address)
        assert answer.status_code == 401
        assert answer.json()["code"] == "not_authenticated"
        assert answer.headers["WWW-Authenticate"].startswith("Bearer")


def test_without_a_part_in_the_conference_they_do_not_exist(alice, tacoma, reading):
    for stranger in (factories.make_user("sam@example.org"), factories.make_member(tacoma)):
        outside = reading(stranger)
        assert outside.get(LIST).status_code == 404
        assert outside.get(f"{LIST}{alice.pk}/").status_code == 404
        assert outside.get(f"{EVERYWHERE}{alice.pk}/").status_code == 404
        assert names(outside.get(EVERYWHERE)) == []


def test_somebody_of_another_conference_is_not_found_under_this_one(
    alice, tacoma, organiser, reading
):
    carl = factories.make_delegate(factories.make_delegation(tacoma, "Utah", "犹他州"), "Carl")
    assert reading(organiser).get(f"{LIST}{carl.pk}/").status_code == 404
    assert names(reading(organiser).get(EVERYWHERE)) == ["Alice Ames"]


@pytest.mark.parametrize("role", ["organiser", "protocol"])
def test_who_looks_after_people_reads_everything(alice, suzhou, reading, token, role):
    person = reading(token=token(role)).get(f"{LIST}{alice.pk}/").json()
    assert person["contact"] == {
        "email": "alice@example.org",
        "phone": "(555) 010-0199",
        "phone_e164": "+15550100199",
    }
    assert person["needs"] == {"diet": "vegetarian", "access_needs": "step-free way"}
    assert person["travel"]["arrival_at"] == "2026-11-02T01:30:00Z"
    assert person["protocol"] == {"rank": 3, "vip": True}


def test_the_desk_reads_names_but_no_contact_and_no_needs(alice, reading, token):
    for address in (LIST, f"{LIST}{alice.pk}/", EVERYWHERE):
        answer = reading(token=token("desk")).get(address)
        assert answer.status_code == 200
        assert [secret for secret in HIDDEN if secret in answer.content.decode()] == []
    person = reading(token=token("desk")).get(f"{LIST}{alice.pk}/").json()
    assert (person["contact"], person["needs"], person["travel"]) == (None, None, None)
    assert person["protocol"] == {"rank": 3, "vip": True}


@pytest.mark.parametrize("role", ["programme", "viewer"])
def test_for_who_does_not_deal_with_people_they_do_not_exist(alice, reading, token, role):
    viewer = reading(token=token(role))
    assert viewer.get(LIST).status_code == 404
    assert viewer.get(f"{LIST}{alice.pk}/").status_code == 404
    assert names(viewer.get(EVERYWHERE)) == []


def test_a_delegate_reads_the_own_entry_without_how_protocol_sees_it(alice, california, reading):
    factories.make_delegate(california, "Bob", "Bell")
    alice.user = factories.make_user("alice@example.org")
    alice.save()
    phone = reading(alice.user)
    assert names(phone.get(LIST)) == names(phone.get(EVERYWHERE)) == ["Alice Ames"]
    person = phone.get(f"{LIST}{alice.pk}/").json()
    assert person["contact"]["email"] == "alice@example.org"
    assert person["protocol"] is None


def test_a_focal_point_reads_the_own_delegation(alice, california, suzhou, reading):
    utah = factories.make_delegation(suzhou, "Utah", "犹他州")
    factories.make_delegate(utah, "Carl")
    california.focal_user = factories.make_user("fay@example.org")
    california.save()
    focal = reading(california.focal_user)
    assert names(focal.get(LIST)) == ["Alice Ames"]
    assert focal.get(LIST).json()["results"][0]["contact"]["email"] == "alice@example.org"


def test_an_entry_says_who_comes_for_whom_and_as_what(alice, california, reading, token):
    person = reading(token=token("desk")).get(f"{LIST}{alice.pk}/").json()
    expected = {
        "id": alice.pk,
        "uid": str(alice.uid),
        "conference": "suzhou",
        "delegation": california.pk,
        "delegation_name": {"en": "California", "zh": "加利福尼亚州"},
        "name": "Alice Ames",
        "native_name": "艾丽斯",
        "title": {"en": "Mayor", "zh": "市长"},
        "title_en": "Mayor",
        "title_zh": "市长",
        "organisation": {"en": "City Hall", "zh": ""},
        "role": "head",
        "state": "approved",
        "badge_class": {"code": "delegate", "number": 1, "name": {"en": "Delegate", "zh": ""}},
        "withdrawn_at": None,
    }
    assert {key: person[key] for key in expected} == expected


@pytest.fixture
def cast(alice, california, suzhou):
    """Alice (approved, press) and five more, one for each thing that a filter asks for."""
    press = factories.make_badge_class(suzhou, "press")
    jiangsu = factories.make_delegation(suzhou, "Jiangsu", "江苏省", country="CN")
    factories.make_delegate(california, "Bob", "Bell", state="submitted", badge_class=press)
    factories.make_delegate(california, "Cleo", "Cox")
    wei = factories.make_delegate(
        jiangsu, "Wei", "Zhang", native_name="张伟", name_order="family_first", state="nominated"
    )
    gone = factories.make_delegate(jiangsu, "Dan", "Dow", state="withdrawn")
    Delegate.objects.filter(pk=gone.pk).update(withdrawn_at=factories.NOW)
    replaced = factories.make_delegate(jiangsu, "Eve", "Ely", state="substituted")
    Delegate.objects.filter(pk=replaced.pk).update(withdrawn_at=factories.NOW)
    return {"jiangsu": jiangsu, "wei": wei}


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"state": "approved"}, {"Alice Ames"}),
        ({"state": "nominated"}, {"Cleo Cox", "Zhang Wei"}),
        ({"state": "withdrawn"}, {"Dan Dow"}),
        ({"state": "substituted"}, {"Eve Ely"}),
        ({"role": "head"}, {"Alice Ames"}),
        ({"badge_class": "press"}, {"Bob Bell"}),
        ({"q": "张伟"}, {"Zhang Wei"}),
        ({"q": "wei ZHANG"}, {"Zhang Wei"}),
        ({"q": "江苏"}, {"Zhang Wei", "Dan Dow", "Eve Ely"}),
        ({"q": "mayor california"}, {"Alice Ames", "Bob Bell", "Cleo Cox"}),
        ({"q": "nobody"}, set()),
    ],
)
def test_people_are_found_by_state_role_class_and_words(cast, reading, token, asked, found):
    answer = reading(token=token()).get(LIST, asked)
    assert set(names(answer)) == found
    if "state" in asked:
        assert {row["state"] for row in answer.json()["results"]} == {asked["state"]}


def test_people_are_found_by_delegation_and_by_uuid(cast, reading, token):
    client = reading(token=token())
    of_jiangsu = client.get(LIST, {"delegation": cast["jiangsu"].pk, "ordering": "-family_name"})
    assert names(of_jiangsu) == ["Zhang Wei", "Eve Ely", "Dan Dow"]
    assert names(client.get(EVERYWHERE, {"uid": str(cast["wei"].uid)})) == ["Zhang Wei"]


def test_a_copy_is_kept_up_to_date_by_asking_for_what_changed(cast, alice, reading, token):
    client = reading(token=token())
    later = timezone.now() + timedelta(hours=1)
    assert names(client.get(LIST, {"updated_since": later.isoformat()})) == []
    Accreditation.objects.filter(delegate=alice).update(changed_at=later)
    answer = client.get(LIST, {"updated_since": later.isoformat()})
    assert names(answer) == ["Alice Ames"]
    (person,) = answer.json()["results"]
    assert names(client.get(LIST, {"updated_since": person["updated_at"]})) == ["Alice Ames"]


def test_pages_tell_how_many_there_are_and_hold_two_hundred_at_most(cast, reading, token):
    client = reading(token=token())
    page = client.get(LIST, {"page": 2, "page_size": 4}).json()
    assert (page["count"], page["page"], page["pages"]) == (6, 2, 2)
    assert len(page["results"]) == 2
    assert page["next"] is None
    assert "page_size=4" in page["previous"]
    assert client.get(LIST, {"page": 3, "page_size": 4}).json()["code"] == "not_found"
    assert len(client.get(LIST, {"page_size": 5000}).json()["results"]) == 6


@pytest.mark.parametrize("address", [LIST, EVERYWHERE])
def test_the_list_costs_the_same_for_one_and_for_three(
    alice, organiser, reading, django_assert_num_queries, address
):
    client, california = reading(organiser), alice.delegation
    client.get(address)
    queries = 6 if address == LIST else 5
    with django_assert_num_queries(queries):
        client.get(address)
    factories.make_delegate(california, "Bob", "Bell", state="submitted")
    factories.make_delegate(california, "Cleo", "Cox")
    with django_assert_num_queries(queries):
        client.get(address)


def test_no_cache_on_the_way_keeps_people(alice, reading, token):
    answer = reading(token=token()).get(LIST)
    assert "no-store" in answer.headers["Cache-Control"]
