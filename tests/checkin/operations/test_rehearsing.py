"""Making a rehearsal: every date re-based, nothing carried over that must not be."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from checkin.models import Device, Gate, Zone
from checkin.operations import rehearsing
from conference.errors import SlugTaken
from conference.models import Conference, Host, Membership, Role, Room, Series, User, Venue
from delegates.models import (
    Accreditation,
    BadgeClass,
    Country,
    Delegate,
    Delegation,
    Invitation,
    Locality,
    Quota,
)
from delegates.operations.cloning import Addresses
from sessions.models import Appearance, Enrolment, Session, Speaker

NOW = datetime(2026, 3, 6, 1, 0, tzinfo=UTC)


@pytest.fixture
def organiser(db) -> User:
    return User.objects.create_user("olivia@example.org")


@pytest.fixture
def chicago(organiser: User) -> Conference:
    """A conference over the end of daylight saving time (1 November 2026, 02:00)."""
    conference = Conference.objects.create(
        series=Series.objects.create(slug="s", name_en="Series"),
        number=2,
        slug="chicago",
        name_en="Second",
        name_zh="第二届",
        timezone="America/Chicago",
        first_day=date(2026, 10, 30),
        last_day=date(2026, 11, 2),
    )
    Membership.objects.create(conference=conference, user=organiser, role=Role.ORGANISER)
    Host.objects.create(conference=conference, name_en="Sister Cities")
    room = Room.objects.create(
        venue=Venue.objects.create(conference=conference, name_en="Hall"), name_en="Red"
    )
    badge_class = BadgeClass.objects.create(
        conference=conference, number=1, code="delegate", name_en="Delegate"
    )
    delegation = Delegation.objects.create(
        conference=conference,
        locality=Locality.objects.create(
            kind=Locality.Kind.STATE, country=Country.UNITED_STATES, name_en="Iowa", code="US-IA"
        ),
        name_en="Iowa",
        focal_email="focal@example.org",
        nominations_close=date(2026, 10, 1),
        submitted_at=NOW,
    )
    Quota.objects.create(delegation=delegation, badge_class=badge_class, granted=4, taken=1)
    delegate = Delegate.objects.create(
        conference=conference,
        delegation=delegation,
        family_name="Peña",
        given_name="Ann",
        email="ann@example.org",
        role=Delegate.Role.HEAD,
    )
    Delegate.objects.create(
        conference=conference, delegation=delegation, family_name="Gone", withdrawn_at=NOW
    )
    Accreditation.objects.create(
        delegate=delegate, badge_class=badge_class, state="approved", decided_at=NOW
    )
    Invitation.objects.create(
        conference=conference,
        delegation=delegation,
        state=Invitation.State.ACCEPTED,
        answered_at=NOW,
    )
    # 09:00 in Chicago, in winter time.
    session = Session.objects.create(
        conference=conference,
        kind=Session.Kind.PLENARY,
        title_en="Plenary",
        room=room,
        starts_at=datetime(2026, 11, 2, 15, 0, tzinfo=UTC),
        ends_at=datetime(2026, 11, 2, 16, 0, tzinfo=UTC),
        takes_enrolments=True,
        capacity=10,
        seats_taken=1,
        sequence=7,
        published_at=NOW,
    )
    Session.objects.create(
        conference=conference,
        kind=Session.Kind.PANEL,
        title_en="Cancelled",
        starts_at=session.starts_at,
        ends_at=session.ends_at,
        cancelled_at=NOW,
    )
    Enrolment.objects.create(session=session, delegate=delegate, created_at=NOW)
    speaker = Speaker.objects.create(conference=conference, delegate=delegate, name_en="Ann Peña")
    Appearance.objects.create(session=session, speaker=speaker, part=Appearance.Part.KEYNOTE)
    zone = Zone.objects.create(
        conference=conference,
        name_en="Arrival",
        is_arrival=True,
        windows=[[int(session.starts_at.timestamp() * 1000), None]],
    )
    zone.open_to.add(badge_class)
    gate = Gate.objects.create(conference=conference, name_en="North")
    gate.zones.add(zone)
    Device.objects.create(
        conference=conference, name="Phone 1", gate=gate, valid_until=session.ends_at
    )
    return conference


@pytest.fixture
def rehearse(chicago: Conference, organiser: User):
    def make(**changes: object) -> Conference:
        wishes: dict[str, Any] = {
            "source": chicago,
            "slug": "rehearsal",
            "first_day": date(2026, 3, 6),
            "addresses": Addresses.CLEAR,
            "actor": organiser,
            "now": NOW,
        }
        return rehearsing.make_rehearsal(**(wishes | changes))

    return make


def test_every_date_moves_and_the_clock_on_the_wall_stays(rehearse):
    copy = rehearse()
    assert (copy.first_day, copy.last_day) == (date(2026, 3, 6), date(2026, 3, 9))
    assert copy.delegations.get().nominations_close == date(2026, 2, 5)
    session = copy.sessions.get()
    # 9 March 2026 is a day after the clocks went forward: 09:00 is 14:00 UTC, not 15:00.
    assert session.starts_at == datetime(2026, 3, 9, 14, 0, tzinfo=UTC)
    assert session.ends_at == datetime(2026, 3, 9, 15, 0, tzinfo=UTC)
    assert copy.zones.get().windows == [[int(session.starts_at.timestamp() * 1000), None]]


def test_people_programme_and_doors_come_along(rehearse):
    copy = rehearse()
    assert (copy.name_en, copy.name_zh) == ("Second (rehearsal)", "第二届（演练）")
    assert [str(host) for host in copy.hosts.all()] == ["Sister Cities"]
    assert [str(person) for person in copy.delegates.all()] == ["Ann Peña"]
    assert [gate.zones.get().name_en for gate in copy.gates.all()] == ["Arrival"]
    appearance = copy.sessions.get().appearances.get()
    assert (appearance.part, appearance.speaker.delegate) == ("keynote", copy.delegates.get())
    assert copy.sessions.get().room.venue.conference == copy


def test_decisions_seats_devices_and_counters_stay_behind(rehearse):
    copy = rehearse()
    session = copy.sessions.get()
    assert (session.seats_taken, session.sequence, session.enrolments.count()) == (0, 0, 0)
    assert Accreditation.objects.filter(delegate__conference=copy).count() == 0
    assert copy.invitations.count() == 0
    assert copy.devices.count() == 0
    assert copy.delegations.get().submitted_at is None
    assert Quota.objects.get(delegation__conference=copy).taken == 0
    assert not copy.published


@pytest.mark.parametrize(
    ("addresses", "focal", "own"),
    [
        (Addresses.CLEAR, "", ""),
        (Addresses.KEEP, "focal@example.org", "ann@example.org"),
    ],
)
def test_addresses_come_along_only_when_asked_for(rehearse, addresses, focal, own):
    copy = rehearse(addresses=addresses)
    assert copy.delegations.get().focal_email == focal
    assert copy.delegates.get().email == own


def test_an_address_in_use_is_refused_and_nothing_is_left_behind(rehearse):
    with pytest.raises(SlugTaken):
        rehearse(slug="chicago")
    assert Conference.objects.count() == 1


def test_the_organiser_makes_one_on_the_page(client, chicago, organiser):
    client.force_login(organiser, backend="django.contrib.auth.backends.ModelBackend")
    answer = client.post(
        "/organise/chicago/rehearsal/",
        {"slug": "chicago-training", "first_day": "2026-03-06", "addresses": "clear"},
    )
    assert (answer.status_code, answer["Location"]) == (302, "/organise/chicago-training/")
    never = client.post(
        "/organise/chicago/rehearsal/",
        {"slug": "never", "first_day": "9999-12-31", "addresses": "clear"},
    )
    assert never.status_code == 422
    assert "Give a day between 1950 and 2150." in never.content.decode()
    refused = client.post(
        "/organise/chicago/rehearsal/",
        {"slug": "chicago-training", "first_day": "2026-03-06", "addresses": "clear"},
    )
    assert refused.status_code == 422
    assert "Another conference already uses this address." in refused.content.decode()
