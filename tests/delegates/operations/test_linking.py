from datetime import timedelta

import pytest

from delegates.errors import LinkNotValid
from delegates.models import PersonalLink
from delegates.operations import linking
from tests.delegates.inviting_cast import NOW, invite


@pytest.fixture
def invitation(california):
    return invite(california)


def make(invitation, **fields):
    return linking.create_link(purpose="invitation", invitation=invitation, now=NOW, **fields)


def find(token, purpose="invitation", now=NOW):
    return linking.find(token=token, purpose=purpose, now=now)


def test_the_token_opens_its_invitation(invitation, settings):
    settings.PUBLIC_BASE_URL = "https://meet.example"
    made = make(invitation)
    assert find(made.token).invitation == invitation
    assert made.url == f"https://meet.example/delegation/link/{made.token}/"


def test_only_a_hash_of_the_token_is_stored(invitation):
    made = make(invitation)
    row = PersonalLink.objects.values().get(pk=made.link.pk)
    assert made.token not in str(row)
    assert len(made.token) == 32
    assert row["token_hash"] == PersonalLink.hash_of(made.token)


def test_two_links_have_two_tokens(invitation):
    assert make(invitation).token != make(invitation).token


def test_an_unknown_token_is_refused(invitation):
    make(invitation)
    with pytest.raises(LinkNotValid):
        find("nonsense")


def test_a_link_is_refused_from_its_last_moment_on(invitation):
    made = make(invitation, expires_at=NOW + timedelta(hours=1))
    assert find(made.token, now=NOW + timedelta(minutes=59)) == made.link
    with pytest.raises(LinkNotValid):
        find(made.token, now=NOW + timedelta(hours=1))


def test_a_revoked_link_is_refused_at_once(invitation):
    made = make(invitation)
    linking.revoke(link=made.link, now=NOW)
    with pytest.raises(LinkNotValid):
        find(made.token)


def test_a_link_opens_nothing_but_what_it_is_for(invitation):
    made = make(invitation)
    for purpose in ("delegate", "calendar"):
        with pytest.raises(LinkNotValid):
            find(made.token, purpose=purpose)


def test_without_an_end_a_link_lives_a_month_longer_than_its_conference(invitation):
    last_day = invitation.conference.last_day
    assert make(invitation).link.expires_at.date() == last_day + timedelta(days=30)


def test_a_link_made_long_after_a_conference_lives_a_week(invitation):
    late = NOW + timedelta(days=900)
    made = linking.create_link(purpose="invitation", invitation=invitation, now=late)
    assert made.link.expires_at == late + timedelta(days=7)


def test_all_links_of_an_invitation_are_revoked_together(invitation, jiangsu):
    mine, other = [make(invitation) for _ in range(2)], make(invite(jiangsu))
    assert linking.revoke_all(invitation=invitation, now=NOW) == 2
    for made in mine:
        with pytest.raises(LinkNotValid):
            find(made.token)
    assert find(other.token) == other.link
