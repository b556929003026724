"""The list of blocked addresses, as organisers work with it."""

import csv

import pytest

from conference.documents import blocked_addresses
from conference.models import AuditEntry, Message, Suppression
from conference.operations import suppressing
from tests.conference.conftest import NOW
from tests.conference.web.test_pages import address, write
from tests.factories import make_delegate, make_delegation


@pytest.fixture
def block(suzhou):
    def block(name, reason="hard_bounce", **fields):
        return suppressing.suppress(
            conference=suzhou,
            address=name,
            reason=reason,
            now=NOW,
            **({"evidence": "550"} | fields),
        )

    return block


def test_the_list_costs_the_same_for_one_and_for_three(
    desk, suzhou, block, django_assert_num_queries
):
    url = address("conference:blocked_list", suzhou)
    block("a@example.org")
    desk.get(url)
    with django_assert_num_queries(6):
        desk.get(url)
    block("b@example.org")
    block("c@example.org")
    with django_assert_num_queries(6):
        desk.get(url)


def test_addresses_are_found_by_reason_and_by_a_part_of_them(desk, suzhou, block):
    dead, left = block("dead@example.org"), block("left@example.org", "unsubscribed")
    url = address("conference:blocked_list", suzhou)
    assert list(desk.get(url, {"reason": "unsubscribed"}).context["page"]) == [left]
    assert list(desk.get(url, {"q": "DEAD"}).context["page"]) == [dead]
    assert "1 address does not work" in desk.get(url).content.decode()


def test_an_address_is_blocked_by_hand_with_a_reason(desk, suzhou, organiser):
    url = address("conference:blocked_list", suzhou)
    assert desk.post(url, {"address": "x@example.org", "evidence": ""}).status_code == 422
    desk.post(url, {"address": "X@example.org", "evidence": "Asked us by telephone"})
    row = Suppression.objects.get()
    assert (row.address, row.reason, row.actor) == ("x@example.org", "by_hand", organiser)


def test_an_address_blocked_by_hand_is_whose_letters_went_there(desk, suzhou, block):
    row = block("guest1@example.com", "by_hand")
    url = address("conference:blocked_detail", suzhou, row.pk)
    assert desk.get(url).context["person"] is None
    delegate = make_delegate(make_delegation(suzhou))
    write(suzhou, 1)
    Message.objects.update(recipient=f"delegate:{delegate.pk}")
    assert desk.get(url).context["person"].name == delegate.letter_name


def test_a_block_is_lifted_with_a_note_and_the_history_keeps_it(desk, suzhou, block):
    row = block("dead@example.org", message=write(suzhou, 1))
    url = address("conference:blocked_detail", suzhou, row.pk)
    assert desk.post(url, {"reason": " "}).status_code == 422
    desk.post(url, {"reason": "Their server was moved"})
    assert not Suppression.objects.exists()
    assert AuditEntry.objects.get(action="mail.unblock").reason == "Their server was moved"


def test_the_file_holds_nothing_that_a_spreadsheet_would_run(suzhou, block):
    block("=cmd@example.org", evidence="+1 555")
    lines = blocked_addresses.as_csv(suzhou).decode("utf-8-sig").splitlines()
    assert [row[0] for row in csv.reader(lines)] == ["address", "'=cmd@example.org"]
    assert next(iter(list(csv.reader(lines))[1:]))[3] == "'+1 555"
