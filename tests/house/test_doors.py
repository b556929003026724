"""The doors' short way in: without what pages need, with what every answer needs."""

import pytest
from django.test import Client

from tests.checkin.conftest import enrolled_phone, make_conference, make_doors

CLOCK = "/api/v1/checkin/clock/"


def test_a_phone_gets_no_cookie_and_no_policy_of_pages(db):
    answer = Client().get(CLOCK)
    assert answer.status_code == 401
    assert not answer.cookies
    assert "Content-Security-Policy" not in answer.headers
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Length"] == str(len(answer.content))


def test_pages_and_the_rest_of_the_interface_go_the_usual_way(db):
    for address in ("/", "/api/v1/", "/checkin/"):
        assert "Content-Security-Policy" in Client().get(address).headers


@pytest.mark.parametrize(
    ("accepted", "detail"),
    [
        ("", "This device is not enrolled."),
        ("fr", "This device is not enrolled."),
        ("zh-CN,zh;q=0.9,en;q=0.8", "此设备未登记。"),
        ("en-GB,zh;q=0.5", "This device is not enrolled."),
        ("x" * 5000, "This device is not enrolled."),
    ],
)
def test_a_refusal_is_in_the_language_that_was_asked_for(db, accepted, detail):
    answer = Client(headers={"Accept-Language": accepted}).get(CLOCK)
    assert answer.json()["detail"] == detail


def test_a_phone_of_the_same_browser_as_somebody_signed_in_is_still_a_phone(db, django_user_model):
    phone = enrolled_phone(make_doors(make_conference()))
    phone.client.force_login(django_user_model.objects.create_user("a@example.org"))
    assert phone.get("clock/").status_code == 200
    assert "Vary" not in phone.get("clock/").headers
