"""How somebody without an e-mail address hears of things: by pages of their own, or by a phone."""

from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from conference.models import Channel
from delegates.models import Delegate, PersonalLink, TextAddress


def with_ways(found: QuerySet[Delegate]) -> QuerySet[Any]:
    """Return these people with ``has_pages`` and ``has_unasked_phone``.

    Pages are theirs who have an account, a personal link that was not revoked, or allowed texts,
    each of which has a link. A phone is unasked where its owner has said nothing about texts.
    """
    links = PersonalLink.objects.filter(
        delegate=OuterRef("pk"), purpose=PersonalLink.Purpose.DELEGATE, revoked_at=None
    )
    texts = TextAddress.objects.live().filter(delegate=OuterRef("pk"))
    return found.annotate(
        has_pages=Q(user__isnull=False) | Exists(links) | Exists(texts),
        has_unasked_phone=_unasked(),
    )


def unasked_phones() -> QuerySet[Delegate]:
    """Return who has a phone and no e-mail address, and has said nothing about texts."""
    return Delegate.objects.attending().filter(_unasked())


def _unasked() -> Q:
    said = TextAddress.objects.filter(channel=Channel.SMS)
    # Whoever stopped texts on a phone that several share meant the phone.
    stopped_there = said.filter(
        address=OuterRef("phone_e164"),
        delegate__conference=OuterRef("conference"),
        stopped_at__isnull=False,
    )
    return (
        Q(email="")
        & ~Q(phone_e164="")
        & ~Exists(said.filter(delegate=OuterRef("pk")))
        & ~Exists(stopped_there)
    )
