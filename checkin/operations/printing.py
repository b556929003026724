"""Badges printed at the desk: one badge, one press, one line in the print log."""

from datetime import datetime

from django.db import transaction

from checkin.models import Device
from checkin.operations.desk_marks import label_of
from conference.models import User
from delegates.documents.badge import Medium
from delegates.errors import NoValidBadge
from delegates.models import Badge
from delegates.operations import badging


@transaction.atomic
def print_badge(
    *,
    badge: Badge,
    paper: str,
    now: datetime,
    medium: Medium = Medium.PDF,
    device: Device | None = None,
    actor: User | None = None,
) -> bytes:
    """Return the badge for this paper and note it as printed; raises NoValidBadge."""
    if badge.revoked_at is not None:
        raise NoValidBadge
    if medium is Medium.SVG:
        document = badging.picture_badge(badge, paper=paper)
    else:
        document = badging.draw_badges([badge], paper=paper)
    badging.log_printing(badges=[badge], now=now, actor=actor, actor_label=label_of(device))
    return document
