"""Rehearsals: a copy of a whole conference, made to train staff before the real day."""

from datetime import date, datetime

from django.db import transaction

from checkin.operations.cloning import clone_doors
from conference.models import Conference, User
from conference.operations.cloning import clone_conference
from delegates.operations.cloning import Addresses, clone_delegations
from sessions.operations.cloning import clone_programme


@transaction.atomic
def make_rehearsal(
    *,
    source: Conference,
    slug: str,
    first_day: date,
    addresses: Addresses,
    actor: User | None,
    now: datetime,
) -> Conference:
    """Copy ``source`` to a rehearsal that begins on ``first_day``; raises SlugTaken."""
    clone = clone_conference(source=source, slug=slug, first_day=first_day, actor=actor, now=now)
    delegations = clone_delegations(clone=clone, addresses=addresses)
    sessions = clone_programme(clone=clone, delegations=delegations, now=now)
    clone_doors(clone=clone, delegations=delegations, sessions=sessions)
    return clone.conference
