"""Pages that ask for themselves again and again, and cost the database nothing by it.

Whoever opens such a page is checked as for any other and is handed a ticket with it: signed, for
this conference and role, good for half a minute. The page asks by the ticket alone, without the
cookie, and now and then by the cookie for a new one. So fifty who watch do not have their session,
account and role read fifty times a second. The roles of the conference are read once a second for
all of them, with who has signed out: whoever loses the role or signs out, and leaves the page open,
is told so at the next look. Whose session ends otherwise sees figures for half a minute at most.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any, NamedTuple, cast

from django.core import signing
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils import translation
from django.utils.functional import SimpleLazyObject

from checkin.live.watchers import may_watch, now_ms
from conference.access import (
    ConferenceRequest,
    Decorator,
    View,
    conference_role,
    declare,
    policy_of,
)
from conference.models import Conference, Membership

HEADER = "Watch-Ticket"
GOOD_FOR_S = 30
_SALT = "checkin.watching"


class Ticket(NamedTuple):
    """Who watches what: a user, a conference by its id and address, in a role and a language."""

    user: int
    conference: int
    slug: str
    role: str
    language: str
    #: When the user's session was looked at.
    checked_ms: int


def watched(*roles: str) -> Decorator:
    """Let in whoever ``conference_role`` lets in, and for half a minute whoever has its ticket.

    ``request.conference`` is read only if it is looked at; the id is in ``request.membership``.
    """
    checked = conference_role(*roles)

    def decorate(view: View) -> View:
        by_session = checked(view)
        policy = str(policy_of(by_session))
        allowed = policy.partition(":")[2].split(",")

        @wraps(view)
        def guarded(request: HttpRequest, slug: str, *args: Any, **kwargs: Any) -> HttpResponseBase:
            ticket = _read(request)
            if ticket is None or not _is_good(ticket, slug, allowed):
                return by_session(request, slug, *args, **kwargs)
            inside = cast("ConferenceRequest", request)
            inside.membership = Membership(
                conference_id=ticket.conference, user_id=ticket.user, role=ticket.role
            )
            inside.conference = cast("Conference", SimpleLazyObject(_loader(ticket.conference)))
            with translation.override(ticket.language):
                return view(inside, *args, **kwargs)

        return declare(guarded, policy)

    return decorate


def hand_ticket(request: ConferenceRequest, response: HttpResponse) -> HttpResponse:
    """Give the answer to somebody who was checked a ticket for the next times."""
    if HEADER not in request.headers:
        response.headers[HEADER] = new_ticket(request)
    return response


def new_ticket(request: ConferenceRequest) -> str:
    """Return a ticket for what the request was let into."""
    return signing.dumps(
        Ticket(
            user=request.membership.user_id,
            conference=request.conference.pk,
            slug=request.conference.slug,
            role=request.membership.role,
            language=translation.get_language() or "en",
            checked_ms=now_ms(),
        ),
        salt=_SALT,
    )


def _read(request: HttpRequest) -> Ticket | None:
    given = request.headers.get(HEADER)
    if not given:
        return None
    try:
        return Ticket(*signing.loads(given, salt=_SALT, max_age=GOOD_FOR_S))
    except (signing.BadSignature, TypeError):
        return None


def _is_good(ticket: Ticket, slug: str, allowed: list[str]) -> bool:
    return (
        ticket.slug == slug
        and ticket.role in allowed
        and may_watch(
            ticket.conference,
            user=ticket.user,
            role=ticket.role,
            since_ms=ticket.checked_ms,
        )
    )


def _loader(conference: int) -> Callable[[], Conference]:
    return lambda: Conference.objects.select_related("series").get(pk=conference)
