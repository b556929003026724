"""What badge classes may be used for."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from conference.models import Conference, User
from conference.operations import auditing
from delegates.models import BadgeClass


@transaction.atomic
def allow_for_walk_ins(
    *,
    conference: Conference,
    classes: Iterable[BadgeClass],
    now: datetime,
    actor: User | None = None,
) -> None:
    """Let the desk give these classes to walk-ins, and no other."""
    wanted = {each.pk for each in classes}
    for badge_class in conference.badge_classes.all():
        allowed = badge_class.pk in wanted
        if badge_class.walk_ins == allowed:
            continue
        badge_class.walk_ins = allowed
        badge_class.save(update_fields=["walk_ins"])
        auditing.record(
            action="badge_class.walk_ins",
            target=badge_class,
            conference=conference,
            actor=actor,
            before={"walk_ins": not allowed},
            after={"walk_ins": allowed},
            now=now,
        )
