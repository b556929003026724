"""Keys with which other programs read one conference."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from conference.errors import ApiTokenNotValid
from conference.models import ApiToken, AuditEntry, Membership
from conference.operations import tokens
from tests import factories
from tests.factories import NOW

LIST = "/api/v1/conferences/suzhou/delegates/"


@pytest.fixture
def made(suzhou, organiser):
    return factories.make_token(suzhou, "desk", owner=organiser, now=NOW, days=30)


def test_a_token_is_kept_as_a_hash_only_and_its_making_is_on_record(made):
    row, token = made
    assert token.startswith("plenary_")
    assert token not in str(vars(row))
    assert row.token_hash == ApiToken.hash_of(token)
    assert AuditEntry.objects.get().action == "api_token.create"


def test_a_token_works_until_its_last_moment(made):
    row, token = made
    assert tokens.find_token(token=token, now=row.expires_at - timedelta(seconds=1)) == row
    with pytest.raises(ApiTokenNotValid):
        tokens.find_token(token=token, now=row.expires_at)


def test_a_revoked_token_ends_at_once_and_stays_ended(made, organiser):
    row, token = made
    for _twice in range(2):
        tokens.revoke_token(token_id=row.pk, actor=organiser, now=NOW)
        with pytest.raises(ApiTokenNotValid):
            tokens.find_token(token=token, now=NOW)
    assert AuditEntry.objects.filter(action="api_token.revoke").count() == 1


def test_a_token_ends_when_its_owner_is_no_longer_organiser(made, organiser):
    _row, token = made
    Membership.objects.filter(user=organiser).update(role="protocol")
    with pytest.raises(ApiTokenNotValid):
        tokens.find_token(token=token, now=NOW)


def test_a_token_ends_when_its_owner_may_no_longer_sign_in(made, organiser):
    _row, token = made
    organiser.is_active = False
    organiser.save()
    with pytest.raises(ApiTokenNotValid):
        tokens.find_token(token=token, now=NOW)


def test_the_last_use_is_noted_once_an_hour(made, django_assert_num_queries):
    row, token = made
    tokens.find_token(token=token, now=NOW)
    with django_assert_num_queries(1):
        tokens.find_token(token=token, now=NOW + timedelta(minutes=59))
    tokens.find_token(token=token, now=NOW + timedelta(minutes=61))
    row.refresh_from_db()
    assert row.last_used_at == NOW + timedelta(minutes=61)


def test_the_database_refuses_a_token_that_ends_before_it_begins(made):
    row, _token = made
    with pytest.raises(IntegrityError), transaction.atomic():
        ApiToken.objects.filter(pk=row.pk).update(expires_at=row.created_at)


@pytest.mark.parametrize("token", ["plenary_wrong", "x", "", "é", "a b c"])
def test_a_wrong_token_is_refused_even_where_nobody_needs_one(reading, suzhou, token):
    client = reading()
    answer = client.get("/api/v1/conferences/", headers={"Authorization": f"Bearer {token}"})
    assert answer.status_code == 401
    assert answer.json()["code"] == "token_invalid"


def test_a_token_reads_its_conference_and_no_other_whatever_its_owner_may(
    reading, token, tacoma, organiser
):
    Membership.objects.create(conference=tacoma, user=organiser, role="organiser")
    program = reading(token=token())
    assert program.get(LIST).status_code == 200
    assert program.get("/api/v1/conferences/tacoma/").status_code == 404
    assert program.get("/api/v1/conferences/tacoma/delegates/").status_code == 404


def test_a_token_opens_no_screen(reading, token, suzhou):
    answer = reading(token=token()).get("/organise/suzhou/team/")
    assert answer.status_code == 302
    assert "login" in answer.headers["Location"]


def test_a_token_changes_nothing(reading, token, alice):
    program = reading(token=token())
    for method in (program.post, program.put, program.patch, program.delete):
        answer = method(f"{LIST}{alice.pk}/", data="{}", content_type="application/json")
        assert answer.status_code == 405
        assert answer.json()["code"] == "method_not_allowed"


def test_an_expired_token_is_told_so(reading, suzhou, organiser):
    past = timezone.now() - timedelta(days=60)
    _row, token = factories.make_token(suzhou, owner=organiser, now=past, days=30)
    assert reading(token=token).get(LIST).json() == {
        "code": "token_invalid",
        "detail": "This token is not valid. Ask the organiser for a new one.",
    }
