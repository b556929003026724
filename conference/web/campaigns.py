"""Mailings: writing them, choosing whom they are for, and seeing them as a recipient will."""

from collections.abc import Collection, Mapping
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from conference import asked
from conference.access import ConferenceRequest
from conference.bilingual_texts import TEXTS
from conference.errors import CampaignOvertaken, CampaignStepRefused, DomainError
from conference.models import Campaign, IfLacking, Language, Message, Role
from conference.operations import campaigning, mailing
from conference.web.campaign_files import files_for, letter_as, take_files
from conference.web.campaign_forms import CampaignForm

#: Names on a page of an audience.
PAGE = 100
_Message = Message.State
_FAILED = (_Message.FAILED, _Message.UNCERTAIN, _Message.MISSED)


@require_safe
def campaign_list(request: ConferenceRequest) -> HttpResponse:
    """List the mailings with what became of them."""
    found = (
        Campaign.objects.filter(conference=request.conference)
        .filter(audience__in=[kind.code for kind in campaigning.kinds()])
        .annotate(
            total=Count("messages"),
            sent=Count("messages", filter=Q(messages__state=_Message.SENT)),
            failed=Count("messages", filter=Q(messages__state__in=_FAILED)),
            back=mailing.count_back(),
        )
        .order_by("-created_at", "-pk")
    )
    page = Paginator(found, 50).get_page(request.GET.get("page"))
    return render(
        request,
        "conference/campaigns/list.html",
        {"page": page, "kinds": campaigning.kinds()},
    )


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: ConferenceRequest) -> HttpResponse:
    """Write a mailing to an audience of the kind asked for, or beginning with an earlier one."""
    known = _kinds_for(request)
    number = asked.number(request.GET, "from")
    earlier = find_campaign(request, number) if number else None
    wanted = earlier.audience if earlier else asked.words(request.GET, "audience")
    kind = known.get(wanted) or campaigning.kinds()[0]
    _stand_at(request, kind)
    campaign = Campaign(
        conference=request.conference,
        purpose=kind.purpose,
        audience=kind.code,
        created_by=request.user,
    )
    return _writing(request, campaign, begin=kind.first_words(), earlier=earlier)


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: ConferenceRequest, pk: int) -> HttpResponse:
    """Change a mailing that has not begun; of another one what stands is shown."""
    campaign = find_campaign(request, pk)
    if campaign.state != Campaign.State.DRAFT:
        return redirect("conference:campaign_detail", request.conference.slug, campaign.pk)
    return _writing(request, campaign)


@require_http_methods(["GET", "HEAD", "POST"])
def audience(request: ConferenceRequest, pk: int) -> HttpResponse:
    """Narrow the audience; everybody who would get the mailing now is listed by name."""
    campaign = find_campaign(request, pk)
    kind = campaigning.kind_of(campaign)
    if kind.by_hand is not None:
        return redirect(kind.by_hand.page, request.conference.slug, campaign.pk)
    if request.method == "POST":
        is_kept = narrow(request, campaign, kind)
        step = "detail" if is_kept and "send" in request.POST else "audience"
        return redirect(f"conference:campaign_{step}", request.conference.slug, campaign.pk)
    recipients = campaigning.recipients_of(campaign)
    return render(
        request,
        "conference/campaigns/audience.html",
        {
            "campaign": campaign,
            "kind": kind,
            "may_narrow": campaign.state == Campaign.State.DRAFT,
            "ways": [
                {
                    "code": way.code,
                    "label": way.label,
                    "choices": [
                        (str(value), label) for value, label in way.choices(request.conference)
                    ],
                    "chosen": campaign.narrowed.get(way.code, []),
                }
                for way in kind.narrowings.values()
            ],
            "filters": campaigning.filters_for(campaign),
            "narrowed": campaigning.in_words(campaign),
            "recipients": recipients,
            "page": Paginator(recipients.reached, PAGE).get_page(request.GET.get("page")),
        },
    )


@require_POST
def preview(request: ConferenceRequest, pk: int) -> HttpResponse:
    """Show the text as typed, filled for the recipient asked for, in both languages."""
    campaign = find_campaign(request, pk)
    for name in ("subject_en", "body_en", "subject_zh", "body_zh"):
        setattr(campaign, name, request.POST.get(name, "")[:20_000])
    wanted = asked.words(request.POST, "sample")
    shown = previewed(campaign, wanted, codes=request.POST.getlist("made"))
    return render(request, "conference/campaigns/_preview.html", shown)


@require_POST
def send_test(request: ConferenceRequest, pk: int) -> HttpResponse:
    """Send the saved text to whoever asks, in each language that it is written in."""
    campaign = find_campaign(request, pk)
    shown = previewed(campaign, asked.words(request.POST, "sample"))
    kind = campaigning.kind_of(campaign)
    enclosures, lacking = (
        campaigning.enclosures(campaign, shown["letter"]) if shown["previews"] else ((), ())
    )
    now = timezone.now()
    for each in shown["previews"]:
        if each["written"].language != each["language"]:
            continue
        text, html = kind.layout(each["written"], request.conference)
        mailing.enqueue(
            conference=request.conference,
            letter=mailing.Letter(
                key=f"test:{campaign.pk}:{request.user.pk}:{each['language']}:{now.isoformat()}",
                purpose="test",
                recipient=f"user:{request.user.pk}",
                to_email=request.user.email,
                to_name=str(request.user),
                subject=_("[Test] %(subject)s") % {"subject": each["written"].subject},
                body_text=text,
                body_html=html,
                language=each["language"],
                enclosures=tuple(enclosures),
            ),
            now=now,
        )
    if shown["previews"]:
        messages.success(
            request, _("A test is on its way to %(email)s.") % {"email": request.user.email}
        )
        if lacking:
            messages.warning(
                request,
                _("%(name)s has none of this, so it is not in the test: %(files)s")
                % {
                    "name": shown["sample"].name,
                    "files": " · ".join(str(file.label) for file in lacking),
                },
            )
    else:
        messages.error(request, _("The audience is empty: there is nobody to fill the text for."))
    if "edit" in request.POST and campaign.state == Campaign.State.DRAFT:
        return redirect("conference:campaign_edit", request.conference.slug, campaign.pk)
    return redirect("conference:campaign_detail", request.conference.slug, campaign.pk)


def find_campaign(request: ConferenceRequest, pk: int) -> Campaign:
    """Return this conference's mailing, or answer 404; letters ticked by hand are organisers'."""
    found = Campaign.objects.filter(audience__in=_kinds_for(request)).select_related("conference")
    campaign: Campaign = get_object_or_404(found, conference=request.conference, pk=pk)
    _stand_at(request, campaigning.kind_of(campaign))
    return campaign


def _stand_at(request: ConferenceRequest, kind: campaigning.Kind) -> None:
    """Let the page stand in the navigation where letters of this kind are listed."""
    if kind.by_hand is not None:
        request.stands_at = reverse(kind.by_hand.pages, args=[request.conference.slug])


def previewed(
    campaign: Campaign, wanted: str, codes: Collection[str] | None = None
) -> dict[str, Any]:
    """Return the mailing as the first recipient whose name holds ``wanted`` would get it.

    ``codes`` name the files that would be made for each, if they are others than those chosen.
    """
    kind = campaigning.kind_of(campaign)
    members = campaigning.samples(campaign)
    found = None
    if wanted:
        named = (each for each in members if kind.addressee(each).is_called(wanted))
        found = next(named, None)
    member = found or members.first()
    if member is None:
        return {"sample": None, "previews": [], "wanted": wanted, "kind": kind}
    sample = kind.addressee(member)
    if codes is None:
        codes = [file.code for file in campaigning.personal(campaign)]
    letter = letter_as(campaign, sample, kind.preview(campaign, member, sample.language).language)
    return {
        "kind": kind,
        "letter": letter,
        "files": files_for(campaign, codes, letter),
        "leaves_out": campaign.if_lacking == IfLacking.LEAVE_OUT,
        "sample": sample,
        "is_mailing": kind.by_hand is None,
        "wanted": wanted,
        "is_missed": bool(wanted and found is None),
        "previews": [
            {
                "language": language,
                "label": label,
                "written": kind.preview(campaign, member, language),
                "is_own": sample.language == language,
            }
            for language, label in Language.choices
        ],
    }


def narrow(request: ConferenceRequest, campaign: Campaign, kind: campaigning.Kind) -> bool:
    """Keep what was ticked; tell whether all of it could be kept, and say so where not."""
    wanted = {code: request.POST.getlist(code) for code in kind.narrowings}
    kept = campaigning.checked(kind, request.conference, wanted)
    try:
        campaigning.rewrite(campaign=campaign, fields={"narrowed": kept})
    except DomainError as refusal:
        messages.error(request, str(refusal))
        return False
    campaign.narrowed = kept
    gone = [
        str(way.label)
        for code, way in kind.narrowings.items()
        if len(set(wanted[code])) > len(kept.get(code, []))
    ]
    if gone:
        messages.warning(
            request,
            _("Something that you ticked is no longer there: %(ways)s. Look at the list again.")
            % {"ways": " · ".join(gone)},
        )
    return not gone


def _kinds_for(request: ConferenceRequest) -> dict[str, campaigning.Kind]:
    """Return the kinds of mailings that are this user's business, by their codes."""
    is_organiser = request.membership.role == Role.ORGANISER
    return {
        code: kind
        for code, kind in campaigning.all_kinds().items()
        if is_organiser or kind.by_hand is None
    }


def _copied(earlier: Campaign) -> dict[str, Any]:
    """Return what the form of a new mailing takes from an earlier one: not its recipients."""
    said = (*TEXTS, "optional", "on_doubt", "if_lacking")
    return {name: getattr(earlier, name) for name in said} | {
        "name": _("%(name)s (copy)") % {"name": earlier.name},
        "made": [file.code for file in campaigning.personal(earlier)],
    }


def _is_only_wrong(form: CampaignForm) -> bool:
    """Tell whether something typed kept the text from being saved, and nobody else's newer one."""
    return bool(form.errors) and not form.non_field_errors()


def _writing(
    request: ConferenceRequest,
    campaign: Campaign,
    *,
    begin: Mapping[str, Any] | None = None,
    earlier: Campaign | None = None,
) -> HttpResponse:
    """Answer with the page of the text; a new one may begin with an ``earlier`` mailing."""
    begin = _copied(earlier) if earlier else begin
    kind = campaigning.kind_of(campaign)
    seen = campaigning.version_of(campaign)
    form = CampaignForm(request.POST or None, instance=campaign, kind=kind, initial=begin)
    refused: list[str] = []
    if request.method == "POST":
        try:
            if campaign.pk:
                refused = take_files(request, campaign)
            if form.is_valid():
                seen_by_writer = request.POST.get("seen", "")
                form.write(seen=seen_by_writer, now=timezone.now(), actor=request.user)
                if earlier is not None:
                    campaigning.take_over_files(campaign=campaign, earlier=earlier)
                seen = campaigning.version_of(campaign)
        except CampaignOvertaken as newer:
            form.add_error(None, str(newer))
        except CampaignStepRefused as begun:
            messages.error(request, str(begun))
            return redirect("conference:campaign_detail", request.conference.slug, campaign.pk)
        if form.is_valid() and not refused:
            messages.success(request, _("The text is saved."))
            step = "audience" if "audience" in request.POST else "edit"
            return redirect(f"conference:campaign_{step}", request.conference.slug, campaign.pk)
    is_wrong = bool(form.errors or refused)
    return render(
        request,
        "conference/campaigns/edit.html",
        {
            "campaign": campaign,
            "kind": kind,
            "form": form,
            # Who typed something wrong has not seen a newer text by that.
            "seen": request.POST.get("seen", seen) if _is_only_wrong(form) else seen,
            "placeholders": kind.placeholders.items(),
            "kept": [each for each in campaigning.chosen(earlier or campaign) if not each.maker],
            "each": campaigning.LARGEST_MB,
            "most": campaigning.MOST_MB,
            "refused": refused,
            **(previewed(campaign, "") if campaign.pk else {}),
        },
        status=422 if is_wrong else 200,
    )
