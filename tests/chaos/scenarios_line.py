"""The line: lost, slow, cut, and the server gone."""

from tests.chaos.line import hang_up, late_answer, late_question, lose_the_answer, swallow
from tests.chaos.outcomes import shown_is
from tests.chaos.scenario import Scenario
from tests.chaos.verbs_door import read, scan, scan_blind, scan_many, turn, zone
from tests.chaos.verbs_phone import (
    clear,
    cut,
    fault,
    kill_tab,
    line_says,
    mend,
    offline,
    online,
    pause,
    reload,
    reopen,
    server_down,
    server_up,
    uploaded,
)

SCENARIOS = (
    Scenario(
        "airplane for a whole shift of 60 scans",
        (offline(), reload(), scan_many(60, "admit"), scan("guest 1", "already_inside"), online()),
        before=lambda world: world.crowd(60),
        then=shown_is(61),
    ),
    Scenario(
        "no connection and nobody tells the browser",
        (cut(), scan("wei", "admit"), line_says("offline"), scan("mei", "admit"), mend()),
        then=shown_is(2),
    ),
    Scenario(
        "the answer to a scan is lost after the server stored it",
        (fault("/scan/", lose_the_answer), scan("wei", "admit"), scan("wei", "already_inside")),
        then=shown_is(2),
        daily=True,
    ),
    Scenario(
        "every second answer is lost all day",
        tuple(
            step
            for guest in ("wei", "mei", "ana", "tom", "wei", "mei")
            for step in (fault("/scan/", lose_the_answer), scan(guest), scan(guest))
        ),
    ),
    Scenario(
        "the answer comes after the phone has judged itself",
        (
            fault("/scan/", late_answer(2500)),
            scan("wei", "admit"),
            pause(1500),
            scan("wei", "already_inside"),
        ),
        then=shown_is(2),
    ),
    Scenario(
        "the question arrives after the upload of the same scan",
        (fault("/scan/", late_question(4000)), scan("wei", "admit"), uploaded(), pause(3500)),
        then=shown_is(1),
    ),
    Scenario(
        "the line swallows questions",
        (fault("/scan/", swallow, 2), scan("wei", "admit"), scan("mei", "admit"), clear()),
        then=shown_is(2),
    ),
    Scenario(
        "the connection breaks before anything is said, again and again",
        (
            fault("/scan/", hang_up, 3),
            scan("wei", "admit"),
            scan("mei", "admit"),
            scan("wei", "already_inside"),
            turn("out"),
            scan("wei", "exit_ok"),
            turn("in"),
            scan("wei", "admit"),
        ),
        then=shown_is(5),
    ),
    Scenario(
        "the server is killed and comes back",
        (
            scan("wei", "admit"),
            server_down(),
            scan("wei", "already_inside"),
            scan("mei", "admit"),
            server_up(),
        ),
        then=shown_is(3),
    ),
    Scenario(
        "the server is killed while an answer is under way",
        (
            fault("/scan/", late_answer(400)),
            scan_blind("wei"),
            pause(150),
            server_down(),
            pause(1500),
            kill_tab(),
            server_up(),
            reopen(),
            scan("wei"),
        ),
    ),
    Scenario(
        "what is no badge is told to the server too, with and without a line",
        (
            read("https://example.org/", "unknown"),
            offline(),
            read("C1:NOT A BADGE", "unknown"),
            zone("Lunch"),
            scan("wei", "admit"),
            scan("wei", "already_inside"),
            online(),
        ),
        then=shown_is(4),
    ),
)
