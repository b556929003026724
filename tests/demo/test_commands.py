"""The demo's two commands."""

import io
import json

import pytest
from django.core.management import CommandError, call_command

from conference.models import Conference

PARTS = ["organiser", "focal point", "delegate", "gate staff", "protocol", "viewer"]


def run(command, *args):
    written = io.StringIO()
    call_command(command, *args, stdout=written)
    return written.getvalue()


@pytest.mark.django_db
def test_load_demo_says_what_it_loaded_and_then_that_it_is_there():
    assert run("load_demo") == (
        "Loaded the demo: 200 delegates in 42 delegations, 233 sister pairs.\n"
    )
    assert run("load_demo").startswith("The demo is already there: 200 delegates")


@pytest.mark.django_db
def test_outside_the_demo_nothing_is_loaded(settings):
    settings.PLENARY_DEMO = False
    with pytest.raises(CommandError, match="PLENARY_DEMO=1"):
        call_command("load_demo")
    assert not Conference.objects.exists()


def test_signins_are_printed_for_other_programs(settings):
    settings.PUBLIC_BASE_URL = "http://127.0.0.1:8123"
    signins = json.loads(run("demo_signins", "--json"))
    assert [signin["part"] for signin in signins] == PARTS
    assert signins[0] == {
        "part": "organiser",
        "url": "http://127.0.0.1:8123/demo/sign-in/organiser/",
        "email": "organiser@plenary.example",
    }


def test_signins_are_printed_for_people_with_the_password():
    lines = run("demo_signins").splitlines()
    assert [line.split("  ")[0] for line in lines[:-1]] == PARTS
    assert lines[-1] == "Or with a password: sister-cities-2023"


def test_outside_the_demo_there_is_no_one_click_sign_in(settings):
    settings.PLENARY_DEMO = False
    with pytest.raises(CommandError):
        call_command("demo_signins")
