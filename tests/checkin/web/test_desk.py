"""The arrival desk in the browser's terms: find, print, replace, enter, substitute, receive."""

import uuid
from datetime import datetime

import pytest
from django.urls import reverse

from checkin.models import Block, Handling, WalkIn, ZoneGrant
from checkin.operations import handling
from conference.models import AuditEntry
from delegates.models import Badge, Delegate, Quota
from delegates.operations import badging
from tests.checkin.conftest import make_delegation, make_member, make_person


def at(name, *values):
    return reverse(f"checkin:{name}", args=["test-2023", *values])


@pytest.fixture
def as_protocol(client, conference):
    client.force_login(make_member(conference, "protocol"))
    return client


def found(client, q):
    answer = client.get(at("desk"), {"q": q})
    assert answer.status_code == 200
    return [row["person"] for row in answer.context["rows"]]


@pytest.mark.parametrize("q", ["zhang", "ZHANG wei", "wei zhang", "张", "张伟"])
def test_people_are_found_in_either_script(as_desk, person, delegation, q):
    make_person(delegation, given_name="Ann", family_name="Lee", native_name="李安")
    assert found(as_desk, q) == [person]


def test_a_scanned_badge_finds_its_person_whatever_the_issue(as_desk, person, now):
    former = badging.badge_code_text(badging.valid_badge_of(person))
    badging.replace_badge(delegate=person, reason="lost", now=now)
    assert found(as_desk, former) == [person]
    assert found(as_desk, "C1:nothing") == []


def test_nobody_of_another_conference_is_found(as_desk, person, other_conference):
    make_person(make_delegation(other_conference, "Portland", "波特兰市"))
    assert found(as_desk, "zhang") == [person]


def test_a_person_shows_whether_arrived_and_inside(as_desk, phone, person, lookup):
    assert as_desk.get(at("desk_person", person.pk)).context["arrived_at"] is None
    phone.scan(lookup)
    answer = as_desk.get(at("desk_person", person.pk))
    assert isinstance(answer.context["arrived_at"], datetime)
    (place,) = answer.context["places"]
    assert (place.zone.name_en, place.inside) == ("Venue", True)


@pytest.mark.parametrize("paper", ["a6", "label"])
def test_one_press_gives_the_badge_and_notes_it(as_desk, person, desk, paper):
    answer = as_desk.post(at("desk_print", person.pk), {"paper": paper})
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
    assert answer["Content-Disposition"].startswith("inline")
    assert Badge.objects.get().printed_by == desk
    assert AuditEntry.objects.filter(action="badge.print").count() == 1


def test_what_cannot_be_printed_says_so(as_desk, delegation):
    waiting = make_person(delegation, badge=False)
    answer = as_desk.post(at("desk_print", waiting.pk), {"paper": "a6"}, follow=True)
    assert "This person has no valid badge yet." in answer.content.decode()
    assert as_desk.get(at("desk_print", waiting.pk)).status_code == 405


def test_a_lost_badge_is_replaced_and_opens_nothing(as_desk, phone, person, lookup):
    as_desk.post(at("desk_replace", person.pk), {"reason": ""})
    former, new = Badge.objects.order_by("issue")
    assert (former.revoked_reason, new.issue, new.provisional) == ("lost", 2, False)
    assert phone.scan(lookup).json()["verdict"]["code"] == "revoked"


def walk_in(conference, **fields):
    return {
        "walk_in_id": str(uuid.uuid4()),
        "name": "Ann LEE",
        "native_name": "",
        "title_en": "",
        "title_zh": "",
        "delegation": "",
        "badge_class": conference.badge_classes.get(number=1).pk,
    } | fields


def test_a_walk_in_is_entered_and_printed_in_one_press(as_desk, conference, desk):
    answer = as_desk.post(at("desk_walk_in"), walk_in(conference, paper="label"))
    assert answer["Content-Type"] == "application/pdf"
    badge = Badge.objects.get()
    assert (badge.provisional, badge.printed_by) == (True, desk)
    assert WalkIn.objects.get().device is None
    assert AuditEntry.objects.get(action="delegate.add").actor == desk


def test_a_form_sent_twice_makes_one_person(as_desk, conference):
    sent = walk_in(conference)
    first, second = as_desk.post(at("desk_walk_in"), sent), as_desk.post(at("desk_walk_in"), sent)
    person = Delegate.objects.get()
    assert first["Location"] == second["Location"] == at("desk_person", person.pk)


def test_a_provisional_badge_replaced_at_the_desk_stays_provisional(as_desk, conference):
    as_desk.post(at("desk_walk_in"), walk_in(conference))
    person = Delegate.objects.get()
    as_desk.post(at("desk_replace", person.pk), {"reason": "torn"})
    assert [badge.provisional for badge in Badge.objects.all()] == [True, True]


def test_without_a_place_the_form_says_what_to_do(as_desk, conference, delegation):
    Quota.objects.create(
        delegation=delegation, badge_class=conference.badge_classes.get(number=1), granted=0
    )
    sent = walk_in(conference, delegation=delegation.pk, paper="a6")
    answer = as_desk.post(at("desk_walk_in"), sent)
    assert answer.status_code == 422
    assert "All places of this delegation in this class are taken." in answer.content.decode()
    assert Delegate.objects.count() == 0


def test_the_organiser_says_which_classes_walk_ins_get(as_organiser, conference):
    press = conference.badge_classes.get(number=2)
    as_organiser.post(at("walk_in_classes"), {"classes": [press.pk]})
    offered = as_organiser.get(at("desk_walk_in")).context["form"].fields["badge_class"].queryset
    assert list(offered) == [press]
    assert AuditEntry.objects.filter(action="badge_class.walk_ins").count() == 1
    assert as_organiser.post(at("desk_walk_in"), walk_in(conference)).status_code == 422


def test_somebody_else_comes(as_desk, person, phone, lookup):
    sent = {"name": "Bo PARK", "native_name": "", "title_en": "", "title_zh": "", "paper": "a6"}
    answer = as_desk.post(at("desk_substitute", person.pk), sent)
    assert answer["Content-Type"] == "application/pdf"
    successor = Delegate.objects.get(substitutes_for=person)
    assert successor.badges.get().provisional is True
    assert phone.scan(lookup).json()["verdict"]["code"] == "revoked"
    page = as_desk.get(at("desk_person", person.pk)).content.decode()
    assert at("desk_person", successor.pk) in page
    assert "this person does not come" in page
    as_desk.cookies.load({"django_language": "zh-hans"})
    page = as_desk.get(at("desk_person", person.pk)).content.decode()
    assert "在报到台换人" in page
    assert "</a>。" in page


def test_the_desk_says_how_a_person_is_received(as_desk, person, zones):
    sent = {"to_desk": "on", "escort": "on", "text_en": "Ask for the passport", "text_zh": ""}
    assert as_desk.post(at("desk_handling", person.pk), sent).status_code == 302
    row = Handling.objects.get(delegate=person)
    assert (row.to_desk, row.escort, str(row.attention)) == (True, True, "Ask for the passport")
    # Areas and time are not the desk's to give.
    as_desk.post(at("desk_handling", person.pk), sent | {"zones": [zones["Hall"].pk]})
    assert not ZoneGrant.objects.exists()
    assert as_desk.post(at("desk_block", person.pk), {"reason": "x"}).status_code == 404


def test_protocol_opens_areas_limits_the_badge_and_blocks(as_protocol, person, zones, conference):
    sent = {
        "valid_from": "2026-11-03T09:00",
        "valid_until": "2026-11-03T18:00",
        "zones": [zones["Hall"].pk],
    }
    assert as_protocol.post(at("desk_handling", person.pk), sent).status_code == 302
    care = handling.care_of(person)
    assert care.valid_from == datetime(2026, 11, 3, 9, 0, tzinfo=conference.zone)
    assert [grant.zone for grant in ZoneGrant.objects.all()] == [zones["Hall"]]
    shown = as_protocol.get(at("desk_handling", person.pk)).content.decode()
    assert "2026-11-03T09:00" in shown

    assert as_protocol.post(at("desk_block", person.pk), {"reason": ""}).status_code == 422
    as_protocol.post(at("desk_block", person.pk), {"reason": "security"})
    assert Block.objects.get().until is None
    as_protocol.post(at("desk_unblock", person.pk))
    assert Block.objects.get().until is not None


def test_what_the_desk_does_not_see_it_does_not_undo(client, conference, person, now):
    handling.set_handling(
        delegate=person, care=handling.Care(escort=True, valid_until=now), now=now
    )
    client.force_login(make_member(conference, "desk"))
    client.post(at("desk_handling", person.pk), {"escort": "on"})
    assert handling.care_of(person).valid_until == now
    client.post(at("desk_handling", person.pk), {})
    assert handling.care_of(person).valid_until == now


def test_a_badge_that_ends_before_it_begins_is_refused(as_protocol, person):
    sent = {"valid_from": "2026-11-03T09:00", "valid_until": "2026-11-03T08:00"}
    answer = as_protocol.post(at("desk_handling", person.pk), sent)
    assert answer.status_code == 422
    assert not Handling.objects.exists()


def test_whose_name_begins_so_comes_first_and_who_left_comes_last(as_desk, delegation, now):
    gone = make_person(delegation, given_name="Li", family_name="Abe", withdrawn_at=now)
    inner = make_person(delegation, given_name="Julia", family_name="Baker")
    first = make_person(delegation, given_name="Li", family_name="Zhou")
    assert found(as_desk, "li") == [first, inner, gone]


def test_the_history_of_a_person_tells_it_in_words(as_protocol, person, zones):
    sent = {"to_desk": "on", "zones": [zones["Hall"].pk, zones["Lunch"].pk]}
    as_protocol.post(at("desk_handling", person.pk), sent)
    as_protocol.post(at("desk_block", person.pk), {"reason": "security"})
    page = as_protocol.get(
        reverse("delegates:delegate_detail", args=["test-2023", person.pk])
    ).content.decode()
    for words in ("Reception at the doors changed", "Hall, Lunch", "Let in nowhere", "security"):
        assert words in page


def test_protocol_sees_the_sentences_and_takes_one_away(as_protocol, conference, person, now):
    sentence = handling.attention_text(
        conference=conference, text_en="Old friend", text_zh="", now=now
    )
    handling.set_handling(delegate=person, care=handling.Care(attention=sentence), now=now)
    (row,) = as_protocol.get(at("sentence_list")).context["texts"]
    assert (row, row.people) == (sentence, 1)
    as_protocol.post(at("sentence_remove", sentence.pk))
    assert not Handling.objects.exists()
