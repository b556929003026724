"""Who took a seat in the sessions with a limit, and who waited for one."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from random import Random

from delegates.models import Delegate
from sessions.models import Enrolment, Session

SEED = 1979
OPENED_AT = datetime(2023, 10, 26, 1, 0, tzinfo=UTC)

# How many asked for a seat; what is beyond the limit waits.
ASKED = {"employment": 31, "education": 28, "climate": 33, "environment": 25, "visit": 51}

# Sessions at the same time: nobody has a seat in two of them.
PARALLEL = (("employment", "education"), ("climate", "environment"), ("visit",))


def load_seats(sessions: Mapping[str, Session], delegates: list[Delegate]) -> None:
    """Store the enrolments of the finished edition and what they add up to."""
    dice = Random(SEED)
    rows = []
    for group in PARALLEL:
        asking = iter(dice.sample(delegates, sum(ASKED[key] for key in group)))
        for key in group:
            session = sessions[key]
            limit = session.capacity or 0
            for place in range(ASKED[key]):
                rows.append(
                    Enrolment(
                        session=session,
                        delegate=next(asking),
                        state=Enrolment.State.SEAT if place < limit else Enrolment.State.WAITING,
                        created_at=OPENED_AT + timedelta(minutes=37 * place),
                    )
                )
            session.seats_taken = min(ASKED[key], limit)
            session.save(update_fields=["seats_taken"])
    Enrolment.objects.bulk_create(rows)
