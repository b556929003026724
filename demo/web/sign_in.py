"""Sign in as one of the demo's parts with one click."""

from django.contrib.auth import login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from conference.access import demo_only
from demo.accounts import PARTS

BACKEND = "django.contrib.auth.backends.ModelBackend"


@demo_only
@require_GET
def parts(request: HttpRequest) -> HttpResponse:
    """Show every part with its button."""
    return render(request, "demo/parts.html", {"parts": PARTS})


@demo_only
@never_cache
@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest, part: str) -> HttpResponse:
    """Show who one will be; the button signs in and leads to where that part works."""
    chosen = next((each for each in PARTS if each.slug == part), None)
    if chosen is None:
        raise Http404
    user = chosen.user()
    if request.method == "POST" and user is not None:
        login(request, user, backend=BACKEND)
        return redirect(chosen.landing)
    return render(request, "demo/sign_in.html", {"part": chosen, "is_loaded": user is not None})
