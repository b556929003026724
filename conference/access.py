"""Who may open an address. Every view declares one policy; a test walks the URL map.

The decorators go round function views and round ``View.as_view()`` alike. What may not be seen
does not exist: the answer is 404, never 403, so that nobody learns which conferences there are.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any, cast

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponseBase

from conference.models import Conference, Membership, Role, User

View = Callable[..., HttpResponseBase]
Decorator = Callable[[View], View]

# What each part may do besides its own: an organiser may do everything in the conference.
STAFF: tuple[str, ...] = (
    Role.ORGANISER,
    Role.PROTOCOL,
    Role.PROGRAMME,
    Role.DESK,
    Role.VIEWER,
)


class ConferenceRequest(HttpRequest):
    """A request inside one conference, as ``conference_role`` hands it to the view."""

    user: User
    conference: Conference
    membership: Membership
    #: Under which address its page stands in the navigation; its own where none is set.
    stands_at: str


def declare(view: View, policy: str) -> View:
    """Mark the view with the name of its policy and return it."""
    view.policy = policy  # type: ignore[attr-defined]
    return view


def policy_of(view: View) -> str | None:
    """Return the declared policy of a view, or None if it has none."""
    return getattr(view, "policy", None)


def public(view: View) -> View:
    """Let everybody in."""
    return declare(view, "public")


def signed_in(view: View) -> View:
    """Let in whoever is signed in; others are asked to sign in first."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        return view(request, *args, **kwargs)

    return declare(guarded, "signed_in")


def demo_only(view: View) -> View:
    """Exist only in the demo."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not settings.PLENARY_DEMO:
            raise Http404
        return view(request, *args, **kwargs)

    return declare(guarded, "demo_only")


def conference_role(*roles: str) -> Decorator:
    """Let in users with one of these roles in the conference named by the URL's ``slug``.

    The organiser is always let in. The view gets ``request.conference`` and
    ``request.membership``; its ``slug`` argument is taken away.
    """
    allowed = {Role.ORGANISER.value, *(str(role) for role in roles)}

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, slug: str, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not request.user.is_authenticated:
                return redirect_to_login(request.get_full_path())
            membership = (
                Membership.objects.select_related("conference__series")
                .filter(conference__slug=slug, user=request.user, role__in=allowed)
                .first()
            )
            if membership is None:
                raise Http404
            inside = cast("ConferenceRequest", request)
            inside.membership = membership
            inside.conference = membership.conference
            return view(inside, *args, **kwargs)

        return declare(guarded, "conference_role:" + ",".join(sorted(allowed)))

    return decorate
