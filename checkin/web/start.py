"""Where a person lands after signing in: at the desk, with the delegation, or on the pass."""

from datetime import datetime

from django.http import HttpRequest, HttpResponseRedirect
from django.shortcuts import redirect
from django.utils import timezone

from conference.models import Conference
from delegates.models import Delegate, Delegation


def start(request: HttpRequest) -> HttpResponseRedirect:
    """Lead to the overview of the conference at hand, else to what the person has a part in."""
    user = request.user
    conference = _at_hand(list(Conference.objects.for_user(user)), timezone.now())
    if conference is not None:
        return redirect("checkin:overview", conference.slug)
    if Delegation.objects.for_focal_point(user).exists():
        return redirect("delegates:my_delegations")
    if Delegate.objects.for_user(user).exists():
        return redirect("programme:me")
    return redirect("conference:my_conferences")


def _at_hand(conferences: list[Conference], now: datetime) -> Conference | None:
    """Return the one that is on or comes next, else the one that ended last."""
    ahead = [each for each in conferences if not each.is_over(now)]
    if ahead:
        return min(ahead, key=lambda each: (each.first_day, each.pk))
    return max(conferences, key=lambda each: each.last_day, default=None)
