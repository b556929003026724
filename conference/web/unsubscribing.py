"""The page behind "unsubscribe" in a letter. Looking at it changes nothing; one press does."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from conference.models import Message
from conference.operations import unsubscribing


# Mail programs post here without a cookie (RFC 8058): the signed address is what lets them.
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """Show what would be stopped; a POST stops it."""
    letter = _letter(token)
    if request.method == "POST":
        unsubscribing.unsubscribe(message=letter, now=timezone.now())
    answer = render(
        request,
        "conference/unsubscribe.html",
        {
            "letter": letter,
            "event": letter.conference,
            "token": token,
            "is_unsubscribed": unsubscribing.is_unsubscribed(letter),
        },
    )
    answer.headers["Referrer-Policy"] = "no-referrer"
    return answer


@require_POST
def come_back(_request: HttpRequest, token: str) -> HttpResponse:
    """Send optional mail again."""
    unsubscribing.come_back(message=_letter(token), now=timezone.now())
    return redirect("conference:unsubscribe", token)


def _letter(token: str) -> Message:
    letter = unsubscribing.letter_of(token)
    if letter is None or not letter.to_email:
        raise Http404
    return letter
