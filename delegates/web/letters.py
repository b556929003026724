"""Letters of invitation: writing them, seeing them as a recipient will, testing them."""

from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from conference import asked
from conference.access import ConferenceRequest
from conference.bilingual import SUFFIXES
from conference.errors import DomainError
from conference.models import Campaign, Conference, Language, Message
from conference.operations import campaigning, mailing
from delegates.documents import letter
from delegates.models import Delegation, PersonalLink
from delegates.operations import linking, posting, reminding
from delegates.web.letter_form import LetterForm, usual_deadline

#: What the letters here are for: inviting, and reminding of an invitation.
PURPOSES = (posting.MAIL_PURPOSE, reminding.MAIL_PURPOSE)
_State = Message.State


@require_safe
def letter_list(request: ConferenceRequest) -> HttpResponse:
    """List the letters of invitation with what became of them."""
    letters = (
        Campaign.objects.filter(conference=request.conference, purpose__in=PURPOSES)
        .annotate(
            total=Count("messages"),
            sent=Count("messages", filter=Q(messages__state=_State.SENT)),
            failed=Count(
                "messages",
                filter=Q(messages__state__in=[_State.FAILED, _State.UNCERTAIN, _State.MISSED]),
            ),
            back=mailing.count_back(),
        )
        .select_related("created_by")
    )
    return render(
        request,
        "delegates/letters/list.html",
        {"conference": request.conference, "letters": letters},
    )


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: ConferenceRequest) -> HttpResponse:
    """Write a letter, beginning with a usual text or with that of an earlier one."""
    campaign = Campaign(
        conference=request.conference, purpose=_wanted_purpose(request), created_by=request.user
    )
    form = LetterForm(request.POST or None, instance=campaign, initial=_first_words(request))
    return _writing(request, form, campaign)


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: ConferenceRequest, pk: int) -> HttpResponse:
    """Change a letter that has not been sent; a sent one is only shown."""
    campaign = find_letter(request, pk)
    if campaign.state != Campaign.State.DRAFT and request.method != "POST":
        return redirect("delegates:letter_detail", request.conference.slug, campaign.pk)
    seen = campaigning.version_of(campaign)
    form = LetterForm(request.POST or None, instance=campaign)
    return _writing(request, form, campaign, seen=seen)


@require_POST
def preview(request: ConferenceRequest) -> HttpResponse:
    """Show the text as typed, filled for a delegation, in both languages; nothing is kept."""
    return render(
        request,
        "delegates/letters/_preview.html",
        _frame(request)
        | _previewed(request, Campaign(conference=request.conference, **_typed(request))),
    )


@require_POST
def send_test(request: ConferenceRequest, pk: int) -> HttpResponse:
    """Send the letter to the organiser who asks, filled for a delegation."""
    campaign = find_letter(request, pk)
    delegation = _sample(request.conference, request.POST.get("delegation", ""))
    if delegation is None:
        messages.error(request, _("Enter a delegation first: the letter is filled with its names."))
        return redirect("delegates:letter_edit", request.conference.slug, campaign.pk)
    now = timezone.now()
    try:
        posting.send_test(
            campaign=campaign,
            delegation=delegation,
            deadline=usual_deadline(request.conference, now),
            to=request.user,
            now=now,
        )
    except DomainError as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(
            request, _("A test is on its way to %(email)s.") % {"email": request.user.email}
        )
    return redirect("delegates:letter_edit", request.conference.slug, campaign.pk)


def find_letter(request: ConferenceRequest, pk: int) -> Campaign:
    """Return this conference's letter, or answer 404."""
    return get_object_or_404(
        Campaign.objects.select_related("conference"),
        conference=request.conference,
        purpose__in=PURPOSES,
        pk=pk,
    )


def _writing(
    request: ConferenceRequest, form: LetterForm, campaign: Campaign, *, seen: str = ""
) -> HttpResponse:
    if request.method == "POST" and form.is_valid() and (saved := _saved(request, form)):
        if "send" in request.POST:
            return redirect("delegates:letter_send", request.conference.slug, saved.pk)
        messages.success(request, _("The letter is saved."))
        return redirect("delegates:letter_edit", request.conference.slug, saved.pk)
    shown = Campaign(conference=request.conference, **_typed_in(form))
    return render(
        request,
        "delegates/letters/edit.html",
        _frame(request)
        | _previewed(request, shown)
        | {
            "form": form,
            # Who typed something wrong has not seen a newer text by that.
            "seen": seen if form.non_field_errors() else request.POST.get("seen", seen),
            "letter": campaign if campaign.pk else None,
            "is_reminder": campaign.purpose == reminding.MAIL_PURPOSE,
            "placeholders": letter.PLACEHOLDERS.items(),
            "delegations": Delegation.objects.of(request.conference),
        },
        status=422 if form.errors else 200,
    )


def _saved(request: ConferenceRequest, form: LetterForm) -> Campaign | None:
    """Keep what was written; None with the reason in the form, where that is refused."""
    campaign: Campaign = form.instance
    if campaign.pk is None:
        campaign.save()
        return campaign
    seen = request.POST.get("seen", "")
    try:
        campaigning.rewrite(campaign=campaign, seen=seen, fields=form.cleaned_data)
    except DomainError as refusal:
        form.add_error(None, str(refusal))
        return None
    return campaign


def _previewed(request: ConferenceRequest, campaign: Campaign) -> dict[str, object]:
    wanted = request.POST.get("sample") or request.GET.get("sample", "")
    delegation = _sample(request.conference, wanted)
    if delegation is None:
        return {"sample": None, "previews": []}
    deadline = usual_deadline(request.conference, timezone.now())
    url = linking.address_of(purpose=PersonalLink.Purpose.INVITATION, token=posting.EXAMPLE)
    return {
        "sample": delegation,
        "previews": [
            {
                "language": language,
                "label": label,
                "written": letter.write(
                    campaign=campaign,
                    delegation=delegation,
                    language=language,
                    deadline=deadline,
                    url=url,
                ),
                "is_own": delegation.focal_language == language,
            }
            for language, label in Language.choices
        ],
    }


def _sample(conference: Conference, wanted: str) -> Delegation | None:
    delegations = Delegation.objects.of(conference).select_related("conference")
    return delegations.filter(pk__in=asked.numbers([wanted])).first() or delegations.first()


def _first_words(request: ConferenceRequest) -> dict[str, str]:
    """Return the text to begin with: an earlier letter's if asked for, else the usual one."""
    if earlier := asked.number(request.GET, "from"):
        campaign = find_letter(request, earlier)
        texts = {name: getattr(campaign, name) for name in LetterForm.Meta.fields}
        return texts | {"name": _("%(name)s (copy)") % {"name": campaign.name}}
    purpose = _wanted_purpose(request)
    words = {"name": _("Invitation") if purpose == posting.MAIL_PURPOSE else _("Reminder")}
    for suffix in SUFFIXES:
        usual = render_to_string(f"delegates/letters/{purpose}_{suffix}.txt")
        subject, _blank, body = usual.partition("\n\n")
        words |= {f"subject_{suffix}": subject, f"body_{suffix}": body.strip()}
    return words


def _wanted_purpose(request: ConferenceRequest) -> str:
    earlier = asked.number(request.GET, "from")
    wanted = (
        find_letter(request, earlier).purpose if earlier else asked.words(request.GET, "purpose")
    )
    return wanted if wanted in PURPOSES else posting.MAIL_PURPOSE


def _typed(request: ConferenceRequest) -> dict[str, str]:
    return {
        name: request.POST.get(name, "")[:20_000]
        for name in LetterForm.Meta.fields
        if name != "name"
    }


def _typed_in(form: LetterForm) -> dict[str, str]:
    return {name: form[name].value() or "" for name in LetterForm.Meta.fields if name != "name"}


def trail(request: ConferenceRequest) -> list[dict[str, str]]:
    """Return the way back to the list of letters."""
    url = reverse("delegates:letter_list", args=[request.conference.slug])
    return [{"label": _("Letters"), "url": url}]


def _frame(request: ConferenceRequest) -> dict[str, object]:
    return {"conference": request.conference, "trail": trail(request)}
