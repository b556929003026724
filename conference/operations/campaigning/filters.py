"""Filters of audiences under names: kept from one mailing, taken for another of the same kind.

What a mailing took from a filter is its own from then on; a filter that is renamed or deleted
changes no mailing.
"""

from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from conference.errors import FilterNameTaken, NothingNarrowed
from conference.models import Campaign, Conference, SavedFilter, User
from conference.operations import auditing
from conference.operations.campaigning import living


def filters_for(campaign: Campaign) -> QuerySet[SavedFilter]:
    """Return the filters that fit this mailing's kind of audience."""
    found: QuerySet[SavedFilter] = SavedFilter.objects.filter(
        conference=campaign.conference_id, audience=campaign.audience
    )
    return found


def filters_of(conference: Conference) -> QuerySet[SavedFilter]:
    """Return all filters of a conference."""
    found: QuerySet[SavedFilter] = SavedFilter.objects.filter(conference=conference)
    return found


@transaction.atomic
def save_filter(*, campaign: Campaign, name: str, now: datetime, actor: User) -> SavedFilter:
    """Keep how this mailing's audience is narrowed.

    Raises NothingNarrowed where it is for everybody, FilterNameTaken for a name that is in use.
    """
    if not campaign.narrowed:
        raise NothingNarrowed
    try:
        with transaction.atomic():
            saved = SavedFilter.objects.create(
                conference=campaign.conference,
                audience=campaign.audience,
                name=name,
                narrowed=campaign.narrowed,
                created_by=actor,
                created_at=now,
            )
    except IntegrityError as problem:
        raise FilterNameTaken(name=name) from problem
    _record("mailing_filter.save", saved, now, actor, after={"narrowed": saved.narrowed})
    return saved


def take_filter(*, campaign: Campaign, saved: SavedFilter) -> None:
    """Narrow this mailing as the filter says. Raises CampaignStepRefused once it has begun.

    Values that no longer exist are taken along: they match nobody, and must not widen the list.
    """
    living.rewrite(campaign=campaign, fields={"narrowed": saved.narrowed})


@transaction.atomic
def rename_filter(*, saved: SavedFilter, name: str, now: datetime, actor: User) -> None:
    """Give it another name; raises FilterNameTaken for one that is in use."""
    if name == saved.name:
        return
    try:
        with transaction.atomic():
            SavedFilter.objects.filter(pk=saved.pk).update(name=name)
    except IntegrityError as problem:
        raise FilterNameTaken(name=name) from problem
    before = {"name": saved.name}
    saved.name = name
    _record("mailing_filter.rename", saved, now, actor, before=before, after={"name": name})


@transaction.atomic
def delete_filter(*, saved: SavedFilter, now: datetime, actor: User) -> None:
    """Forget it; mailings that took it stay as they are. A second time changes nothing."""
    deleted, _each = SavedFilter.objects.filter(pk=saved.pk).delete()
    if deleted:
        before = {"name": saved.name, "narrowed": saved.narrowed}
        _record("mailing_filter.delete", saved, now, actor, before=before)


def _record(
    action: str,
    saved: SavedFilter,
    now: datetime,
    actor: User,
    *,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
) -> None:
    auditing.record(
        action=action,
        target=saved,
        conference=saved.conference,
        actor=actor,
        before=before,
        after=after,
        now=now,
    )
