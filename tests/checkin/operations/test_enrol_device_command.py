"""Enrolling a phone from a shell."""

import json
import re
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from checkin.models import Device


def run(*arguments):
    out = StringIO()
    call_command("enrol_device", *arguments, stdout=out)
    return out.getvalue()


def test_it_prints_the_address_and_the_code(conference):
    told = json.loads(
        run(conference.slug, "--gate", "north door", "--capabilities", "scan,desk", "--json")
    )
    device = Device.objects.get()
    assert told["address"].endswith(f"/checkin/#e={told['code']}")
    assert (told["device"], told["name"]) == (str(device.pk), "North door 1")
    assert device.capabilities == ["scan", "desk"]


def test_all_that_may_be_said_is_taken(conference):
    told = json.loads(
        run(
            conference.slug,
            *("--gate", "North door", "--capabilities", "scan,desk,override", "--name", "Phone 7"),
            *("--zones", "hall，午餐", "--valid-until", "2030-01-01T18:00", "--json"),
        )
    )
    device = Device.objects.get()
    assert set(told) == {
        "device",
        "name",
        "gate",
        "zones",
        "capabilities",
        "valid_until",
        "address",
        "code",
        "expires",
    }
    assert told["name"] == "Phone 7"
    assert told["capabilities"] == ["scan", "desk", "override"]
    assert {zone.name_en for zone in device.zones.all()} == {"Hall", "Lunch"}
    assert told["zones"] == sorted(zone.pk for zone in device.zones.all())
    assert device.valid_until.astimezone(conference.zone).hour == 18


def test_a_gate_goes_by_either_of_its_names(conference):
    run(conference.slug, "--gate", "北门")
    assert Device.objects.get().gate.name_en == "North door"


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["nowhere", "--gate", "North door"], "There is no conference “nowhere”."),
        (["test-2023", "--gate", "Moon"], "The gates are: “North door”, “South door”."),
        (
            ["test-2023", "--gate", "North door", "--capabilities", "fly"],
            "Unknown capability: fly.",
        ),
        (
            ["test-2023", "--gate", "North door", "--zones", "Moon"],
            "It leads into: “Venue”, “Lunch”, “Hall”.",
        ),
        (
            ["test-2023", "--gate", "North door", "--valid-until", "soon"],
            "“soon” is no moment.",
        ),
    ],
)
def test_it_says_what_is_wrong(conference, arguments, sentence):
    with pytest.raises(CommandError, match=re.escape(sentence)):
        run(*arguments)
