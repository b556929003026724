"""One-click sign-in: a page with a button, in the demo only."""

import pytest
from django.contrib.auth import authenticate

from demo.accounts import PARTS, PASSWORD
from demo.loading.accounts import load_accounts

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("part", PARTS, ids=lambda part: part.slug)
def test_the_button_signs_in_and_leads_to_where_the_part_works(client, part):
    user = load_accounts()[part.slug]
    answer = client.post(f"/demo/sign-in/{part.slug}/")
    assert (answer.status_code, answer["Location"]) == (302, part.landing)
    assert int(client.session["_auth_user_id"]) == user.pk


def test_opening_the_page_signs_nobody_in(client):
    load_accounts()
    answer = client.get("/demo/sign-in/organiser/")
    assert answer.status_code == 200
    assert "Sign in as Organiser" in answer.content.decode()
    assert "_auth_user_id" not in client.session


def test_before_the_demo_is_loaded_the_page_says_what_to_do(client):
    answer = client.get("/demo/sign-in/organiser/")
    assert "The demo is not loaded yet." in answer.content.decode()
    assert client.post("/demo/sign-in/organiser/").status_code == 200


def test_a_part_that_does_not_exist_is_not_found(client):
    assert client.get("/demo/sign-in/governor/").status_code == 404


def test_all_parts_are_on_one_page(client):
    page = client.get("/demo/sign-in/").content.decode()
    assert page.count('action="/demo/sign-in/') == len(PARTS)


def test_outside_the_demo_the_pages_do_not_exist(client, settings):
    load_accounts()
    settings.PLENARY_DEMO = False
    assert client.get("/demo/sign-in/").status_code == 404
    assert client.get("/demo/sign-in/organiser/").status_code == 404
    assert client.post("/demo/sign-in/organiser/").status_code == 404


def test_the_accounts_have_the_known_password_and_no_rights_in_the_back_office():
    load_accounts()
    user = authenticate(email="organiser@plenary.example", password=PASSWORD)
    assert (user.is_staff, user.is_superuser) == (False, False)
