"""Addresses of delegations, letters and the focal points' own pages."""

from collections.abc import Callable
from typing import Any

from django.urls import URLPattern, path

from conference.access import conference_role, signed_in
from delegates.access import focal_user, invitation_link, locked_link
from delegates.web import (
    answers,
    codes,
    delegations,
    deputies,
    focal,
    letters,
    letters_of,
    members,
    slips,
)

_reads = conference_role("protocol", "programme", "desk")
_edits = conference_role("protocol")
_sends = conference_role()

_DELEGATIONS = "organise/<slug:slug>/delegations/"
_LETTERS = "organise/<slug:slug>/letters/"

_organise = [
    path(_DELEGATIONS, _reads(delegations.delegation_list), name="delegation_list"),
    path(f"{_DELEGATIONS}new/", _edits(delegations.new), name="delegation_new"),
    path(f"{_DELEGATIONS}<int:pk>/", _reads(delegations.detail), name="delegation_detail"),
    path(
        f"{_DELEGATIONS}<int:pk>/letters/",
        _edits(letters_of.delegation),
        name="delegation_letters",
    ),
    path(f"{_DELEGATIONS}<int:pk>/edit/", _edits(delegations.edit), name="delegation_edit"),
    path(
        f"{_DELEGATIONS}<int:pk>/answer/",
        _edits(answers.record_answer),
        name="delegation_answer",
    ),
    path(
        f"{_DELEGATIONS}<int:pk>/deadline/", _edits(answers.more_time), name="delegation_deadline"
    ),
    path(f"{_DELEGATIONS}<int:pk>/reopen/", _edits(answers.reopen), name="delegation_reopen"),
    path(
        f"{_DELEGATIONS}<int:pk>/send-again/", _sends(answers.send_again), name="delegation_resend"
    ),
    path(f"{_DELEGATIONS}<int:pk>/lock/", _edits(deputies.lock), name="delegation_lock"),
    path(
        f"{_DELEGATIONS}<int:pk>/deputy/take-back/",
        _edits(deputies.take_back_for),
        name="delegation_take_back",
    ),
    path(f"{_DELEGATIONS}<int:pk>/slip/", _edits(slips.print_slip), name="delegation_slip"),
    path(
        f"{_DELEGATIONS}<int:pk>/answers/<int:step>/scan/",
        _edits(slips.scan),
        name="delegation_scan",
    ),
    path(f"{_DELEGATIONS}<int:pk>/letter/", _sends(answers.print_letter), name="delegation_letter"),
    path(_LETTERS, _sends(letters.letter_list), name="letter_list"),
    path(f"{_LETTERS}<int:pk>/send/", _sends(letters.choose), name="letter_send"),
]

# Every page of a focal point exists twice: behind an account, and behind a personal link.
_PAGES: list[tuple[str, Callable[..., Any], str]] = [
    ("", focal.home, "focal_home"),
    ("letter/", focal.letter_page, "focal_letter"),
    ("answer/", focal.answer, "focal_answer"),
    ("slip.pdf", slips.focal_slip, "focal_slip"),
    ("deputy/", deputies.hand_over, "focal_deputy"),
    ("deputy/take-back/", deputies.take_back, "focal_take_back"),
    ("opened/", focal.opened, "focal_opened"),
    ("people/new/", members.new, "focal_member_new"),
    ("people/<int:member>/", members.edit, "focal_member"),
    ("people/<int:member>/head/", members.make_head, "focal_head"),
    ("people/<int:member>/withdraw/", members.withdraw, "focal_withdraw"),
    ("people/<int:member>/submit/", members.submit_again, "focal_submit_again"),
    ("submit/", members.submit, "focal_submit"),
]


def _both_ways() -> list[URLPattern]:
    ways = [("delegation/<int:pk>/", focal_user), ("delegation/link/<str:token>/", invitation_link)]
    return [
        path(f"{prefix}{tail}", policy(view), name=name)
        for prefix, policy in ways
        for tail, view, name in _PAGES
    ]


urlpatterns = [
    *_organise,
    path("delegation/", signed_in(focal.my_delegations), name="my_delegations"),
    path("delegation/link/<str:token>/", invitation_link(focal.home), name="invitation_link"),
    path("delegation/link/<str:token>/code/", locked_link(codes.send), name="focal_code"),
    path("delegation/link/<str:token>/unlock/", locked_link(codes.unlock), name="focal_unlock"),
    *_both_ways(),
]
