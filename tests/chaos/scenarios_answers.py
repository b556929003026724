"""Answers that are half, late in coming, or not the server's at all."""

from tests.chaos.line import (
    break_off_the_question,
    captive_portal,
    captive_redirect,
    cut_short,
    instead,
    lose_the_answer,
    refusal,
    twice,
)
from tests.chaos.outcomes import shown_is
from tests.chaos.scenario import Scenario
from tests.chaos.verbs_door import scan, scan_many
from tests.chaos.verbs_phone import clear, fault, kill_tab, offline, online, reopen, uploaded

WITH_A_QUEUE = (
    offline(),
    scan("wei", "admit"),
    scan("mei", "admit"),
    scan("wei", "already_inside"),
)

SCENARIOS = (
    Scenario(
        "a proxy asks everything twice",
        (
            fault("/scan/", twice, 9),
            fault("/scans/", twice, 9),
            scan("wei", "admit"),
            *WITH_A_QUEUE[:1],
            scan("mei", "admit"),
            online(),
        ),
        then=shown_is(2),
    ),
    Scenario(
        "503 with Retry-After at the scan and at the upload",
        (
            fault("/scan/", refusal(503, "unavailable", retry_after=2)),
            fault("/scans/", refusal(503, "unavailable", retry_after=2)),
            scan("wei", "admit"),
            scan("mei", "admit"),
        ),
        then=shown_is(2),
    ),
    Scenario(
        "429 at the scan and at the upload",
        (
            fault("/scan/", refusal(429, "rate_limited", retry_after=1)),
            fault("/scans/", refusal(429, "rate_limited", retry_after=1)),
            scan("wei", "admit"),
            scan("mei", "admit"),
        ),
        then=shown_is(2),
    ),
    Scenario(
        "500 of a server in trouble, which did its work all the same",
        (
            fault("/scan/", instead(500, b"<h1>Server Error</h1>", heard=True)),
            fault("/scans/", instead(502, b"Bad gateway", heard=True), 2),
            scan("wei", "admit"),
            scan("mei", "admit"),
        ),
        then=shown_is(2),
    ),
    Scenario(
        "400 for a batch is halved and the scans come through",
        (
            *WITH_A_QUEUE,
            fault("/scans/", refusal(400, "envelope_invalid")),
            online(),
            uploaded(),
        ),
        then=shown_is(3),
    ),
    Scenario(
        "413 down to a single scan keeps that one for export",
        (
            *WITH_A_QUEUE,
            fault("/scans/", refusal(413, "too_large"), 3),
            online(),
            uploaded(),
        ),
        exported=1,
    ),
    Scenario(
        "a captive portal answers in place of the server",
        (
            fault("/scan/", captive_portal, 3),
            fault("/scans/", captive_portal, 2),
            fault("/snapshot/", captive_redirect, 2),
            scan("wei", "admit"),
            scan("mei", "admit"),
            clear(),
        ),
        then=shown_is(2),
        daily=True,
    ),
    Scenario(
        "a captive portal when the page is opened",
        (
            scan("wei", "admit"),
            kill_tab(),
            fault("/checkin/", captive_portal, 5),
            fault("/sw.js", captive_portal, 5),
            fault("/scan/", captive_portal, 5),
            fault("/snapshot/", captive_portal, 5),
            reopen(),
            scan("mei", "admit"),
            clear(),
        ),
        then=shown_is(2),
    ),
    Scenario(
        "answers that end in the middle of their JSON",
        (
            fault("/scan/", cut_short(0.5)),
            fault("/scans/", cut_short(0.5, whole_length=False)),
            scan("wei", "admit"),
            fault("/scan/", cut_short(0.6, whole_length=False)),
            scan("mei", "admit"),
        ),
        then=shown_is(2),
    ),
    Scenario(
        "the upload is broken off in the middle of a batch",
        (
            offline(),
            scan_many(12, "admit"),
            fault("/scans/", break_off_the_question),
            fault("/scans/", lose_the_answer),
            fault("/scans/", cut_short(0.5)),
            online(),
            uploaded(),
        ),
        before=lambda world: world.crowd(12),
        then=shown_is(12),
    ),
    Scenario(
        "the snapshot breaks off and the list stays whole",
        (
            scan("wei", "admit"),
            kill_tab(),
            fault("/snapshot/", cut_short(0.7), 2),
            reopen(),
            offline(),
            scan("mei", "admit"),
            scan("wei", "already_inside"),
            online(),
        ),
        then=shown_is(3),
    ),
)
