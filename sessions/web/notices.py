"""How a delegate wants to be told of things: mail, push notices, texts to the phone."""

import json
from pathlib import Path
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.staticfiles import finders
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from conference import home_screen
from conference.errors import DomainError
from conference.operations.channels import web_push
from delegates.access import DelegateRequest
from delegates.operations import optional_mail, pushing
from sessions.web import text_choices
from sessions.web.me import frame

_LONGEST = 4000


class NoticesForm(forms.Form):
    """The choices that need no script."""

    optional_mail = forms.BooleanField(required=False)


@require_http_methods(["GET", "HEAD", "POST"])
def notices(request: DelegateRequest) -> HttpResponse:
    """Show the choices, and keep them."""
    delegate = request.delegate
    if request.method == "POST":
        form = NoticesForm(request.POST)
        if form.is_valid():
            optional_mail.choose(
                delegate=delegate, is_wanted=form.cleaned_data["optional_mail"], now=timezone.now()
            )
            messages.success(request, _("Your choice is kept."))
        return redirect("programme:notices")
    return notices_page(request)


def notices_page(
    request: DelegateRequest, *, said: dict[str, dict[str, str]] | None = None, status: int = 200
) -> HttpResponse:
    """Return the page of choices; ``said`` is what was typed about a channel, and what is wrong."""
    context = frame(request, "inbox") | {
        "wants_optional_mail": optional_mail.is_wanted(request.delegate),
        "push": _push(request),
        "texts": text_choices.choices_of(request.delegate, said=said or {}, now=timezone.now()),
    }
    return render(request, "sessions/notices.html", context, status=status)


@require_POST
def subscribe(request: DelegateRequest) -> HttpResponse:
    """Send notices to the browser that asks."""
    told = _told(request)
    keys = told.get("keys")
    keys = keys if isinstance(keys, dict) else {}
    browser = web_push.Browser(
        endpoint=_word(told, "endpoint"),
        p256dh=_word(keys, "p256dh"),
        auth=_word(keys, "auth"),
    )
    try:
        pushing.subscribe(
            delegate=request.delegate,
            browser=browser,
            language=get_language() or request.delegate.language,
            now=timezone.now(),
        )
    except DomainError as refusal:
        return JsonResponse({"detail": str(refusal)}, status=refusal.status)
    return HttpResponse(status=204)


@require_POST
def unsubscribe(request: DelegateRequest) -> HttpResponse:
    """Send no more notices to the browser that asks."""
    if endpoint := _word(_told(request), "endpoint"):
        pushing.unsubscribe(delegate=request.delegate, endpoint=endpoint, now=timezone.now())
    return HttpResponse(status=204)


@require_POST
def stop_all(request: DelegateRequest) -> HttpResponse:
    """Send no more notices to any browser of the delegate."""
    pushing.unsubscribe(delegate=request.delegate, now=timezone.now())
    messages.success(request, _("None of your devices gets notices any more."))
    return redirect("programme:notices")


@require_safe
def service_worker(request: HttpRequest) -> HttpResponse:
    """Return the script that shows notices; its address bounds it to the delegate's pages."""
    path = finders.find("me/sw.js")
    assert isinstance(path, str)
    script = Path(path).read_text(encoding="utf-8")
    answer = HttpResponse(script, content_type="text/javascript; charset=utf-8")
    patch_cache_control(answer, no_cache=True)
    return answer


@require_safe
def manifest(request: HttpRequest) -> JsonResponse:
    """Describe the delegate's pages to a home screen: without it an iPhone shows no notices."""
    return home_screen.manifest(home=reverse("programme:me"), name="Plenary", color="#faf8f3")


def _push(request: DelegateRequest) -> dict[str, Any] | None:
    if not web_push.is_on():
        return None
    return {
        "key": web_push.public_key(),
        "worker": reverse("programme:me_worker"),
        "scope": reverse("programme:me"),
        "browsers": pushing.browsers_of(request.delegate),
    }


def _told(request: HttpRequest) -> dict[str, Any]:
    try:
        told = json.loads(request.body[:_LONGEST])
    except (ValueError, RecursionError):
        return {}
    return told if isinstance(told, dict) else {}


def _word(told: dict[str, Any], name: str) -> str:
    """Return what was told under this name, if an address or a key can look like that."""
    word = told.get(name)
    is_plain = isinstance(word, str) and word.isascii() and word.isprintable()
    return str(word) if is_plain else ""
