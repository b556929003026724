"""Writing the rows of a list that block; the others change nothing."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from conference.models import Conference, User
from conference.operations import suppressing
from conference.operations.blocklisting.planning import Action, plan
from conference.operations.blocklisting.reading import Row


@transaction.atomic
def write(
    *, conference: Conference, rows: Sequence[Row], origin: str, now: datetime, actor: User
) -> int:
    """Block what the list says; return how many blocks that made. The same list again: none.

    ``origin`` says where the list is from, and is the evidence of rows that give none. What
    somebody else did since the list was shown counts: the plan is made anew.
    """
    made = [
        each
        for each in plan(conference=conference, rows=rows, now=now)
        if each.action == Action.BLOCK
    ]
    for each in made:
        suppressing.suppress(
            conference=conference,
            address=each.address,
            reason=each.reason,
            evidence=each.row.evidence or origin,
            since=each.since,
            actor=actor,
            now=now,
        )
    return len(made)
