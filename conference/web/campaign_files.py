"""What travels with a mailing: taking files, and handing out what a recipient would get."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from conference import asked
from conference.access import ConferenceRequest
from conference.errors import CampaignStepRefused, DomainError
from conference.models import Campaign, Message, MessageAttachment
from conference.operations import campaigning, mailing
from conference.operations.campaigning import Addressee
from conference.web.downloads import as_file


@require_safe
def kept_file(request: ConferenceRequest, pk: int, file: int) -> HttpResponse:
    """Hand out a file that goes to everybody."""
    found = get_object_or_404(
        MessageAttachment,
        pk=file,
        campaign=pk,
        campaign__conference=request.conference,
        maker="",
    )
    return as_file(
        bytes(found.content or b""), content_type=found.content_type, name=found.file_name
    )


@require_safe
def made_file(request: ConferenceRequest, pk: int, code: str) -> HttpResponse:
    """Make a file as the ``recipient`` of the address would get it; else as the first would."""
    campaign = get_object_or_404(
        Campaign.objects.filter(audience__in=campaigning.all_kinds()).select_related("conference"),
        conference=request.conference,
        pk=pk,
    )
    file = campaigning.offered(campaign.audience).get(code)
    letter = _letter_to(campaign, asked.words(request.GET, "recipient"))
    if file is None or letter is None:
        raise Http404
    attachment = MessageAttachment(
        campaign=campaign,
        maker=code,
        content_type=file.content_type,
        file_name=file.name(campaign.conference, letter.language),
    )
    try:
        content = mailing.content_of(attachment, letter)
    except DomainError as refusal:
        messages.error(request, str(refusal))
        return redirect("conference:campaign_edit", request.conference.slug, pk)
    return as_file(content, content_type=file.content_type, name=attachment.file_name)


def take_files(request: ConferenceRequest, campaign: Campaign) -> list[str]:
    """Remove and keep files as the form says; return why some were not taken.

    Each stands for itself: what fits is kept, whatever is wrong with another one or the text.
    Raises CampaignStepRefused once the mailing has begun.
    """
    now, actor = timezone.now(), request.user
    if pk := asked.number(request.POST, "remove"):
        campaigning.detach(campaign=campaign, pk=pk, now=now, actor=actor)
    refused = []
    for upload in request.FILES.getlist("upload"):
        name = upload.name or ""
        try:
            campaigning.refuse_large(name, upload.size or 0)
            campaigning.attach(
                campaign=campaign, name=name, content=upload.read(), now=now, actor=actor
            )
        except CampaignStepRefused:
            raise
        except DomainError as refusal:
            refused.append(str(refusal))
    return refused


def letter_as(campaign: Campaign, to: Addressee, language: str) -> Message:
    """Return a letter of the mailing to this recipient that is kept nowhere."""
    return Message(
        conference=campaign.conference,
        campaign=campaign,
        recipient=to.whose,
        language=language,
    )


def files_for(campaign: Campaign, codes: Any, letter: Message) -> list[dict[str, Any]]:
    """Return the files of the letter as the preview shows them, those made for it first."""
    slug, pk = campaign.conference.slug, campaign.pk
    made = [
        {
            "name": file.name(campaign.conference, letter.language),
            "label": file.label,
            "is_there": file.has(letter, letter.recipient),
            "url": reverse("conference:campaign_made_file", args=[slug, pk, code])
            + f"?recipient={letter.recipient}",
        }
        for code, file in campaigning.offered(campaign.audience).items()
        if code in codes
    ]
    kept = [
        {
            "name": each.file_name,
            "label": "",
            "is_there": True,
            "size": each.size,
            "url": reverse("conference:campaign_file", args=[slug, pk, each.pk]),
        }
        for each in campaigning.chosen(campaign)
        if not each.maker
    ]
    return made + kept


def _letter_to(campaign: Campaign, whose: str) -> Message | None:
    members = campaigning.samples(campaign)
    if whose:
        members = members.filter(pk__in=asked.numbers([whose.rpartition(":")[2]]))
    member = members.first()
    if member is None:
        return None
    kind = campaigning.kind_of(campaign)
    to = kind.addressee(member)
    if whose not in {"", to.whose}:
        return None
    return letter_as(campaign, to, kind.preview(campaign, member, to.language).language)
