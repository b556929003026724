"""Filling a delegation's list."""

from datetime import date

import pytest

from conference.models import AuditEntry
from delegates.errors import (
    DelegateIncomplete,
    HeadAlreadyNamed,
    NominationClosed,
    QuotaExhausted,
    StepNotAllowed,
)
from delegates.models import Accreditation, Badge, Delegate, Quota
from delegates.operations import accrediting, badging, nominating, substituting
from delegates.operations.missing import missing_fields, missing_in_list

State = Accreditation.State


@pytest.fixture
def ann(california, now):
    return nominating.add_member(
        delegation=california,
        fields={"given_name": "Ann", "family_name": "Lee", "title_en": "Mayor", "email": "a@x.org"},
        now=now,
    )


def person(name, **fields):
    return {"family_name": name, "title_en": "Mayor", "email": "m@example.org", **fields}


def test_a_new_member_is_nominated_in_the_delegates_class_and_recorded(ann, organiser):
    assert ann.accreditation.state == State.NOMINATED
    assert ann.accreditation.badge_class.code == "delegate"
    entry = AuditEntry.objects.get(action="delegate.add")
    assert (entry.object_id, entry.after["family_name"]) == (str(ann.pk), "Lee")


def test_an_interpreter_gets_the_interpreters_class(california, now):
    member = nominating.add_member(
        delegation=california, fields=person("Wu", role="interpreter"), now=now
    )
    assert member.accreditation.badge_class.code == "interpreter"


def test_an_unknown_field_is_a_mistake_of_the_caller(california, now):
    with pytest.raises(ValueError, match="conference_id"):
        nominating.add_member(delegation=california, fields={"conference_id": 1}, now=now)


def test_a_delegation_takes_no_more_places_than_granted(california, badge_class, now):
    quota = Quota.objects.create(delegation=california, badge_class=badge_class, granted=1)
    nominating.add_member(delegation=california, fields=person("One"), now=now)
    with pytest.raises(QuotaExhausted):
        nominating.add_member(delegation=california, fields=person("Two"), now=now)
    quota.refresh_from_db()
    assert (quota.taken, california.delegates.count()) == (1, 1)


def test_a_place_is_free_again_after_a_withdrawal(california, badge_class, now):
    quota = Quota.objects.create(delegation=california, badge_class=badge_class, granted=1)
    first = nominating.add_member(delegation=california, fields=person("One"), now=now)
    substituting.withdraw_member(delegate=first, reason="ill", now=now)
    nominating.add_member(delegation=california, fields=person("Two"), now=now)
    quota.refresh_from_db()
    assert quota.taken == 1
    with pytest.raises(QuotaExhausted):
        substituting.restore_member(delegate=first, now=now)


def test_a_change_records_only_what_differs(ann, now):
    nominating.change_member(
        delegate=ann, fields={"family_name": "Lee", "title_en": "Vice Mayor"}, now=now
    )
    entry = AuditEntry.objects.get(action="delegate.change")
    assert (entry.before, entry.after) == ({"title_en": "Mayor"}, {"title_en": "Vice Mayor"})


def test_a_change_of_nothing_leaves_no_trace(ann, now):
    nominating.change_member(delegate=ann, fields={"family_name": "Lee"}, now=now)
    assert not AuditEntry.objects.filter(action="delegate.change").exists()


def test_a_delegation_has_one_head(ann, california, now):
    bob = nominating.add_member(delegation=california, fields=person("Bob"), now=now)
    nominating.name_head(delegate=ann, now=now)
    with pytest.raises(HeadAlreadyNamed):
        nominating.name_head(delegate=bob, now=now)
    assert bob.role == Delegate.Role.MEMBER
    nominating.name_head(delegate=bob, replacing=ann, now=now)
    ann.refresh_from_db()
    assert (bob.role, ann.role) == (Delegate.Role.HEAD, Delegate.Role.MEMBER)


def test_a_second_head_cannot_be_added(california, now):
    nominating.add_member(delegation=california, fields=person("One", role="head"), now=now)
    with pytest.raises(HeadAlreadyNamed):
        nominating.add_member(delegation=california, fields=person("Two", role="head"), now=now)


def test_a_nominated_person_can_be_removed_with_the_place(california, badge_class, now):
    quota = Quota.objects.create(delegation=california, badge_class=badge_class, granted=1)
    member = nominating.add_member(delegation=california, fields=person("One"), now=now)
    nominating.remove_member(delegate=member, now=now)
    quota.refresh_from_db()
    assert (quota.taken, california.delegates.count()) == (0, 0)


def test_a_submitted_person_is_withdrawn_and_not_removed(ann, now):
    nominating.submit_member(delegate=ann, now=now)
    with pytest.raises(StepNotAllowed):
        nominating.remove_member(delegate=ann, now=now)
    substituting.withdraw_member(delegate=ann, now=now)
    assert ann.withdrawn_at == now


def test_submitting_takes_the_complete_and_leaves_the_incomplete(ann, california, now):
    bare = nominating.add_member(delegation=california, fields={"native_name": "王市长"}, now=now)
    outcome = nominating.submit_list(delegation=california, now=now)
    assert (outcome.submitted, outcome.incomplete) == ([ann], [bare])
    assert california.submitted_at == now


def test_submitting_again_moves_nobody_twice(ann, california, now):
    nominating.submit_list(delegation=california, now=now)
    assert nominating.submit_list(delegation=california, now=now).submitted == []


def test_an_empty_list_is_not_submitted(california, now):
    with pytest.raises(DelegateIncomplete):
        nominating.submit_list(delegation=california, now=now)


def test_a_person_of_a_copied_list_is_nominated_on_the_way(california, conference, now):
    copied = Delegate.objects.create(
        conference=conference, delegation=california, family_name="Copy", title_en="Mayor"
    )
    nominating.submit_list(delegation=california, now=now)
    copied.refresh_from_db()
    assert copied.accreditation.state == State.SUBMITTED


def test_a_substitute_inherits_role_rank_and_class_and_the_old_badge_is_void(ann, now):
    nominating.name_head(delegate=ann, now=now)
    nominating.submit_member(delegate=ann, now=now)
    accrediting.approve(delegate=ann, now=now)
    new = substituting.substitute(delegate=ann, fields=person("Cho"), reason="ill", now=now)
    ann.refresh_from_db()
    assert (new.role, new.accreditation.badge_class.code) == ("head", "delegate")
    assert Accreditation.objects.get(delegate=new).state == State.SUBMITTED
    assert (ann.accreditation.state, ann.substituted_by) == (State.SUBSTITUTED, new)
    assert Badge.objects.get(delegate=ann).revoked_at == now
    with pytest.raises(StepNotAllowed):
        substituting.substitute(delegate=ann, fields=person("Dee"), now=now)


def test_a_substitution_needs_no_free_place(california, badge_class, now):
    Quota.objects.create(delegation=california, badge_class=badge_class, granted=1)
    member = nominating.add_member(delegation=california, fields=person("One"), now=now)
    new = substituting.substitute(delegate=member, fields=person("Two"), now=now)
    assert Quota.objects.get().taken == 1
    assert new.delegation == california


def test_a_restored_person_is_nominated_again(ann, now):
    substituting.withdraw_member(delegate=ann, now=now)
    substituting.restore_member(delegate=ann, now=now)
    ann.refresh_from_db()
    assert (ann.withdrawn_at, ann.accreditation.state) == (None, State.NOMINATED)


def test_the_list_closes_for_the_focal_point_after_the_last_day_at_the_venue(california, now):
    california.nominations_close = date(2023, 10, 1)
    nominating.refuse_if_closed(delegation=california, now=now)
    california.nominations_close = date(2023, 9, 30)
    with pytest.raises(NominationClosed):
        nominating.refuse_if_closed(delegation=california, now=now)


def test_missing_fields_name_what_to_give(conference, california):
    bare = Delegate(conference=conference, delegation=california, native_name="待定")
    assert [missing.code for missing in missing_fields(bare)] == [
        "title",
        "name",
        "latin_name",
        "contact",
    ]


def test_a_list_without_a_head_misses_one(ann):
    assert [missing.code for missing in missing_in_list([ann])] == ["no_head"]
    assert [missing.code for missing in missing_in_list([])] == ["no_members"]


def test_no_badge_before_approval(ann, now):
    with pytest.raises(badging.NoValidBadge):
        badging.issue_badge(delegate=ann, now=now)
