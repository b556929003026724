"""How far the delegations of a conference are, from the invitation to the door."""

from dataclasses import dataclass

from django.db.models import Count

from checkin.models import Presence
from conference.models import Conference
from delegates.operations.progress import DelegationProgress, delegation_progress


@dataclass(frozen=True, kw_only=True)
class Line:
    """One delegation's progress, and how many of its people have arrived."""

    progress: DelegationProgress
    arrived: int


@dataclass(frozen=True, kw_only=True)
class Funnel:
    """All lines in order of precedence, and how many delegations and people reached each step."""

    lines: list[Line]
    invited: int
    answered: int
    nominated: int
    accredited: int
    checked_in: int
    people: int
    people_accredited: int
    people_arrived: int

    @property
    def steps(self) -> list[tuple[str, int]]:
        """The steps by their codes with the number of delegations that reached them."""
        return [
            ("invited", self.invited),
            ("answered", self.answered),
            ("nominated", self.nominated),
            ("accredited", self.accredited),
            ("checked_in", self.checked_in),
        ]


def funnel(conference: Conference) -> Funnel:
    """Return the funnel of the conference; the number of queries does not depend on its size."""
    arrived = dict(
        Presence.objects.filter(conference=conference, first_in_ms__isnull=False)
        .values_list("delegate__delegation")
        .annotate(Count("delegate", distinct=True))
        .order_by()
    )
    lines = [
        Line(progress=progress, arrived=arrived.get(progress.delegation.pk, 0))
        for progress in delegation_progress(conference)
    ]
    return Funnel(
        lines=lines,
        # Steps done: whoever answered by phone, or came without a letter, has passed these too.
        invited=sum(line.progress.done >= 1 for line in lines),
        answered=sum(line.progress.done >= 2 for line in lines),
        nominated=sum(line.progress.members > 0 for line in lines),
        accredited=sum(line.progress.approved > 0 for line in lines),
        checked_in=sum(line.arrived > 0 for line in lines),
        people=sum(line.progress.members for line in lines),
        people_accredited=sum(line.progress.approved for line in lines),
        people_arrived=sum(arrived.values()),
    )
