"""Arrivals as they happen: the board of the organiser, and a shorter one for the overview.

Both ask again and again; what has not changed is answered by 304, and all watchers share one
count a second.
"""

from datetime import datetime
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_safe

from checkin import live
from checkin.documents.conflicts import kind_of
from checkin.figures import Principal
from checkin.live import Snapshot
from checkin.web import devices
from checkin.web.board_chart import chart
from checkin.web.board_choice import HEADS, STATES, Choice
from checkin.web.board_map import arrival_map
from checkin.web.fragments import EVERY_MS, Fragment
from checkin.web.watching import hand_ticket, new_ticket
from conference.access import ConferenceRequest
from conference.models import Conference, Role

BRIEF = "checkin/_arrivals_brief.html"
WHOLE = "checkin/_board.html"
#: Who may open the pages of delegations and people.
READING = (Role.ORGANISER, Role.PROTOCOL, Role.DESK)
#: How far a delegation is: word and tone of each state.
FAR = {
    "nobody": (pgettext_lazy("delegation", "nobody here"), "closed"),
    "partly": (pgettext_lazy("delegation", "partly here"), "waiting"),
    "complete": (pgettext_lazy("delegation", "complete"), "good"),
    "unexpected": (pgettext_lazy("delegation", "not on the list"), "warn"),
}
HEAD = {
    "missing": pgettext_lazy("delegation", "head not here"),
    "here": pgettext_lazy("delegation", "head here"),
}
#: How full an area or a session is: word and tone.
FULL = {
    "over": (pgettext_lazy("area", "over capacity"), "bad"),
    "full": (pgettext_lazy("area", "full"), "warn"),
    "filling": (pgettext_lazy("area", "nearly full"), "waiting"),
    "room": (pgettext_lazy("area", "room left"), "good"),
}
_IN_BRIEF = 5
_A_PAGE = 20
_MOST_NAMES = 12


def whole(snapshot: Snapshot, conference: Conference, choice: Choice, *, reads: bool) -> str:
    """Draw the board."""
    lines = choice.narrowed(snapshot.delegations)
    page = Paginator(lines, _A_PAGE).get_page(choice.page)
    return render_to_string(
        WHOLE,
        {
            "conference": conference,
            "live": snapshot,
            "choice": choice,
            "reads": reads,
            "states": _state_chips(snapshot, choice),
            "heads_chips": _head_chips(snapshot, choice),
            "columns": _columns(choice),
            "page": page,
            "lines": [(each, *FAR[each.state]) for each in page],
            "earlier": choice.query(page=str(page.previous_page_number()))
            if page.has_previous()
            else "",
            "later": choice.query(page=str(page.next_page_number())) if page.has_next() else "",
            "map": arrival_map(snapshot.delegations)
            if conference.show_map and not choice.map
            else None,
            "map_switch": choice.query(map="" if choice.map else "off")
            if conference.show_map
            else "",
            "chart": (drawn := chart(snapshot, conference, day=choice.day)),
            "days": [(day, choice.query(day=day.isoformat())) for day in drawn.days]
            if drawn
            else [],
            "gates": [(each, _phones(each.phones)) for each in snapshot.gates],
            "zones": [(each, *FULL.get(each.fullness, ("", ""))) for each in snapshot.zones],
            "sessions": [(each, *FULL.get(each.fullness, ("", ""))) for each in snapshot.sessions],
            "clashes": [(each, kind_of(each.kind).title) for each in snapshot.clashes],
            "last": snapshot.last,
            **heads(snapshot),
        },
    )


def brief(snapshot: Snapshot, conference: Conference) -> str:
    """Draw what the overview shows."""
    return render_to_string(
        BRIEF,
        {
            "conference": conference,
            "live": snapshot,
            "last": snapshot.last[:_IN_BRIEF],
            "chart": chart(snapshot, conference),
        },
    )


def heads(snapshot: Snapshot) -> dict[str, list[Principal]]:
    """Return the heads of delegation who are here, who come next, and who are missing."""
    coming: list[Principal] = []
    missing: list[Principal] = []
    for each in snapshot.heads:
        if each.first_in_ms is None:
            later = each.due_ms is not None and each.due_ms > snapshot.as_of_ms
            (coming if later else missing).append(each)
    here = [each for each in snapshot.heads if each.first_in_ms is not None]
    here.sort(key=lambda each: -(each.first_in_ms or 0))
    coming.sort(key=lambda each: each.due_ms or 0)
    return {"heads_in": here, "heads_coming": coming, "heads_missing": missing}


def brief_context(request: ConferenceRequest, *, now: datetime) -> dict[str, Any]:
    """Return what the overview needs to show arrivals and to keep them fresh."""
    return _living(request, _brief_fragment(request, now), "?brief")


@require_safe
def arrivals(request: ConferenceRequest) -> HttpResponse:
    """Show who has arrived; to a page that asks again its living part, or 304 if it has it."""
    now = timezone.now()
    choice = Choice.of(request.GET)
    if "brief" in request.GET:
        fragment = _brief_fragment(request, now)
    else:
        fragment = _fragment(request, choice, now)
    if request.headers.get("HX-Request") == "true":
        return hand_ticket(request, fragment.answer(request, now))
    context = _living(request, fragment, choice.query())
    return render(request, "checkin/arrivals.html", context)


def _living(request: ConferenceRequest, fragment: Fragment, query: str) -> dict[str, Any]:
    return {
        "conference": request.conference,
        "live_url": reverse("checkin:arrivals", args=[request.conference.slug]),
        # Drawn by a template of ours, which has escaped what people wrote.
        "fragment": mark_safe(fragment.html()),  # noqa: S308
        "etag": fragment.etag,
        "every": EVERY_MS,
        "ticket": new_ticket(request),
        "live_query": query,
        "may_share_wall": request.membership.role in {Role.ORGANISER, Role.PROTOCOL},
    }


def _fragment(request: ConferenceRequest, choice: Choice, now: datetime) -> Fragment:
    reads = request.membership.role in READING
    number = request.membership.conference_id
    counted = live.snapshot(number, now=now)
    return Fragment(
        counted,
        conference=number,
        kind=("whole", choice.query(), str(reads)),
        draw=lambda: whole(counted, request.conference, choice, reads=reads),
    )


def _brief_fragment(request: ConferenceRequest, now: datetime) -> Fragment:
    number = request.membership.conference_id
    counted = live.snapshot(number, now=now)
    return Fragment(
        counted,
        conference=number,
        kind=("brief",),
        draw=lambda: brief(counted, request.conference),
    )


def _state_chips(snapshot: Snapshot, choice: Choice) -> list[tuple[Any, str, int, bool]]:
    chips = [
        (
            FAR[state][0],
            choice.query(state=state, page=""),
            sum(each.state == state for each in snapshot.delegations),
            choice.state == state,
        )
        for state in STATES
    ]
    everything = (
        pgettext_lazy("delegations", "all"),
        choice.query(state="", head="", page=""),
        len(snapshot.delegations),
        not (choice.state or choice.head),
    )
    return [everything, *chips]


def _head_chips(snapshot: Snapshot, choice: Choice) -> list[tuple[Any, str, int, bool]]:
    return [
        (
            HEAD[head],
            choice.query(head="" if choice.head == head else head, page=""),
            sum(
                each.led > 0 and each.head_here is (head == "here") for each in snapshot.delegations
            ),
            choice.head == head,
        )
        for head in HEADS
    ]


def _columns(choice: Choice) -> list[tuple[Any, str, str, bool]]:
    """Return each column: its word, the query that sorts by it, how it is, whether of numbers."""
    words = (
        ("name", _("Delegation"), False),
        ("here", pgettext_lazy("arrived", "Here"), True),
        ("missing", pgettext_lazy("people", "Missing"), True),
        ("inside", _("Inside"), True),
    )
    return [
        (
            word,
            choice.sorted_by(column),
            ""
            if choice.sort.removeprefix("-") != column
            else ("descending" if choice.sort.startswith("-") else "ascending"),
            number,
        )
        for column, word, number in words
    ]


def _phones(phones: list[Any]) -> list[tuple[Any, Any, str]]:
    return [(phone, *devices.STATES[phone.state]) for phone in phones]
