"""Why a person or a delegation did or did not get each letter."""

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from conference.access import ConferenceRequest
from conference.operations import mailing, suppressing
from delegates.operations import receiving_mail

#: Letters on a page, each with its steps.
PAGE = 20


@require_safe
def delegate(request: ConferenceRequest, pk: int) -> HttpResponse:
    """Tell it of one person."""
    return _page(request, receiving_mail.delegate(request.conference, pk))


@require_safe
def delegation(request: ConferenceRequest, pk: int) -> HttpResponse:
    """Tell it of a delegation's focal point."""
    return _page(request, receiving_mail.delegation(request.conference, pk))


def _page(request: ConferenceRequest, person: mailing.Recipient | None) -> HttpResponse:
    if person is None:
        raise Http404
    letters = mailing.letters_of(conference=request.conference, whose=person.whose)
    page = Paginator(letters, PAGE).get_page(request.GET.get("page"))
    addresses = {letter.to_email for letter in page} | {person.email}
    return render(
        request,
        "conference/message_recipient.html",
        {
            "person": person,
            "page": page,
            "letters": mailing.with_steps(page),
            "blocks": suppressing.blocks_of(addresses, conference=request.conference),
        },
    )
