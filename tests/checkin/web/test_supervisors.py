"""The organiser's page of supervisors: a PIN is typed twice, or made and shown once."""

import re

import pytest
from django.urls import reverse

from checkin.models import Supervisor
from checkin.operations import supervising


def at(name, *values):
    return reverse(f"checkin:{name}", args=["test-2023", *values])


def is_pin_of(supervisor, pin):
    return supervisor.pin_hash == supervising.hash_of_pin(
        pin, salt=supervisor.pin_salt, rounds=supervisor.pin_rounds
    )


@pytest.fixture
def olga(conference, now):
    return supervising.add_supervisor(conference=conference, name="Olga", pin="190482", now=now)


def test_a_pin_typed_twice_is_set_and_not_shown(as_organiser, organiser):
    sent = {"name": "Olga", "user": organiser.pk, "pin": "190482", "again": "190482"}
    answer = as_organiser.post(at("supervisor_new"), sent, follow=True)
    assert answer.redirect_chain
    assert "190482" not in answer.content.decode()
    olga = Supervisor.objects.get()
    assert is_pin_of(olga, "190482")
    assert olga.user == organiser


def test_left_empty_a_pin_is_made_and_shown_once(as_organiser):
    answer = as_organiser.post(at("supervisor_new"), {"name": "Olga", "pin": "", "again": ""})
    assert (answer.status_code, answer["Cache-Control"]) == (201, "no-store")
    (pin,) = re.findall(r"<code>(\d{6})</code>", answer.content.decode())
    assert is_pin_of(Supervisor.objects.get(), pin)
    assert pin not in as_organiser.get(at("supervisor_list")).content.decode()


@pytest.mark.parametrize(
    ("pin", "again", "sentence"),
    [
        ("190482", "190483", "The two do not agree."),
        ("123456", "123456", "Choose 6 to 12 digits"),
        ("12ab56", "12ab56", "Choose 6 to 12 digits"),
    ],
)
def test_a_pin_that_will_not_do_is_sent_back_without_it(as_organiser, pin, again, sentence):
    sent = {"name": "Olga", "pin": pin, "again": again}
    answer = as_organiser.post(at("supervisor_new"), sent)
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert pin not in answer.content.decode().replace("123456 or", "")
    assert not Supervisor.objects.exists()


def test_a_name_in_use_is_refused(as_organiser, olga):
    answer = as_organiser.post(at("supervisor_new"), {"name": "Olga"})
    assert answer.status_code == 422
    assert Supervisor.objects.count() == 1


def test_another_pin_takes_the_place_of_the_former(as_organiser, olga):
    as_organiser.post(at("supervisor_pin", olga.pk), {"pin": "702915", "again": "702915"})
    olga.refresh_from_db()
    assert is_pin_of(olga, "702915")
    assert not is_pin_of(olga, "190482")


def test_who_ended_is_told_apart(as_organiser, olga):
    as_organiser.post(at("supervisor_end", olga.pk))
    answer = as_organiser.get(at("supervisor_list"))
    assert (answer.context["supervisors"], answer.context["ended"]) == ([], [olga])


def test_the_desk_knows_nothing_of_it(as_desk, olga):
    assert as_desk.get(at("supervisor_list")).status_code == 404
    assert as_desk.post(at("supervisor_pin", olga.pk)).status_code == 404
