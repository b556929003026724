"""What happened last: the newest arrivals, the conflicts that wait, badges that are nobody's."""

from django.db.models import Case, Exists, Min, OuterRef, Q, Value, When

from checkin.figures import Arrival, Clash
from checkin.live.doors import ENTERING, UNHEARD
from checkin.models import Conflict, Presence, Scan
from conference.models import Conference

LAST = 12
MOST_CLASHES = 8
_ANNULLED_WITHIN_MS = 900_000


def arrivals(conference: Conference, plausible: tuple[int, int]) -> list[Arrival]:
    """Return the latest first entries, the newest first; those of an impossible time come last."""
    earliest, latest = plausible
    firsts = list(
        Presence.objects.filter(conference=conference, first_in_ms__isnull=False)
        .values("delegate")
        .annotate(first_ms=Min("first_in_ms"))
        .annotate(
            is_odd=Case(
                When(Q(first_ms__gt=latest) | Q(first_ms__lt=earliest), then=Value(1)),
                default=Value(0),
            )
        )
        .order_by("is_odd", "-first_ms", "-delegate")
        .values_list("delegate", "first_ms", "is_odd")[:LAST]
    )
    rows = {
        each.delegate_id: each
        for each in Presence.objects.filter(delegate__in=[delegate for delegate, *_ in firsts])
        .filter(first_in_ms__isnull=False)
        .select_related("delegate__delegation", "zone", "gate")
        .order_by("-first_in_ms", "-pk")
    }
    gates = _gates_of(firsts)
    return [
        _arrival(rows[delegate], gates.get((delegate, first_ms)), is_odd=bool(is_odd))
        for delegate, first_ms, is_odd in firsts
        if delegate in rows
    ]


def _gates_of(firsts: list[tuple[int, int, int]]) -> dict[tuple[int | None, int], tuple[str, str]]:
    """Return the gates of these first entries, which a later stay may have hidden."""
    scans = Scan.objects.filter(
        delegate__in=[delegate for delegate, *_ in firsts],
        effective_ms__in=[first_ms for _delegate, first_ms, _odd in firsts],
        direction="in",
    ).select_related("gate")
    return {
        (scan.delegate_id, scan.effective_ms): (scan.gate.name_en, scan.gate.name_zh)
        for scan in scans
    }


def _arrival(first: Presence, gate: tuple[str, str] | None, *, is_odd: bool) -> Arrival:
    person, zone = first.delegate, first.zone
    if gate is None:
        gate = (first.gate.name_en, first.gate.name_zh) if first.gate else ("", "")
    return Arrival(
        delegate=person.pk,
        name=person.display_name,
        other_name=person.other_name,
        title_en=person.title_en,
        title_zh=person.title_zh,
        delegation=person.delegation_id,
        delegation_en=person.delegation.name_en,
        delegation_zh=person.delegation.name_zh,
        vip=person.vip,
        gate_en=gate[0],
        gate_zh=gate[1],
        zone_en=zone.name_en,
        zone_zh=zone.name_zh,
        at_ms=first.first_in_ms or 0,
        is_odd=is_odd,
    )


def clashes(conference: Conference) -> list[Clash]:
    """Return the newest of the conflicts that wait."""
    waiting = (
        Conflict.objects.filter(conference=conference, state=Conflict.State.OPEN)
        .select_related("delegate__delegation", "zone")
        .order_by("-raised_at", "pk")[:MOST_CLASHES]
    )
    return [
        Clash(
            id=each.pk,
            kind=each.kind,
            name=each.delegate.display_name,
            other_name=each.delegate.other_name,
            delegation_en=each.delegate.delegation.name_en,
            delegation_zh=each.delegate.delegation.name_zh,
            zone_en=each.zone.name_en,
            zone_zh=each.zone.name_zh,
            raised_ms=round(each.raised_at.timestamp() * 1000),
        )
        for each in waiting
    ]


def unidentified(conference: Conference) -> int:
    """Return how many distinct badges that are nobody's were let in, and not annulled since."""
    nobodys = Scan.objects.filter(conference=conference, delegate=None, lookup__isnull=False)
    heard = nobodys.exclude(quarantine__in=UNHEARD)
    annulment = heard.filter(
        annuls=OuterRef("pk"),
        device=OuterRef("device"),
        lookup=OuterRef("lookup"),
        seq__gt=OuterRef("seq"),
        effective_ms__gte=OuterRef("effective_ms"),
        effective_ms__lte=OuterRef("effective_ms") + Value(_ANNULLED_WITHIN_MS),
    )
    return (
        heard.filter(direction="in")
        .filter(Q(shown__in=ENTERING) | Q(shown=None, decided__in=ENTERING))
        .exclude(Exists(annulment))
        .values("lookup")
        .distinct()
        .count()
    )
