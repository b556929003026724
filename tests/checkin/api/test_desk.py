"""The arrival desk: people who are on no list, people who come for others, badges on paper."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from checkin.models import WalkIn
from conference.models import AuditEntry
from delegates.models import Accreditation, Badge, Delegate, Delegation, Quota
from delegates.operations import badging
from tests.checkin.conftest import enrolled_phone, lookup_of, make_delegation, uuid7


def walk_in(**members):
    return {
        "walk_in_id": uuid7(),
        "name": "Ann LEE",
        "native_name": "李安",
        "title": {"en": "Professor"},
        "delegation": None,
        "class": 1,
    } | members


def refused(answer, status, code):
    assert (answer.status_code, answer.json()["code"]) == (status, code), answer.content
    assert answer.json()["detail"]


def test_a_walk_in_is_a_person_with_a_provisional_badge_that_opens_the_door(desk_phone):
    answer = desk_phone.post("walk-ins/", walk_in())

    assert answer.status_code == 201
    told = answer.json()
    person = Delegate.objects.get()
    badge = person.badges.get()
    assert told == {
        "delegate": str(person.uid),
        "lookup": badge.lookup,
        "qr": badging.badge_code_text(badge),
        "badge": {"lookup": badge.lookup, "status": "ok", "card": told["badge"]["card"]},
    }
    assert (person.given_name, person.family_name, person.native_name) == ("Ann", "LEE", "李安")
    assert (person.title_en, person.display_name) == ("Professor", "Ann LEE")
    assert badge.provisional is True
    assert person.accreditation.state == Accreditation.State.APPROVED
    assert desk_phone.scan(told["lookup"]).json()["verdict"]["code"] == "admit"


def test_the_same_walk_in_again_is_the_same_person(desk_phone):
    entry = walk_in()
    first, second = desk_phone.post("walk-ins/", entry), desk_phone.post("walk-ins/", entry)

    assert (first.status_code, second.status_code) == (201, 200)
    assert second.json() == first.json()
    assert (Delegate.objects.count(), WalkIn.objects.count()) == (1, 1)


@pytest.mark.parametrize(
    "other", [{"name": "Ann LI"}, {"class": 2}, {"title": {}}, {"native_name": ""}]
)
def test_other_content_under_one_id_is_refused(desk_phone, other):
    entry = walk_in()
    desk_phone.post("walk-ins/", entry)
    refused(desk_phone.post("walk-ins/", entry | other), 409, "walk_in_id_reused")
    assert Delegate.objects.count() == 1


def test_an_id_of_another_conference_is_taken_too(desk_phone, other_conference):
    entry = walk_in()
    desk_phone.post("walk-ins/", entry)
    there = enrolled_phone(other_conference, capabilities=("desk",))
    refused(there.post("walk-ins/", entry), 409, "walk_in_id_reused")


def test_whoever_belongs_to_no_delegation_is_registered_on_site(desk_phone):
    desk_phone.post("walk-ins/", walk_in())
    desk_phone.post("walk-ins/", walk_in(name="Bo PARK"))

    delegation = Delegation.objects.get()
    assert (delegation.name_en, delegation.name_zh) == ("Registered on site", "现场登记人员")
    assert delegation.delegates.count() == 2


def test_a_walk_in_may_belong_to_a_delegation(desk_phone, delegation):
    desk_phone.post("walk-ins/", walk_in(delegation=delegation.pk))
    assert Delegate.objects.get().delegation == delegation


def test_a_delegation_takes_no_more_walk_ins_than_it_has_places(desk_phone, delegation, conference):
    quota = Quota.objects.create(
        delegation=delegation,
        badge_class=conference.badge_classes.get(number=1),
        granted=1,
    )
    assert desk_phone.post("walk-ins/", walk_in(delegation=delegation.pk)).status_code == 201

    beyond = walk_in(name="Bo PARK", delegation=delegation.pk)
    refused(desk_phone.post("walk-ins/", beyond), 409, "quota_exhausted")
    assert Delegate.objects.count() == 1
    # A class in which nothing is granted is where the overflow goes.
    assert desk_phone.post("walk-ins/", beyond | {"class": 2}).status_code == 201
    quota.refresh_from_db()
    assert quota.taken == 1


@pytest.mark.parametrize(
    "broken",
    [
        {"walk_in_id": "1"},
        {"walk_in_id": "018b92b1-ae80-4000-8000-0000000000a1"},
        {"name": ""},
        {"name": "  "},
        {"name": None},
        {"name": "x" * 121},
        {"name": "\u200b"},
        {"name": "\ufeff\u00ad\u202e\x7f\x1b"},
        {"name": "\u3164\u2800"},
        {"name": "\u200d"},
        {"name": "— —"},
        {"native_name": None},
        {"title": "Mayor"},
        {"title": {"en": 3}},
        {"delegation": "12"},
        {"delegation": 999_999},
        {"class": None},
        {"class": 77},
        {"class": True},
    ],
)
def test_what_cannot_be_meant_is_refused_and_leaves_nothing(desk_phone, broken):
    refused(desk_phone.post("walk-ins/", walk_in(**broken)), 400, "envelope_invalid")
    assert (Delegate.objects.count(), WalkIn.objects.count()) == (0, 0)


def test_a_delegation_or_class_of_another_conference_does_not_exist(desk_phone, other_conference):
    foreign = make_delegation(other_conference, "Portland", "波特兰市")
    answer = desk_phone.post("walk-ins/", walk_in(delegation=foreign.pk))
    refused(answer, 400, "envelope_invalid")


def test_a_class_can_be_kept_from_walk_ins(desk_phone, conference):
    conference.badge_classes.filter(number=2).update(walk_ins=False)
    refused(desk_phone.post("walk-ins/", walk_in(**{"class": 2})), 400, "envelope_invalid")


def test_a_placeholder_is_no_name(desk_phone):
    refused(desk_phone.post("walk-ins/", walk_in(name="TBD")), 409, "delegate_incomplete")


@pytest.mark.parametrize(
    ("typed", "shown", "native", "family"),
    [
        ({"name": "Wei ZHANG", "native_name": "张伟"}, "Wei ZHANG", "张伟", "ZHANG"),
        ({"name": "Zhang Wei", "native_name": "张伟"}, "Zhang Wei", "张伟", "Zhang"),
        ({"name": "张伟", "native_name": ""}, "张伟", "张伟", ""),
        ({"name": "张小明", "native_name": "Xiaoming Zhang"}, "Xiaoming Zhang", "张小明", "Zhang"),
        ({"name": "Ludwig van Beethoven", "native_name": ""}, "Ludwig van Beethoven", "", None),
        ({"name": "José Ortega y Gasset", "native_name": ""}, "José Ortega y Gasset", "", None),
        ({"name": "Madonna", "native_name": ""}, "Madonna", "", "Madonna"),
        ({"name": "Dr. Ann Lee", "native_name": ""}, "Ann Lee", "", "Lee"),
        ({"name": "Lee, Ann", "native_name": ""}, "Lee, Ann", "", "Lee"),
        ({"name": "N" * 120, "native_name": ""}, "N" * 120, "", None),
    ],
)
def test_names_are_split_sensibly_and_shown_as_typed(desk_phone, typed, shown, native, family):
    assert desk_phone.post("walk-ins/", walk_in(**typed)).status_code == 201
    person = Delegate.objects.get()
    assert (person.display_name, person.native_name) == (shown, native)
    if family is not None:
        assert person.family_name == family


def test_what_cannot_be_seen_is_no_part_of_a_name(desk_phone):
    typed = {"name": "\u202eAnn\u200b \x1bLEE\ufeff", "title": {"en": "Pro\u00adfessor"}}
    desk_phone.post("walk-ins/", walk_in(**typed))
    person = Delegate.objects.get()
    assert (person.display_name, person.title_en) == ("Ann LEE", "Professor")


def test_letters_keep_what_joins_or_parts_them(desk_phone):
    desk_phone.post("walk-ins/", walk_in(name="نیما می\u200cخواهم", native_name=""))
    assert Delegate.objects.get().display_name == "نیما می\u200cخواهم"


def test_the_record_names_the_device(desk_phone):
    desk_phone.post("walk-ins/", walk_in())
    deeds = AuditEntry.objects.filter(object_type="delegates.delegate").order_by("pk")
    assert [(entry.action, entry.actor_label) for entry in deeds] == [
        (action, f"device: {desk_phone.device.name}")
        for action in ("delegate.add", "delegate.submit", "delegate.approve", "badge.issue")
    ]
    assert WalkIn.objects.get().device == desk_phone.device


def test_the_number_of_statements_does_not_grow_with_the_walk_ins(desk_phone):
    def queries():
        with CaptureQueriesContext(connection) as captured:
            assert desk_phone.post("walk-ins/", walk_in()).status_code == 201
        return len(captured)

    desk_phone.post("walk-ins/", walk_in())
    with_one = queries()
    desk_phone.post("walk-ins/", walk_in())
    assert queries() == with_one


@pytest.mark.parametrize("address", ["walk-ins/", "substitutions/", "badges/print/"])
def test_the_desk_is_for_devices_that_may(phone, address, lookup):
    refused(phone.post(address, {}), 403, "capability_missing")
    assert phone.get(address).status_code in {403, 405}


def coming(lookup, **members):
    return {"lookup": lookup, "name": "Bo PARK", "native_name": "", "title": {}} | members


def test_a_substitute_gets_a_provisional_badge_and_the_former_one_is_void(
    desk_phone, person, lookup
):
    answer = desk_phone.post("substitutions/", coming(lookup))

    assert answer.status_code == 201
    successor = Delegate.objects.get(substitutes_for=person)
    assert answer.json()["delegate"] == str(successor.uid)
    assert (successor.delegation, successor.role) == (person.delegation, person.role)
    assert successor.badges.get().provisional is True
    assert desk_phone.scan(lookup).json()["verdict"]["code"] == "revoked"
    assert desk_phone.scan(answer.json()["lookup"]).json()["verdict"]["code"] == "admit"
    entry = AuditEntry.objects.get(action="delegate.substitute")
    assert (entry.object_id, entry.actor_label) == (
        str(person.pk),
        f"device: {desk_phone.device.name}",
    )


def test_the_same_substitution_again_is_the_same_person(desk_phone, lookup):
    first = desk_phone.post("substitutions/", coming(lookup))
    again = desk_phone.post("substitutions/", coming(lookup))
    assert (again.status_code, again.json()) == (200, first.json())
    refused(
        desk_phone.post("substitutions/", coming(lookup, name="Li NA")), 409, "already_substituted"
    )
    assert Delegate.objects.count() == 2


def test_who_is_not_approved_is_not_replaced_at_the_desk(desk_phone, person, lookup):
    Accreditation.objects.filter(delegate=person).update(state="submitted")
    refused(desk_phone.post("substitutions/", coming(lookup)), 409, "step_not_allowed")
    assert Delegate.objects.get() == person


def test_a_substitute_takes_the_place_of_the_former_one(desk_phone, person, lookup, conference):
    quota = Quota.objects.create(
        delegation=person.delegation,
        badge_class=conference.badge_classes.get(number=1),
        granted=1,
        taken=1,
    )
    assert desk_phone.post("substitutions/", coming(lookup)).status_code == 201
    quota.refresh_from_db()
    assert quota.taken == 1


@pytest.mark.parametrize("address", ["substitutions/", "badges/print/"])
def test_a_badge_that_is_not_of_this_conference_is_not_found(desk_phone, address):
    body = coming("0" * 32) | {"format": "a6"}
    refused(desk_phone.post(address, body), 404, "not_found")
    refused(desk_phone.post(address, body | {"lookup": "x"}), 400, "envelope_invalid")


@pytest.mark.parametrize("paper", ["a6", "label"])
def test_a_badge_is_printed_in_one_press_and_the_printing_is_logged(
    desk_phone, person, lookup, paper
):
    answer = desk_phone.post("badges/print/", {"lookup": lookup, "format": paper})

    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
    assert answer.content.startswith(b"%PDF")
    assert answer["Cache-Control"] == "no-store"
    assert Badge.objects.get().printed_at is not None
    entry = AuditEntry.objects.get(action="badge.print")
    assert entry.actor_label == f"device: {desk_phone.device.name}"


def test_a_badge_comes_as_a_picture_for_pages_that_print(desk_phone, lookup):
    asked = {"lookup": lookup, "format": "label", "medium": "svg"}
    answer = desk_phone.post("badges/print/", asked)
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/svg+xml")
    assert answer.content.startswith(b"<svg")
    refused(desk_phone.post("badges/print/", asked | {"medium": "png"}), 400, "envelope_invalid")


def test_a_void_badge_is_not_printed(desk_phone, person, lookup, now):
    badging.replace_badge(delegate=person, reason="lost", now=now)
    answer = desk_phone.post("badges/print/", {"lookup": lookup, "format": "a6"})
    refused(answer, 409, "no_valid_badge")
    new = desk_phone.post("badges/print/", {"lookup": lookup_of(person), "format": "a6"})
    assert new.status_code == 200


def test_a_paper_that_nobody_has_is_refused(desk_phone, lookup):
    answer = desk_phone.post("badges/print/", {"lookup": lookup, "format": "a0"})
    refused(answer, 400, "envelope_invalid")
