"""Loading a list: choose the file, see what each row would do, correct, apply."""

from collections.abc import Mapping

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from conference.access import ConferenceRequest
from conference.bilingual import pick, suffix_for
from conference.errors import DomainError
from delegates.documents import participants
from delegates.models import Delegate, Delegation, ImportBatch, ImportRow
from delegates.operations.importing import applying, batches
from delegates.operations.importing.contacts import read_phone
from delegates.operations.importing.findings import is_error
from delegates.operations.importing.matching import is_same_name, written_name
from delegates.web.delegates import XLSX
from delegates.web.people_forms import ListForm, RowForm

PAGE = 50
Action = ImportRow.Action
_FIELDS = ("family_name", "given_name", "native_name", "title_en", "title_zh", "email", "phone")


@require_safe
def import_list(request: ConferenceRequest) -> HttpResponse:
    """List the lists that were loaded, the newest first."""
    loads = (
        request.conference.import_batches.select_related("uploaded_by", "delegation")
        .annotate(row_count=Count("rows"))
        # Counting groups the rows, and grouped rows have no order by themselves.
        .order_by("-uploaded_at", "-pk")
    )
    page = Paginator(loads, PAGE).get_page(request.GET.get("page"))
    return render(request, "delegates/imports/list.html", {"page": page})


@require_http_methods(["GET", "HEAD", "POST"])
def import_new(request: ConferenceRequest) -> HttpResponse:
    """Take a file and show what its rows would do."""
    form = ListForm(
        request.POST or None,
        request.FILES or None,
        conference=request.conference,
        initial={"delegation": request.GET.get("delegation")},
    )
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            batch = batches.load_file(
                conference=request.conference,
                delegation=form.cleaned_data["delegation"],
                file_name=file.name,
                content=file.read(),
                now=timezone.now(),
                actor=request.user,
            )
        except DomainError as refusal:
            form.add_error("file", str(refusal))
        else:
            return redirect(_preview_url(request, batch))
    return render(
        request,
        "delegates/imports/new.html",
        {"form": form, "trail": _trail(request)},
        status=422 if form.is_bound and form.errors else 200,
    )


@require_safe
def import_preview(request: ConferenceRequest, pk: int) -> HttpResponse:
    """Show every row of a list with its findings and what applying it does or did."""
    batch = _find(request, pk)
    counts = dict(batch.rows.order_by().values_list("action").annotate(Count("pk")))
    chosen = request.GET.get("action", "")
    rows = batch.rows.select_related("delegate")
    if chosen in Action.values:
        rows = rows.filter(action=chosen)
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    names = {delegation.pk: delegation for delegation in request.conference.delegations.all()}
    waiting = batch.rows.filter(applied_at=None, action__in=applying.WRITTEN).count()
    return render(
        request,
        "delegates/imports/preview.html",
        {
            "trail": _trail(request),
            "batch": batch,
            "page": page,
            "rows": [_shown(row, names) for row in page],
            "total": sum(counts.values()),
            "chips": [
                (code, label, counts[code]) for code, label in Action.choices if counts.get(code)
            ],
            "chosen": chosen,
            "counts": counts,
            "waiting": waiting,
            "notes": [_worded(said) for said in batch.columns.get("notes", [])],
            "earlier": batches.earlier_loads(batch),
            "is_open": batch.state != ImportBatch.State.DISCARDED,
        },
    )


@require_POST
def import_apply(request: ConferenceRequest, pk: int) -> HttpResponse:
    """Write the rows that can go in; the others stay with their reasons."""
    batch = _find(request, pk)
    try:
        outcome = applying.apply_batch(batch=batch, now=timezone.now(), actor=request.user)
    except DomainError as refusal:
        messages.error(request, str(refusal))
        return redirect(_preview_url(request, batch))
    messages.success(
        request,
        _("Applied: %(created)d new, %(changed)d changed, %(same)d with nothing new.")
        % {"created": outcome.created, "changed": outcome.changed, "same": outcome.unchanged},
    )
    if outcome.refused:
        messages.warning(
            request,
            ngettext(
                "%(count)d row needs a hand and was not applied.",
                "%(count)d rows need a hand and were not applied.",
                outcome.refused,
            )
            % {"count": outcome.refused},
        )
        return redirect(f"{_preview_url(request, batch)}?action={Action.REFUSED}")
    return redirect(_preview_url(request, batch))


@require_POST
def import_discard(request: ConferenceRequest, pk: int) -> HttpResponse:
    """Set a list aside without applying it."""
    batch = _find(request, pk)
    try:
        batches.discard_batch(batch=batch, now=timezone.now(), actor=request.user)
    except DomainError as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Discarded: %(name)s.") % {"name": batch})
    return redirect("delegates:import_list", slug=request.conference.slug)


@require_http_methods(["GET", "HEAD", "POST"])
def import_row(request: ConferenceRequest, pk: int, number: int) -> HttpResponse:
    """Correct a row that needs a hand."""
    batch = _find(request, pk)
    row = get_object_or_404(batch.rows.exclude(action=Action.SKIP), number=number, applied_at=None)
    values = row.values.get("fields", {})
    form = RowForm(
        request.POST or None,
        conference=request.conference,
        namesakes=_namesakes(row),
        initial={
            **{name: values.get(name, "") for name in _FIELDS},
            "role": values.get("role", Delegate.Role.MEMBER),
            "delegation": row.values.get("delegation"),
            "who": row.values.get("choice", ""),
        },
    )
    if request.method == "POST" and form.is_valid() and _correct(request, row, form):
        return redirect(f"{_preview_url(request, batch)}#row-{row.number}")
    shown = _shown(row, {})
    return render(
        request,
        "delegates/imports/row.html",
        {
            "trail": [*_trail(request), {"label": str(batch), "url": _preview_url(request, batch)}],
            "batch": batch,
            "row": row,
            "findings": shown["findings"],
            "form": form,
            "back": _preview_url(request, batch),
        },
        status=422 if form.is_bound and form.errors else 200,
    )


@require_safe
def import_template(request: ConferenceRequest) -> HttpResponse:
    """Give the empty list that a delegation fills in."""
    name = f"{request.conference.slug}-list.xlsx"
    return HttpResponse(
        participants.blank_list(request.conference),
        content_type=XLSX,
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _correct(request: ConferenceRequest, row: ImportRow, form: RowForm) -> bool:
    """Hand the corrections over; return whether they were taken."""
    cleaned = form.cleaned_data
    fields = {name: cleaned[name] for name in _FIELDS}
    if "role" in row.values.get("fields", {}) or cleaned["role"] != Delegate.Role.MEMBER:
        fields["role"] = cleaned["role"]
    party = cleaned["delegation"].locality or cleaned["delegation"].organisation
    _text, fields["phone_e164"], _said = read_phone(
        cleaned["phone"], country=party.country if party else "", column=""
    )
    try:
        corrected = batches.correct_row(
            row=row,
            delegation=cleaned["delegation"],
            fields=fields,
            choice=cleaned["who"],
            now=timezone.now(),
            actor=request.user,
        )
    except DomainError as refusal:
        form.add_error(None, str(refusal))
        return False
    if corrected.action == Action.REFUSED:
        for said in corrected.findings:
            if is_error(said):
                form.add_error(None, _worded(said)["message"])
        return False
    messages.success(
        request,
        _("Row %(number)d is ready: %(action)s.")
        % {"number": corrected.number, "action": corrected.get_action_display()},
    )
    return True


def _find(request: ConferenceRequest, pk: int) -> ImportBatch:
    return get_object_or_404(
        ImportBatch.objects.select_related("conference", "delegation", "uploaded_by"),
        conference=request.conference,
        pk=pk,
    )


def _trail(request: ConferenceRequest) -> list[dict[str, str]]:
    url = reverse("delegates:import_list", args=[request.conference.slug])
    return [{"label": _("Loaded lists"), "url": url}]


def _preview_url(request: ConferenceRequest, batch: ImportBatch) -> str:
    return reverse("delegates:import_preview", args=[request.conference.slug, batch.pk])


def _namesakes(row: ImportRow) -> list[Delegate]:
    """Return the people of the row's delegation whom its name may mean."""
    people = Delegate.objects.filter(
        conference=row.batch.conference, delegation=row.values.get("delegation")
    ).attending()
    fields = row.values.get("fields", {})
    return [person for person in people if is_same_name(fields, person)]


def _shown(row: ImportRow, delegations: Mapping[int, Delegation]) -> dict[str, object]:
    """Return a row as the preview shows it, in the reader's language."""
    fields = row.values.get("fields", {})
    said = sorted(
        (_worded(said) for said in row.findings),
        key=lambda said: ("error", "warning", "note").index(said["level"]),
    )
    return {
        "row": row,
        "name": written_name(fields) or "",
        "native": fields.get("native_name", ""),
        "facts": [
            fact
            for fact in (
                pick({"title_en": "", "title_zh": "", **fields}, "title", get_language()),
                fields.get("email", ""),
                fields.get("phone", ""),
            )
            if fact
        ],
        "delegation": delegations.get(row.values.get("delegation") or 0),
        "changes": [
            (Delegate._meta.get_field(name).verbose_name, old, new)  # type: ignore[union-attr]
            for name, (old, new) in row.values.get("changes", {}).items()
        ],
        "findings": said,
        "loud": [one for one in said if one["level"] != "note"],
        "quiet": [one for one in said if one["level"] == "note"],
        "correctable": row.applied_at is None and row.action != Action.SKIP,
    }


def _worded(said: dict[str, str]) -> dict[str, str]:
    message = said[f"message_{suffix_for(get_language())}"]
    return {"level": said["level"], "column": said["column"], "message": message}
