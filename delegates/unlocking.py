"""Which locked invitations this browser has opened with a code, and the page that asks for one."""

from typing import TYPE_CHECKING, Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from delegates.errors import CodesStopped
from delegates.models import Invitation, PersonalLink
from delegates.operations import locking

if TYPE_CHECKING:
    from delegates.access import FocalRequest

#: How long a code, once typed, opens the link in the same browser.
HOURS: Final = 12
_KEY: Final = "unlocked_links"


def is_locked_for(request: "FocalRequest") -> bool:
    """Return whether this visitor has to type a code before anything is shown."""
    link, invitation = request.link, request.invitation
    if link is None or invitation is None or invitation.locked_at is None:
        return False
    locked_at, until = request.session.get(_KEY, {}).get(str(link.pk), ("", 0.0))
    # Locked anew after it was open to everybody: what was typed before counts no more.
    is_same_lock = bool(locked_at == invitation.locked_at.isoformat())
    return not (is_same_lock and until > timezone.now().timestamp())


def unlock(request: HttpRequest, link: PersonalLink) -> None:
    """Remember that the code was typed in this browser; the session gets a new key."""
    assert link.invitation is not None
    assert link.invitation.locked_at is not None
    request.session.cycle_key()
    until = timezone.now().timestamp() + HOURS * 3600
    opened = request.session.get(_KEY, {})
    request.session[_KEY] = opened | {str(link.pk): (link.invitation.locked_at.isoformat(), until)}


def page(
    request: "FocalRequest", *, error: str = "", sent: bool = False, status: int = 403
) -> HttpResponse:
    """Return the page that asks for the code. It names nobody but the conference."""
    assert request.link is not None
    assert request.link.invitation_id is not None
    # Asked anew: the last of too many wrong codes may have been typed just now.
    invitation = Invitation.objects.get(pk=request.link.invitation_id)
    is_shut = locking.is_shut(request.link, invitation)
    if is_shut:
        error = str(CodesStopped.message)
    facts = {
        "conference": request.conference,
        "token": request.way_in["token"],
        "address": locking.masked(locking.address_of(request.link)),
        "hours": HOURS,
        "error": error,
        "is_shut": is_shut,
        # Who comes back from the mailbox by the link again finds the field for the code.
        "sent": sent or locking.is_code_on_its_way(link=request.link, now=timezone.now()),
    }
    return render(request, "delegates/focal/locked.html", facts, status=status)
