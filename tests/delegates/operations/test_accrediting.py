"""Accreditation: who decides, what follows, and what is refused."""

import pytest

from conference.models import AuditEntry
from delegates.documents import badge_code, badge_keys
from delegates.errors import DelegateIncomplete, NoValidBadge, QuotaExhausted, StepNotAllowed
from delegates.models import Accreditation, Badge, CredentialAuthority, Quota, SigningKey
from delegates.operations import accrediting, badging, nominating, substituting

State = Accreditation.State


@pytest.fixture
def submitted(california, now):
    member = nominating.add_member(
        delegation=california,
        fields={"given_name": "Ann", "family_name": "Lee", "title_en": "Mayor"},
        now=now,
    )
    nominating.submit_member(delegate=member, now=now)
    return member


def test_approval_is_decided_recorded_and_gives_a_badge(submitted, organiser, now):
    accreditation = accrediting.approve(delegate=submitted, actor=organiser, now=now)
    assert (accreditation.state, accreditation.decided_by) == (State.APPROVED, organiser)
    assert badging.valid_badge_of(submitted).issue == 1
    assert AuditEntry.objects.get(action="delegate.approve").actor_label == organiser.email


def test_a_second_approval_is_refused_with_the_present_state(submitted, now):
    accrediting.approve(delegate=submitted, now=now)
    with pytest.raises(StepNotAllowed, match="approved"):
        accrediting.approve(delegate=submitted, now=now)
    assert submitted.badges.count() == 1


def test_an_incomplete_person_is_not_approved(submitted, now):
    nominating.change_member(delegate=submitted, fields={"title_en": ""}, now=now)
    with pytest.raises(DelegateIncomplete, match="title"):
        accrediting.approve(delegate=submitted, now=now)


def test_a_refusal_needs_a_reason_and_frees_the_place(submitted, badge_class, now):
    quota = Quota.objects.create(
        delegation=submitted.delegation, badge_class=badge_class, granted=1, taken=1
    )
    with pytest.raises(StepNotAllowed):
        accrediting.refuse(delegate=submitted, reason="  ", now=now)
    accreditation = accrediting.refuse(delegate=submitted, reason="Too many", now=now)
    quota.refresh_from_db()
    assert (accreditation.state, accreditation.reason, quota.taken) == ("refused", "Too many", 0)


def test_a_refusal_after_approval_makes_the_badge_void(submitted, now):
    accrediting.approve(delegate=submitted, now=now)
    accrediting.refuse(delegate=submitted, reason="Security", now=now)
    with pytest.raises(NoValidBadge):
        badging.valid_badge_of(submitted)


def test_a_person_can_be_given_back_and_submitted_again(submitted, now):
    accrediting.return_to_nomination(delegate=submitted, reason="Photo", now=now)
    nominating.submit_member(delegate=submitted, now=now)
    submitted.refresh_from_db()
    assert submitted.accreditation.state == State.SUBMITTED


def test_bulk_approval_goes_on_past_one_that_cannot_be(submitted, california, conference, now):
    bare = nominating.add_member(delegation=california, fields={"family_name": "Bare"}, now=now)
    outcome = accrediting.approve_many(
        conference=conference, delegate_ids=[submitted.pk, bare.pk], now=now
    )
    assert outcome.approved == [submitted]
    assert [(delegate, refusal.code) for delegate, refusal in outcome.refused] == [
        (bare, "delegate_incomplete")
    ]


def test_bulk_approval_does_not_reach_another_conference(submitted, other_conference, now):
    outcome = accrediting.approve_many(
        conference=other_conference, delegate_ids=[submitted.pk], now=now
    )
    assert (outcome.approved, outcome.refused) == ([], [])


def test_an_approved_person_gets_a_new_badge_with_a_new_class(submitted, press_class, now):
    accrediting.approve(delegate=submitted, now=now)
    accrediting.change_class(delegate=submitted, badge_class=press_class, now=now)
    badge = badging.valid_badge_of(submitted)
    assert (badge.issue, badge.badge_class) == (2, press_class)


def test_a_class_without_a_place_is_refused(submitted, press_class, now):
    Quota.objects.create(delegation=submitted.delegation, badge_class=press_class, granted=0)
    with pytest.raises(QuotaExhausted):
        accrediting.change_class(delegate=submitted, badge_class=press_class, now=now)
    submitted.refresh_from_db()
    assert submitted.accreditation.badge_class.code == "delegate"


def test_a_class_of_another_conference_is_refused(submitted, other_conference, now):
    foreign = other_conference.badge_classes.first()
    with pytest.raises(StepNotAllowed):
        accrediting.change_class(delegate=submitted, badge_class=foreign, now=now)


def test_the_code_on_the_badge_is_read_as_ours(submitted, conference, now):
    accrediting.approve(delegate=submitted, now=now)
    badge = badging.valid_badge_of(submitted)
    text = badging.badge_code_text(badge)
    keys = badge_keys.load_public_keys(
        [(key.key_id, key.point) for key in conference.signing_keys.all()]
    )
    reading = badge_code.read(text, conference=conference.pk, keys=keys)
    assert (reading.lookup, reading.issue, reading.qr_class) == (badge.lookup, 1, 1)
    assert badging.badge_code_text(badge) == text


def test_a_replaced_badge_has_another_code_and_the_former_is_void(submitted, now):
    accrediting.approve(delegate=submitted, now=now)
    former = badging.valid_badge_of(submitted)
    new = badging.replace_badge(delegate=submitted, reason="lost", now=now)
    former.refresh_from_db()
    assert (new.issue, former.revoked_at, former.revoked_reason) == (2, now, "lost")
    assert badging.badge_code_text(new) != badging.badge_code_text(former)


def test_keys_are_made_once_per_conference(submitted, conference, now):
    accrediting.approve(delegate=submitted, now=now)
    badging.replace_badge(delegate=submitted, reason="lost", now=now)
    assert (CredentialAuthority.objects.count(), SigningKey.objects.count()) == (1, 1)


def test_the_newest_active_key_signs(submitted, conference, now):
    accrediting.approve(delegate=submitted, now=now)
    badging.signing_key_of(conference)
    conference.signing_keys.update(active=False)
    assert badging.signing_key_of(conference).key_id == 2


def test_printing_is_logged(submitted, organiser, conference, now):
    accrediting.approve(delegate=submitted, now=now)
    badges = badging.valid_badges(conference)
    assert badging.draw_badges(badges).startswith(b"%PDF")
    assert badging.log_printing(badges=badges, actor=organiser, now=now) == 1
    badge = Badge.objects.get()
    assert (badge.printed_at, badge.printed_by) == (now, organiser)


def test_nothing_to_draw_is_said(conference):
    with pytest.raises(NoValidBadge):
        badging.draw_badges([])


def test_a_withdrawn_person_has_no_valid_badge(submitted, now):
    accrediting.approve(delegate=submitted, now=now)
    substituting.withdraw_member(delegate=submitted, reason="ill", now=now)
    assert not Badge.objects.filter(revoked_at=None).exists()
