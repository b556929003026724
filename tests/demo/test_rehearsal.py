"""The rehearsal: today, in all states of progress, without what must not be carried over."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta

import pytest

from checkin.models import Handling, Presence
from checkin.operations import supervising
from conference.models import Campaign, Message, Role
from conference.operations import campaigning
from delegates.models import Accreditation, Delegate, Quota
from delegates.operations.progress import delegation_progress
from demo.accounts import SUPERVISORS
from sessions.models import Session
from tests.demo.conftest import NOW

pytestmark = pytest.mark.django_db


def test_it_starts_today_at_the_venue_and_has_no_number(edition, rehearsal):
    assert rehearsal.first_day == date(2026, 3, 10)
    assert rehearsal.last_day == date(2026, 3, 11)
    assert (rehearsal.number, rehearsal.rehearsal_of) == (None, edition)


def test_sessions_keep_their_hour_on_the_new_day(rehearsal):
    opening = Session.objects.get(conference=rehearsal, title_en="Opening session")
    assert opening.starts_at == datetime(2026, 3, 10, 1, 0, tzinfo=UTC)


def test_there_is_always_a_session_ahead_in_which_a_seat_can_be_taken(rehearsal):
    evening = NOW + timedelta(hours=14, minutes=59)
    bookable = [
        session
        for session in Session.objects.filter(conference=rehearsal)
        if session.takes_seats_at(evening) and session.seats_free
    ]
    assert len(bookable) == 2


def test_one_side_event_is_full_with_people_waiting(rehearsal):
    full = Session.objects.get(conference=rehearsal, title_en="Side event: cities and the climate")
    assert full.seats_free == 0
    assert full.enrolments.filter(state="waiting").count() == 2


def test_delegations_are_in_all_states_of_progress(rehearsal):
    steps = Counter(progress.step for progress in delegation_progress(rehearsal))
    assert steps == {
        "not_invited": 8,
        "invited": 8,
        "answered": 5,
        "nominated": 12,
        "accredited": 10,
    }
    answers = rehearsal.invitations.values_list("state", flat=True)
    assert set(answers) == {"sent", "opened", "tentative", "declined", "accepted"}


def test_a_mailing_to_the_accredited_waits_to_be_started(rehearsal):
    mailing = rehearsal.campaigns.get(audience="people")
    approved = Accreditation.objects.filter(
        delegate__conference=rehearsal, state=Accreditation.State.APPROVED
    )
    reached = campaigning.recipients_of(mailing).reached
    assert mailing.state == Campaign.State.DRAFT
    assert 0 < len(reached) <= approved.count()


def test_letters_of_the_demo_were_queued_before_they_were_sent(rehearsal):
    letters = Message.objects.filter(conference=rehearsal, state=Message.State.SENT)
    assert letters
    assert all(letter.created_at < letter.sent_at for letter in letters)


def test_accreditations_are_in_all_states_but_withdrawn(rehearsal):
    states = Accreditation.objects.filter(delegate__conference=rehearsal)
    assert Counter(states.values_list("state", flat=True)) == {
        "nominated": 12,
        "submitted": 37,
        "approved": 98,
        "refused": 1,
        "substituted": 1,
    }


def test_the_list_of_washington_is_still_to_be_loaded(rehearsal):
    washington = rehearsal.delegations.get(locality__code="US-WA")
    assert not washington.delegates.exists()
    assert not washington.invitations.exists()
    assert washington.focal_email == "focal@washington.example"


def test_california_has_names_but_no_head_yet(rehearsal):
    california = rehearsal.delegations.get(locality__code="US-CA")
    assert california.focal_user.email == "focal-point@plenary.example"
    assert california.delegates.count() == 3
    assert not california.delegates.filter(role="head").exists()


def test_the_demo_delegate_is_approved_and_has_a_badge_and_no_seat_yet(rehearsal):
    delegate = Delegate.objects.get(user__email="delegate@plenary.example")
    assert delegate.conference == rehearsal
    assert delegate.accreditation.state == "approved"
    assert delegate.badges.filter(revoked_at=None).count() == 1
    assert not delegate.enrolments.exists()


def test_only_approved_people_have_badges(rehearsal):
    holders = rehearsal.badges.values_list("delegate__accreditation__state", flat=True)
    assert set(holders) == {"approved"}


def test_a_head_was_replaced_and_the_place_is_not_counted_twice(rehearsal):
    former = Delegate.objects.get(conference=rehearsal, withdrawn_at__isnull=False)
    assert former.accreditation.state == "substituted"
    assert former.substituted_by.role == "head"
    for quota in Quota.objects.filter(delegation__conference=rehearsal):
        holding = Accreditation.objects.filter(
            delegate__delegation=quota.delegation,
            badge_class=quota.badge_class,
            state__in=["nominated", "submitted", "approved"],
        )
        assert quota.taken == holding.count()


def test_everybody_invited_by_letter_has_one_with_a_link(rehearsal):
    letters = Message.objects.filter(conference=rehearsal)
    by_mail = rehearsal.invitations.exclude(campaign=None)
    assert letters.count() == by_mail.count() == 34
    assert set(letters.values_list("state", flat=True)) == {"sent"}
    invitation = by_mail.first()
    letter = letters.get(key=f"invite:{invitation.pk}")
    assert letter.to_email == invitation.addressee_email
    assert invitation.links.count() == 1


def test_some_have_arrived_within_the_last_hour_and_only_they_were_scanned(rehearsal):
    rows = Presence.objects.filter(conference=rehearsal)
    assert rows.filter(zone__is_arrival=True).count() == 19
    # Every second one has gone on into the hall.
    assert rows.count() == rehearsal.scans.count() == 19 + 10
    assert all(row.inside and row.entries == 1 for row in rows)
    earliest = min(row.in_ms for row in rows)
    assert earliest >= (NOW - timedelta(hours=1)).timestamp() * 1000
    assert not rows.exclude(delegate__accreditation__state="approved").exists()


def test_staff_serve_the_rehearsal_in_classes_of_their_own(rehearsal):
    secretariat = rehearsal.delegations.get(organisation__name_en__startswith="Conference secr")
    classes = Counter(
        secretariat.delegates.values_list("accreditation__badge_class__code", flat=True)
    )
    assert classes == {
        "interpreter": 4,
        "staff": 15,
        "press": 4,
        "security": 4,
        "volunteer": 3,
    }


def test_the_team_has_one_person_for_each_role_the_demo_shows(rehearsal):
    assert set(rehearsal.memberships.values_list("role", flat=True)) == {
        Role.ORGANISER,
        Role.PROTOCOL,
        Role.DESK,
        Role.VIEWER,
    }


def test_the_doors_know_the_lounge_two_sessions_care_and_supervisors(rehearsal):
    zones = {zone.name_en: zone for zone in rehearsal.zones.all()}
    assert set(zones) == {
        "Venue",
        "Great Hall",
        "Garden Restaurant",
        "VIP lounge",
        "Side event: work in the green economy",
        "Side event: cities and the climate",
    }
    full = zones["Side event: cities and the climate"]
    assert (full.for_enrolled, full.capacity, full.lead_minutes) == (True, 36, 30)
    assert zones["VIP lounge"].grants.count() > 0
    marked = Handling.objects.filter(delegate__conference=rehearsal)
    assert marked.filter(to_desk=True).count() == 1
    assert marked.filter(escort=True).count() == 2
    for supervisor in rehearsal.supervisors.all():
        assert supervisor.pin_hash == supervising.hash_of_pin(
            SUPERVISORS[supervisor.name],
            salt=supervisor.pin_salt,
            rounds=supervisor.pin_rounds,
        )
    assert rehearsal.supervisors.count() == 2
