"""The page behind the link in a text: looking changes nothing, as phones look by themselves."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from conference.models import Notice
from conference.operations import inbox
from delegates import access
from delegates.models import Delegate, PersonalLink, TextAddress
from delegates.operations import linking, text_consent, text_links, texting


@require_http_methods(["GET", "HEAD", "POST"])
def text_link(request: HttpRequest, token: str) -> HttpResponse:
    """Show what the text is about; a press opens the letter in the delegate's own pages."""
    notice, delegate = _found(token)
    now = timezone.now()
    is_open = text_consent.is_allowed(delegate, notice)
    if request.method == "POST" and is_open:
        made = linking.create_link(
            purpose=PersonalLink.Purpose.DELEGATE, delegate=delegate, now=now
        )
        access.enter(request, made.link)
        if inbox.is_there(notice.message, now):
            return redirect("programme:inbox_letter", notice.message_id)
        return redirect("programme:inbox")
    access.speak(request, notice.message.language)
    page = render(
        request,
        "sessions/text_link.html",
        {
            "conference": delegate.conference,
            "letter": notice.message,
            "channel": notice.get_channel_display(),
            "address": text_consent.masked(notice.target),
            "token": token,
            "is_open": is_open,
        },
    )
    access.kept_private(page)
    return page


@require_POST
def stop(_request: HttpRequest, token: str) -> HttpResponse:
    """Send no more texts to the phone that this one came to."""
    notice, delegate = _found(token)
    text_consent.stop(
        delegate=delegate,
        channel=notice.channel,
        address=notice.target,
        how=TextAddress.StoppedBy.LINK,
        now=timezone.now(),
    )
    return redirect("programme:text_link", token)


def _found(token: str) -> tuple[Notice, Delegate]:
    notice = text_links.notice_of(token)
    delegate = texting.delegate_of(notice.message) if notice is not None else None
    if notice is None or delegate is None:
        raise Http404
    return notice, delegate
