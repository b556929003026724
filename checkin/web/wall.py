"""The wall screen: figures in both languages that are read from across a foyer, and nothing else.

It names delegations; it names people only where somebody has switched that on, and then only VIPs
who have arrived. A television shows it by a secret link, without a sign-in.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_safe

from checkin import live
from checkin.errors import WallLinkNotValid
from checkin.figures import Arrival, DelegationCount, ZoneCount
from checkin.live import Snapshot
from checkin.operations import wall_links
from checkin.web.board_chart import chart
from checkin.web.board_map import arrival_map
from checkin.web.fragments import EVERY_MS, Fragment
from checkin.web.wall_words import both_languages
from checkin.web.watching import hand_ticket, new_ticket
from conference.access import ConferenceRequest, View, declare
from conference.models import Conference

#: Panels that take turns; an address may ask for one that stays: ``?panel=map``.
PANELS = ("delegations", "map", "hours", "rooms", "sessions")
_ON_A_PANEL = 12
_LATEST = 3
_BARS = 330


@dataclass(frozen=True)
class Wall:
    """How one screen shows the figures."""

    names_vips: bool = False
    panel: str = ""

    @classmethod
    def asked(cls, request: HttpRequest, *, names_vips: bool) -> "Wall":
        """Return what the address asks for."""
        panel = request.GET.get("panel", "")
        return cls(names_vips=names_vips, panel=panel if panel in PANELS else "")


def drawn(snapshot: Snapshot, conference: Conference, wall: Wall) -> str:
    """Draw the living part of the wall."""
    lines = sorted(snapshot.delegations, key=lambda each: (each.is_complete, -each.missing))
    return render_to_string(
        "checkin/_wall.html",
        {
            "conference": conference,
            "live": snapshot,
            "words": both_languages(),
            "fixed": bool(wall.panel),
            "panels": [wall.panel] if wall.panel else list(PANELS),
            "pages": _pages(lines),
            "complete": sum(each.is_complete for each in lines),
            "map": arrival_map(snapshot.delegations) if conference.show_map else None,
            "chart": chart(snapshot, conference, bar_height=_BARS),
            "zones": _zones(snapshot),
            "sessions": snapshot.sessions[:4],
            "latest": _latest(snapshot),
            "vips": [each for each in snapshot.last if each.vip and not each.is_odd][:_LATEST]
            if wall.names_vips
            else [],
        },
    )


@require_safe
def wall(request: ConferenceRequest) -> HttpResponse:
    """Show the wall to somebody of the team; ``?vips=1`` names VIPs who have arrived."""
    names = request.GET.get("vips") == "1"
    query = "&".join(f"{name}={request.GET[name]}" for name in ("panel",) if name in request.GET)
    return _answer(
        request,
        Wall.asked(request, names_vips=names),
        switch=f"?{query}{'' if names else ('&' if query else '') + 'vips=1'}",
        in_team=True,
    )


@require_safe
def linked_wall(request: ConferenceRequest) -> HttpResponse:
    """Show the wall to whoever has its link."""
    names = request.wall_link_names_vips  # type: ignore[attr-defined]
    return _answer(request, Wall.asked(request, names_vips=names), switch="", in_team=False)


def by_wall_link(view: View) -> View:
    """Let in whoever has a valid link to the wall screen of a conference; the others get 404."""

    @wraps(view)
    def guarded(request: HttpRequest, token: str) -> HttpResponse:
        try:
            link = wall_links.find_wall_link(token=token, now=timezone.now())
        except WallLinkNotValid as refusal:
            return render(
                request, "checkin/wall_gone.html", {"refusal": str(refusal)}, status=refusal.status
            )
        inside = cast("Any", request)
        inside.conference = link.conference
        inside.wall_link_names_vips = link.names_vips
        response = cast("HttpResponse", view(inside))
        # A secret address is told to nobody and kept by no cache.
        response.headers["Referrer-Policy"] = "no-referrer"
        response.headers["Cache-Control"] = "no-store"
        response.headers["X-Robots-Tag"] = "noindex"
        return response

    return declare(guarded, "wall_link")


def _answer(request: ConferenceRequest, shown: Wall, *, switch: str, in_team: bool) -> HttpResponse:
    now = timezone.now()
    number = request.membership.conference_id if in_team else request.conference.pk
    counted = live.snapshot(number, now=now)
    fragment = Fragment(
        counted,
        conference=number,
        kind=("wall", str(shown.names_vips), shown.panel),
        draw=_drawer(counted, request, shown),
    )
    if request.headers.get("HX-Request") == "true":
        answer = fragment.answer(request, now)
        return hand_ticket(request, answer) if in_team else answer
    return render(
        request,
        "checkin/wall.html",
        {
            "conference": request.conference,
            # Drawn by a template of ours, which has escaped what people wrote.
            "fragment": mark_safe(fragment.html()),  # noqa: S308
            "etag": fragment.etag,
            "every": EVERY_MS,
            "ticket": new_ticket(request) if in_team else "",
            "words": both_languages(),
            "shown": shown,
            "switch": switch,
            "in_team": in_team,
        },
    )


def _drawer(counted: Snapshot, request: ConferenceRequest, shown: Wall) -> Callable[[], str]:
    return lambda: drawn(counted, request.conference, shown)


def _pages(lines: list[DelegationCount]) -> list[list[DelegationCount]]:
    return [lines[at : at + _ON_A_PANEL] for at in range(0, len(lines), _ON_A_PANEL)]


def _zones(snapshot: Snapshot) -> list[ZoneCount]:
    return snapshot.zones[:4]


def _latest(snapshot: Snapshot) -> list[Arrival]:
    """Return the delegations of the newest arrivals, each once."""
    told: dict[int, Arrival] = {}
    for each in snapshot.last:
        if not each.is_odd:
            told.setdefault(each.delegation, each)
    return list(told.values())[:_LATEST]
