"""The organiser's programme: by day, by room, and one session with its people."""

from datetime import date, datetime, time, timedelta
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Count, Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from conference import asked
from conference.access import ConferenceRequest
from conference.models import Conference, Message, Role, Room
from sessions.documents.room_plan import room_plan as plan_of
from sessions.models import Enrolment, Session
from sessions.operations import releasing, reminders

PER_PAGE = 50
STATES = {
    "draft": Q(published_at=None, cancelled_at=None),
    "published": Q(published_at__isnull=False, cancelled_at=None),
    "cancelled": Q(cancelled_at__isnull=False),
}


@require_safe
def session_list(request: ConferenceRequest) -> HttpResponse:
    """List the sessions day by day; ``q``, ``day``, ``room``, ``kind`` and ``state`` narrow it."""
    conference = request.conference
    sessions = _narrowed(request).select_related("room__venue")
    waiting = Count("enrolments", filter=Q(enrolments__state=Enrolment.State.WAITING))
    # Counting groups the rows, and grouped rows have no order by themselves.
    rows = sessions.annotate(waiting=waiting).order_by("starts_at", "ends_at", "pk")
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    by_day: dict[date, list[Session]] = {}
    for session in page:
        by_day.setdefault(session.starts_at.astimezone(conference.zone).date(), []).append(session)
    pending = releasing.pending_changes(conference=conference) if _may_edit(request) else []
    context = _filters(request) | {
        "page": page,
        "page_numbers": page.paginator.get_elided_page_range(page.number),
        "by_day": by_day.items(),
        "pending": len(pending),
        "may_edit": _may_edit(request),
    }
    return render(request, "sessions/session_list.html", context)


@require_safe
def room_plan(request: ConferenceRequest) -> HttpResponse:
    """Show one day with its rooms side by side; ``day`` chooses it."""
    conference = request.conference
    taking_place = Session.objects.filter(conference=conference).taking_place()
    starts = taking_place.values_list("starts_at", flat=True)
    days = sorted({start.astimezone(conference.zone).date() for start in starts})
    wanted = asked.day(request.GET, "day")
    today = conference.today(timezone.now())
    day = wanted if wanted in days else next((one for one in days if one >= today), None)
    day = day or (days[0] if days else None)
    sessions = (
        taking_place.filter(_on(day, conference)).select_related("room__venue") if day else []
    )
    context = {
        "days": days,
        "day": day,
        "plan": plan_of(list(sessions)) if day else None,
        "may_edit": _may_edit(request),
    }
    return render(request, "sessions/room_plan.html", context)


@require_safe
def session_detail(request: ConferenceRequest, pk: int) -> HttpResponse:
    """Show a session: what it is, who speaks, who has a seat, who waits, what was sent."""
    session = get_object_or_404(
        Session.objects.select_related("conference", "room__venue", "parent"),
        conference=request.conference,
        pk=pk,
    )
    enrolments = session.enrolments.select_related("delegate__delegation")
    seats = enrolments.filter(state=Enrolment.State.SEAT).order_by("created_at", "pk")
    page = Paginator(seats, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "session": session,
        "appearances": session.appearances.select_related("speaker"),
        "page": page,
        "page_numbers": page.paginator.get_elided_page_range(page.number),
        "waiting": enrolments.filter(state=Enrolment.State.WAITING).order_by("created_at", "pk"),
        "unreachable": reminders.unreachable(session),
        "reminder_due_at": reminders.due_of_session(session),
        "reminders": _reminders(session),
        "may_edit": _may_edit(request) and not session.is_cancelled,
    }
    return render(request, "sessions/session_detail.html", context)


def _may_edit(request: ConferenceRequest) -> bool:
    return request.membership.role in {Role.ORGANISER, Role.PROGRAMME}


def _narrowed(request: ConferenceRequest) -> QuerySet[Session]:
    sessions = Session.objects.filter(conference=request.conference)
    query = request.GET
    if words := asked.words(query, "q"):
        sessions = sessions.filter(
            Q(title_en__icontains=words)
            | Q(title_zh__icontains=words)
            | Q(appearances__speaker__name_en__icontains=words)
            | Q(appearances__speaker__name_zh__icontains=words)
        ).distinct()
    if day := asked.day(query, "day"):
        sessions = sessions.filter(_on(day, request.conference))
    if room := asked.number(query, "room"):
        sessions = sessions.filter(room=room)
    if query.get("kind") in Session.Kind.values:
        sessions = sessions.filter(kind=query["kind"])
    if query.get("state") in STATES:
        sessions = sessions.filter(STATES[query["state"]])
    return sessions


def _filters(request: ConferenceRequest) -> dict[str, Any]:
    everything = Session.objects.filter(conference=request.conference)
    return {
        "asked": {key: request.GET.get(key, "") for key in ("q", "day", "room", "kind", "state")},
        "counts": everything.aggregate(
            all=Count("pk"), **{name: Count("pk", filter=rows) for name, rows in STATES.items()}
        ),
        "rooms": Room.objects.filter(venue__conference=request.conference),
        "kinds": Session.Kind.choices,
    }


def _on(day: date, conference: Conference) -> Q:
    start = datetime.combine(day, time(), tzinfo=conference.zone)
    end = datetime.combine(day + timedelta(days=1), time(), tzinfo=conference.zone)
    return Q(starts_at__gte=start, starts_at__lt=end)


def _reminders(session: Session) -> list[dict[str, Any]]:
    letters = Message.objects.filter(
        conference=session.conference, reminders__thing=f"session:{session.pk}"
    )
    counted = letters.order_by("state").values_list("state").annotate(Count("pk", distinct=True))
    words = dict(Message.State.choices)
    return [{"code": code, "word": words[code], "count": count} for code, count in counted]
