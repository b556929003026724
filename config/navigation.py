"""The organiser's left navigation: the one list that knows the screens of every app."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise, SimpleLazyObject
from django.utils.translation import gettext_lazy as _

from checkin.operations.seeing import unseen_alerts
from conference.models import Conference, Membership, Role


@dataclass(frozen=True)
class Place:
    """One entry: its words, its address, its icon, who may open it, and how much waits there."""

    label: str | Promise
    url_name: str
    icon: str
    roles: tuple[str, ...]
    count: Callable[[Conference], int] | None = None


ALL = (Role.ORGANISER, Role.PROTOCOL, Role.PROGRAMME, Role.DESK, Role.VIEWER)
PEOPLE = (Role.ORGANISER, Role.PROTOCOL)
SECTIONS: tuple[tuple[str | Promise, tuple[Place, ...]], ...] = (
    (
        "",
        (
            Place(_("Overview"), "checkin:overview", "overview", ALL),
            Place(_("Arrivals"), "checkin:arrivals", "checkin", ALL),
        ),
    ),
    (
        _("People"),
        (
            Place(
                _("Delegations"), "delegates:delegation_list", "delegations", (*PEOPLE, Role.DESK)
            ),
            Place(_("Delegates"), "delegates:delegate_list", "people", (*PEOPLE, Role.DESK)),
            Place(_("Load a list"), "delegates:import_list", "imports", PEOPLE),
            Place(_("Accreditation"), "delegates:accreditation", "check", PEOPLE),
            Place(_("Badges"), "delegates:badge_list", "badge", PEOPLE),
        ),
    ),
    (
        _("Programme"),
        (
            Place(
                _("Sessions"),
                "programme:session_list",
                "programme",
                (Role.ORGANISER, Role.PROTOCOL, Role.PROGRAMME),
            ),
        ),
    ),
    (
        _("Mail"),
        (
            Place(_("Letters"), "delegates:letter_list", "send", PEOPLE),
            Place(_("Mailings"), "conference:campaign_list", "people", PEOPLE),
            Place(_("Reminders"), "programme:reminder_list", "bell", PEOPLE),
            Place(_("Messages"), "conference:message_list", "mail", PEOPLE),
            Place(_("Blocked addresses"), "conference:blocked_list", "remove", PEOPLE),
        ),
    ),
    (
        _("The door"),
        (
            Place(
                _("Alerts"),
                "checkin:alerts",
                "bell",
                (Role.ORGANISER, Role.PROTOCOL, Role.DESK),
                unseen_alerts,
            ),
            Place(_("Arrival desk"), "checkin:desk", "search", (*PEOPLE, Role.DESK)),
            Place(
                _("Devices and gates"),
                "checkin:device_list",
                "devices",
                (Role.ORGANISER, Role.DESK),
            ),
            Place(_("Supervisors"), "checkin:supervisor_list", "key", (Role.ORGANISER,)),
        ),
    ),
    (
        _("The conference"),
        (
            Place(_("Settings"), "conference:settings", "settings", (Role.ORGANISER,)),
            Place(_("Team"), "conference:team", "team", (Role.ORGANISER,)),
            Place(_("Programs"), "conference:api_tokens", "api", (Role.ORGANISER,)),
            Place(_("Rehearsal"), "checkin:rehearse", "copy", (Role.ORGANISER,)),
            Place(_("History"), "conference:audit", "history", (Role.ORGANISER,)),
        ),
    ),
)


def navigation(request: HttpRequest) -> dict[str, Any]:
    """Give pages inside a conference that conference and the entries that its reader may open."""
    conference = getattr(request, "conference", None)
    membership = getattr(request, "membership", None)
    if conference is None or membership is None:
        return {}
    return {
        "conference": conference,
        "membership": membership,
        "nav": SimpleLazyObject(lambda: list(_sections(conference, membership, _place(request)))),
    }


def _place(request: HttpRequest) -> str:
    """Return under which address the page stands: its own, unless its view says another."""
    place: str = getattr(request, "stands_at", request.path)
    return place


def _sections(
    conference: Conference, membership: Membership, path: str
) -> Iterator[dict[str, Any]]:
    overview = reverse("checkin:overview", args=[conference.slug])
    for label, places in SECTIONS:
        items = []
        for place in places:
            if membership.role not in place.roles:
                continue
            url = reverse(place.url_name, args=[conference.slug])
            # The overview's address begins every other one.
            current = path == url if url == overview else path.startswith(url)
            items.append(
                {
                    "label": place.label,
                    "url": url,
                    "icon": place.icon,
                    "current": current,
                    "count": place.count(conference) if place.count else 0,
                }
            )
        if items:
            yield {"label": label, "items": items}
