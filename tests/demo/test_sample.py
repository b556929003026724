"""The list to try the importer with: one delegation, as an office might send it."""

import pytest

from delegates.operations.importing.files import open_table
from delegates.operations.importing.parties import parties_of
from delegates.operations.importing.reading import read_rows
from demo.facts import DATA

pytestmark = pytest.mark.django_db


def read(name, rehearsal):
    washington = rehearsal.delegations.get(locality__code="US-WA")
    sheet = open_table((DATA / name).read_bytes())
    rows = read_rows(sheet, conference=rehearsal, parties=parties_of(rehearsal), chosen=washington)
    return [row for row in rows if row.is_person]


@pytest.mark.parametrize("name", ["delegation_sample.xlsx", "delegation_sample.csv"])
def test_five_of_six_rows_can_go_in_and_one_needs_a_hand(rehearsal, name):
    rows = read(name, rehearsal)
    assert [row.is_refused for row in rows] == [False, False, False, False, False, True]
    assert [row.values.get("family_name", "").title() for row in rows[:5]] == [
        "Pemberton",
        "Eastwick",
        "Danforth",
        "Caldwell",
        "Averill",
    ]


def test_both_files_say_the_same(rehearsal):
    spreadsheet, text = (
        [row.values for row in read(f"delegation_sample.{kind}", rehearsal)]
        for kind in ("xlsx", "csv")
    )
    assert spreadsheet == text


def test_nothing_in_the_list_can_reach_a_person(rehearsal):
    for row in read("delegation_sample.xlsx", rehearsal):
        assert row.values["email"].endswith((".example", "@example.org"))
        assert "55501" in row.values["phone_e164"]
