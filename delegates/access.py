"""Who may open a delegation's list and a delegate's own pages.

Two ways lead to each: an account, or a personal link. Whichever it was, the view is handed the
same: ``request.delegation`` and ``request.invitation``, or ``request.delegate``. A link opens
what it is for and signs nobody in.
"""

from functools import wraps
from typing import Any, cast

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils import timezone, translation
from django.utils.cache import add_never_cache_headers

from conference.access import View, declare
from conference.models import Conference, User
from delegates import unlocking
from delegates.errors import LinkNotValid
from delegates.models import Delegate, Delegation, Deputy, Invitation, PersonalLink
from delegates.operations import deputising, linking

_LINK_KEY = "delegate_link"
_CHOICE_KEY = "delegate_choice"


class FocalRequest(HttpRequest):
    """A request of a focal point: the delegation, its invitation, and the link if one was used."""

    #: Who is signed in; nobody needs to be where a link was used.
    user: User
    conference: Conference
    delegation: Delegation
    invitation: Invitation | None
    link: PersonalLink | None
    #: Who does the focal point's work instead, and whether this visitor may change things.
    deputy: Deputy | None
    may_change: bool
    #: The keyword arguments with which the addresses of this way in are made.
    way_in: dict[str, Any]


class DelegateRequest(HttpRequest):
    """A request of a delegate to their own pages."""

    conference: Conference
    delegate: Delegate
    link: PersonalLink | None


def focal_user(view: View) -> View:
    """Let in the signed-in focal point of the delegation named by the URL's ``pk``."""

    @wraps(view)
    def guarded(request: HttpRequest, pk: int, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        delegation = get_object_or_404(
            Delegation.objects.for_focal_point(request.user).select_related("conference__series"),
            pk=pk,
        )
        inside = cast("FocalRequest", request)
        inside.delegation = delegation
        inside.conference = delegation.conference
        inside.invitation = delegation.invitations.filter(delegate=None, purpose="attend").first()
        inside.link = None
        inside.way_in = {"pk": pk}
        return _with_deputy(inside, view, *args, **kwargs)

    return declare(guarded, "focal_user")


def invitation_link(view: View) -> View:
    """Let in whoever has a valid link to an invitation; the others get a page that says so.

    One that is locked to its addressee asks for the code that goes to the addressee's mailbox.
    """

    @wraps(view)
    def unlocked(request: FocalRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if unlocking.is_locked_for(request):
            return unlocking.page(request)
        return _with_deputy(request, view, *args, **kwargs)

    return locked_link(unlocked)


def locked_link(view: View) -> View:
    """Let in whoever has a valid link to an invitation, also while it is locked.

    For asking for the code and typing it, and nothing else.
    """

    @wraps(view)
    def guarded(request: HttpRequest, token: str, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            link = linking.find(
                token=token, purpose=PersonalLink.Purpose.INVITATION, now=timezone.now()
            )
        except LinkNotValid as refusal:
            return link_not_valid(request, refusal)
        invitation = link.invitation
        assert invitation is not None
        inside = cast("FocalRequest", request)
        inside.link = link
        inside.invitation = invitation
        inside.delegation = invitation.delegation
        inside.conference = invitation.delegation.conference
        inside.way_in = {"token": token}
        inside.deputy, inside.may_change = None, False
        speak(request, invitation.language)
        return kept_private(view(inside, *args, **kwargs))

    return declare(guarded, "personal_link")


def stays_open(view: View) -> View:
    """Mark a view whose POST is for those, too, who handed the work to a deputy."""
    view.stays_open = True  # type: ignore[attr-defined]
    return view


def _with_deputy(request: FocalRequest, view: View, *args: Any, **kwargs: Any) -> HttpResponseBase:
    """Go on to the view; who handed the work to a deputy may only look, if so agreed."""
    request.deputy = deputising.deputy_of(request.invitation)
    request.may_change = deputising.may_change(deputy=request.deputy, link=request.link)
    is_change = request.method not in ("GET", "HEAD", "OPTIONS")
    if is_change and not request.may_change and not hasattr(view, "stays_open"):
        facts = {"conference": request.conference, "deputy": request.deputy}
        return render(request, "delegates/focal/handed_over.html", facts, status=403)
    return view(request, *args, **kwargs)


def delegate_link(view: View) -> View:
    """Let in whoever has a valid link to a delegate's pages; the view gets ``request.delegate``.

    For the page that the link itself opens. Its POST calls ``enter`` and goes on to ``/me/``.
    """

    @wraps(view)
    def guarded(request: HttpRequest, token: str, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            link = linking.find(
                token=token, purpose=PersonalLink.Purpose.DELEGATE, now=timezone.now()
            )
        except LinkNotValid as refusal:
            return link_not_valid(request, refusal)
        inside = cast("DelegateRequest", request)
        _put_delegate(inside, cast("Delegate", link.delegate), link)
        return kept_private(view(inside, *args, **kwargs))

    return declare(guarded, "personal_link")


def my_delegate(view: View) -> View:
    """Let in a delegate, by a link that was accepted in this browser or by their account.

    The view gets ``request.delegate`` and ``request.conference``. Somebody signed in who is no
    delegate gets 404; everybody else is asked to sign in.
    """

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        inside = cast("DelegateRequest", request)
        if link := _entered_link(request):
            _put_delegate(inside, cast("Delegate", link.delegate), link)
        elif not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        else:
            mine = my_delegates(request)
            if not mine:
                raise Http404
            chosen = request.session.get(_CHOICE_KEY)
            _put_delegate(inside, next((one for one in mine if one.pk == chosen), mine[0]), None)
        return kept_private(view(inside, *args, **kwargs))

    return declare(guarded, "my_delegate")


def enter(request: HttpRequest, link: PersonalLink) -> None:
    """Remember in the session that this browser may open the link's delegate pages.

    Call it from a POST only. The link is looked at anew with every request, so revoking it works
    at once; the session gets a new key.
    """
    request.session.cycle_key()
    request.session[_LINK_KEY] = link.pk


def leave(request: HttpRequest) -> None:
    """Forget the link that this browser came in by."""
    request.session.pop(_LINK_KEY, None)


def my_delegates(request: HttpRequest) -> list[Delegate]:
    """Return what the signed-in user is, at which conference; the nearest conference first."""
    mine = (
        Delegate.objects.attending()
        .filter(user=request.user.pk)
        .select_related("delegation", "conference__series")
    )
    now = timezone.now()

    def nearness(delegate: Delegate) -> tuple[bool, int]:
        conference = delegate.conference
        return conference.is_over(now), abs((conference.first_day - conference.today(now)).days)

    return sorted(mine, key=nearness)


def choose(request: HttpRequest, delegate: Delegate) -> None:
    """Show this one of the user's delegates from now on; ``my_delegate`` checks it is theirs."""
    leave(request)
    request.session[_CHOICE_KEY] = delegate.pk


def link_not_valid(request: HttpRequest, refusal: LinkNotValid) -> HttpResponse:
    """Return the page for an unknown, expired or revoked link: 404, and what to do about it."""
    page = render(
        request,
        "delegates/focal/link_not_valid.html",
        {"refusal": refusal},
        status=refusal.status,
    )
    return cast("HttpResponse", kept_private(page))


def speak(request: HttpRequest, language: str) -> None:
    """Answer in this language, unless the visitor chose one with the language switch."""
    if settings.LANGUAGE_COOKIE_NAME not in request.COOKIES:
        translation.activate(language)
        request.LANGUAGE_CODE = translation.get_language()


def kept_private(response: HttpResponseBase) -> HttpResponseBase:
    """Keep a page behind a secret address out of caches, indexes and other sites' logs."""
    add_never_cache_headers(response)
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    response.headers["Referrer-Policy"] = "same-origin"
    return response


def _entered_link(request: HttpRequest) -> PersonalLink | None:
    pk = request.session.get(_LINK_KEY)
    if pk is None:
        return None
    return (
        PersonalLink.objects.usable(timezone.now())
        .filter(pk=pk, purpose=PersonalLink.Purpose.DELEGATE, delegate__withdrawn_at=None)
        .select_related("delegate__delegation", "delegate__conference__series")
        .first()
    )


def _put_delegate(request: DelegateRequest, delegate: Delegate, link: PersonalLink | None) -> None:
    request.delegate = delegate
    request.conference = delegate.conference
    request.link = link
    speak(request, delegate.language)
