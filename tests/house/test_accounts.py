"""Whose address an account has."""

import pytest
from allauth.account.models import EmailAddress
from django.urls import reverse

from conference.models import User

OWN, OTHER = "olga@example.org", "mayor@example.org"


@pytest.fixture
def olga(client, db):
    user = User.objects.create_user(OWN)
    client.force_login(user)
    return user


def ask(client, action, email):
    return client.post(reverse("account_email"), {action: "", "email": email}, follow=True)


def test_nobody_takes_an_address_that_is_not_proven(client, olga):
    ask(client, "action_add", OTHER)
    page = ask(client, "action_primary", OTHER)
    olga.refresh_from_db()
    assert olga.email == OWN
    assert "must be verified" in page.content.decode()


def test_a_proven_address_becomes_the_one_to_sign_in_with(client, olga):
    ask(client, "action_add", OTHER)
    EmailAddress.objects.filter(user=olga, email=OTHER).update(verified=True)
    ask(client, "action_primary", OTHER)
    olga.refresh_from_db()
    assert olga.email == OTHER


def test_the_page_is_for_those_signed_in(client, db):
    assert client.get(reverse("account_email")).status_code == 302
