"""A list of blocked addresses, loaded: seen first, written once, and what does not fit waits."""

from datetime import UTC, datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from hypothesis import given
from hypothesis import strategies as st

from conference.documents import blocked_addresses
from conference.errors import ListNotReadable
from conference.models import AuditEntry, Suppression
from conference.operations import blocklisting, suppressing
from tests.conference.conftest import NOW
from tests.conference.web.test_pages import address

LIST = """address,reason,since,evidence
Dead@example.org,hard_bounce,2026-01-05T08:00+00:00,550 5.1.1
left@example.org,unsubscribed,2026-01-06,
asked@example.org,,,By telephone
"""


@pytest.fixture
def url(suzhou):
    return address("conference:blocked_load", suzhou)


def file(content, name="old.csv"):
    return SimpleUploadedFile(name, content if isinstance(content, bytes) else content.encode())


def does(page):
    return [(each.row.address, each.action) for each in page.context["rows"]]


def blocks():
    return list(Suppression.objects.order_by("pk").values_list("address", "reason"))


def test_each_row_says_what_it_does_and_nothing_is_written_before(desk, url, suzhou):
    suppressing.suppress(
        conference=suzhou, address="left@example.org", reason="unsubscribed", now=NOW
    )
    page = desk.post(url, {"file": file(LIST + "dead@EXAMPLE.org,hard_bounce,,\nnobody,,,\n")})
    assert does(page) == [
        ("nobody", "waits"),
        ("Dead@example.org", "block"),
        ("left@example.org", "known"),
        ("asked@example.org", "block"),
        ("dead@EXAMPLE.org", "repeated"),
    ]
    assert "This is not an e-mail address." in page.content.decode()
    assert blocks() == [("left@example.org", "unsubscribed")]


def test_what_was_seen_is_written_with_time_words_and_author(desk, url, organiser):
    page = desk.post(url, {"file": file(LIST)})
    told = {name: page.context[name] for name in ("text", "origin")}
    answer = desk.post(url, told | {"write": "1"}, follow=True)
    assert "3 addresses are blocked." in answer.content.decode()
    dead, left, asked = Suppression.objects.order_by("pk")
    assert (dead.address, dead.reason, dead.since, dead.evidence, dead.actor) == (
        "dead@example.org",
        "hard_bounce",
        datetime(2026, 1, 5, 8, tzinfo=UTC),
        "550 5.1.1",
        organiser,
    )
    assert left.since == datetime(2026, 1, 5, 16, tzinfo=UTC), "a day begins at the venue"
    assert left.evidence == "From the list old.csv"
    assert (asked.reason, asked.evidence) == ("by_hand", "By telephone")
    assert AuditEntry.objects.filter(action="mail.block", actor=organiser).count() == 3


def test_the_same_list_again_adds_nothing(desk, url):
    for _ in range(2):
        desk.post(url, {"text": LIST, "write": "1"})
    assert len(blocks()) == 3
    page = desk.post(url, {"text": LIST})
    assert {action for _address, action in does(page)} == {"known"}
    assert "blocks nobody who is not blocked already" in page.content.decode()


def test_rows_that_wait_stay_in_sight_when_the_others_are_written(desk, url):
    told = "address,reason,since\nok@example.org,,\nwrong,,\nx@example.org,boredom,\ny@example.org,,soon\n"
    page = desk.post(url, {"text": told, "write": "1"})
    assert blocks() == [("ok@example.org", "by_hand")]
    shown = page.content.decode()
    assert "1 address is blocked." in shown
    assert "3 rows wait" in shown
    assert "This reason is not known." in shown
    assert "This is not a time." in shown
    assert "y@example.org,,soon" in shown


def test_a_time_to_come_waits(desk, url):
    page = desk.post(url, {"text": "address,since\na@example.org,2999-01-01\n"})
    assert does(page) == [("a@example.org", "waits")]


def test_our_own_export_comes_back_as_it_was(desk, url, suzhou, tacoma):
    for name, evidence in (("a", '=HYPERLINK("x")'), ("b", "two\nlines, a comma"), ("c", "退信")):
        suppressing.suppress(
            conference=tacoma,
            address=f"{name}@example.org",
            reason="by_hand",
            evidence=evidence,
            now=NOW,
        )
    content = blocked_addresses.as_csv(tacoma)
    assert b"'=HYPERLINK" in content
    page = desk.post(url, {"file": file(content)})
    desk.post(url, {"text": page.context["text"], "origin": "x", "write": "1"})

    def facts(conference):
        rows = Suppression.objects.filter(conference=conference).order_by("address")
        return list(rows.values_list("address", "reason", "since", "evidence"))

    assert facts(suzhou) == facts(tacoma)


@pytest.mark.parametrize(
    "content",
    [
        "a@example.org\nb@example.org\n",
        "E-mail;Reason\r\na@example.org;by_hand\r\nb@example.org;by_hand\r\n",
        "Address\tNote\na@example.org\tx\nb@example.org\ty",
        "\ufeffaddress\na@example.org\n\n\nb@example.org\n".encode("utf-8"),
        "address\na@example.org\nb@example.org\n".encode("utf-16"),
        "邮箱,备注\na@example.org,退信\nb@example.org,退信\n".encode("gb18030"),
    ],
)
def test_lists_of_other_programs_are_read(desk, url, content):
    page = desk.post(url, {"file": file(content)})
    assert does(page) == [("a@example.org", "block"), ("b@example.org", "block")]


@pytest.mark.parametrize(
    "content",
    [
        b"PK\x03\x04\x00\x00\x00\x00",
        b"\xff\xff\xff\x81\x00",
        b"a@example.org\n" * 2001,
        b"x" * 500_001,
        b'address\n"a@example.org\n',
    ],
)
def test_what_is_no_list_is_refused_in_words(desk, url, content):
    page = desk.post(url, {"file": file(content)})
    assert page.status_code == 422
    assert "This list cannot be read." in page.content.decode()


@pytest.mark.parametrize("told", [{}, {"text": " \n \n"}, {"text": "address,reason\n"}])
def test_without_an_address_it_is_asked_for(desk, url, told):
    page = desk.post(url, told)
    assert page.status_code == 422
    assert "Choose a file with addresses, or paste some." in page.content.decode()


def test_another_conference_is_not_touched(desk, url, suzhou, tacoma):
    desk.post(url, {"text": LIST, "write": "1"})
    assert not Suppression.objects.exclude(conference=suzhou).exists()


def test_two_thousand_rows_are_planned_with_a_few_questions(suzhou, django_assert_max_num_queries):
    rows = blocklisting.rows_in("\n".join(f"guest{n}@example.org" for n in range(2000)))
    with django_assert_max_num_queries(4):
        planned = blocklisting.plan(conference=suzhou, rows=rows, now=NOW)
    assert {each.action for each in planned} == {"block"}


@given(content=st.binary(max_size=200))
def test_no_file_breaks_the_reading(content):
    try:
        rows = blocklisting.rows_in(blocklisting.decoded(content))
    except ListNotReadable:
        return
    assert len(rows) <= blocklisting.MOST_ROWS


def test_what_a_spreadsheet_would_run_is_guarded_in_the_export(suzhou):
    for number, evidence in enumerate(("=1+1", "+1", "-1", "@x", " \t=1", "\n=1", "1=1")):
        suppressing.suppress(
            conference=suzhou,
            address=f"a{number}@example.org",
            reason="by_hand",
            evidence=f"{evidence}",
            now=NOW,
        )
    text = blocked_addresses.as_csv(suzhou).decode("utf-8-sig")
    assert text.count(",'") == 6
