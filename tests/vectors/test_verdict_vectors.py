"""The verdict and the time of a scan: every vector, and what holds for all attempts."""

from checkin.effective_time import effective_time, period
from checkin.messages import Code
from checkin.verdict import ADMITTING, OVERRIDABLE, Attempt, admits, judge, may_override


def test_the_verdict_is_that_of_the_vector(verdict_case):
    assert judge(Attempt(**verdict_case["input"])).as_json() == verdict_case["expect"]


def test_only_the_reasons_of_lines_8_to_15_may_be_waved_through(verdict_case):
    may = may_override(verdict_case["expect"]["code"])
    assert may == (8 <= verdict_case["step"] <= 15)


def test_the_server_needs_to_say_nothing_of_codes(verdict_case):
    given = verdict_case["input"]
    if (given["read"], given["signature"], given["uncertain"]) == ("ok", "none", False):
        told = {name: given[name] for name in ("direction", "now", "zone", "entry", "card")}
        verdict = judge(Attempt(**told, presence=given["presence"]))
        assert verdict.as_json() == verdict_case["expect"]


def test_codes_of_a_later_version_admit_nobody():
    assert not admits("admit_by_song")
    assert not may_override("admit_by_song")


def test_no_admitting_code_can_be_overridden():
    assert not ADMITTING & OVERRIDABLE
    assert {code for code in Code if admits(code)} == ADMITTING


def test_the_time_of_a_scan_is_that_of_the_vector(time_case):
    told = effective_time(time_case["record"])
    assert told == (time_case["t"], time_case["uncertain"])


def test_a_period_begins_at_its_reset():
    assert [period([10, 20], t) for t in (9, 10, 19, 20, 99)] == [0, 10, 10, 20, 20]
    assert period([], 5) == 0


def test_a_card_says_nothing_of_a_badge_that_is_not_listed(verdict_case):
    given = verdict_case["input"]
    if given["entry"] is None:
        card = {"name": "Wei ZHANG", "class": 99, "valid": [0, 1], "flags": ["desk"]}
        verdict = judge(Attempt(**{**given, "card": card}))
        assert verdict.as_json() == verdict_case["expect"]
