"""The list of those with a seat, to take along."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from conference.access import ConferenceRequest
from sessions.documents import attendance
from sessions.models import Session


@require_safe
def as_csv(request: ConferenceRequest, pk: int) -> HttpResponse:
    """Hand out the list as CSV."""
    session = _session(request, pk)
    rows = attendance.attendance_rows(session, get_language() or "en")
    return _file(attendance.as_csv(rows), attendance.CSV_TYPE, session, "csv")


@require_safe
def as_xlsx(request: ConferenceRequest, pk: int) -> HttpResponse:
    """Hand out the list as a workbook."""
    session = _session(request, pk)
    rows = attendance.attendance_rows(session, get_language() or "en")
    return _file(attendance.as_xlsx(rows), attendance.XLSX_TYPE, session, "xlsx")


def _session(request: ConferenceRequest, pk: int) -> Session:
    sessions = Session.objects.select_related("conference")
    return get_object_or_404(sessions, conference=request.conference, pk=pk)


def _file(body: bytes, content_type: str, session: Session, ending: str) -> HttpResponse:
    name = f"{session.conference.slug}-session-{session.pk}.{ending}"
    return HttpResponse(
        body,
        content_type=content_type,
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
