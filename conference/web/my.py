"""The conferences of a signed-in person."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from conference.models import Membership


def my_conferences(request: HttpRequest) -> HttpResponse:
    """List the conferences in which this user has a role."""
    memberships = (
        Membership.objects.filter(user=request.user.pk)
        .select_related("conference")
        .order_by("-conference__first_day", "conference__slug")
    )
    return render(request, "conference/my_conferences.html", {"memberships": memberships})
