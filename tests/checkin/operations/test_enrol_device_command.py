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
    ],
)
def test_it_says_what_is_wrong(conference, arguments, sentence):
    with pytest.raises(CommandError, match=re.escape(sentence)):
        run(*arguments)
