"""Personal links: making, finding and revoking secret addresses."""

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from typing import NamedTuple

from django.conf import settings
from django.db.models import OuterRef, Subquery
from django.urls import reverse

from conference.models import Conference
from delegates.errors import LinkNotValid
from delegates.models import Delegate, Deputy, Invitation, PersonalLink

#: How long a link outlives the last day of its conference, and the least that any link lives.
AFTER_THE_CONFERENCE = timedelta(days=30)
AT_LEAST = timedelta(days=7)

# Addresses that other apps serve are known here by name only.
_ADDRESSES = {
    PersonalLink.Purpose.INVITATION: "delegates:invitation_link",
    PersonalLink.Purpose.DELEGATE: "programme:me_link",
    PersonalLink.Purpose.CALENDAR: "programme:calendar_feed",
}


class NewLink(NamedTuple):
    """A link just made; its token and address are known now and never again."""

    link: PersonalLink
    token: str
    url: str


def create_link(
    *,
    purpose: str,
    now: datetime,
    invitation: Invitation | None = None,
    delegate: Delegate | None = None,
    deputy: Deputy | None = None,
    expires_at: datetime | None = None,
) -> NewLink:
    """Make a link to one invitation, or to one delegate's pages or calendar.

    Without ``expires_at`` it lives until 30 days after the conference, and at least a week.
    """
    about = invitation or delegate
    if about is None:
        raise ValueError("A personal link opens an invitation or a delegate.")
    token = PersonalLink.new_token()
    link = PersonalLink.objects.create(
        token_hash=PersonalLink.hash_of(token),
        purpose=purpose,
        invitation=invitation,
        delegate=delegate,
        deputy=deputy,
        expires_at=expires_at or _natural_end(about.conference, now),
    )
    return NewLink(link, token, address_of(purpose=purpose, token=token))


def create_links(
    *, about: Sequence[Invitation | Delegate], now: datetime
) -> dict[Invitation | Delegate, str]:
    """Make a link to each of these invitations and delegates' pages at once; return the addresses.

    They live as long as those of ``create_link``.
    """
    addresses: dict[Invitation | Delegate, str] = {}
    links = []
    for each in about:
        delegate, invitation = (each, None) if isinstance(each, Delegate) else (None, each)
        purpose = PersonalLink.Purpose.DELEGATE if delegate else PersonalLink.Purpose.INVITATION
        token = PersonalLink.new_token()
        links.append(
            PersonalLink(
                token_hash=PersonalLink.hash_of(token),
                purpose=purpose,
                invitation=invitation,
                delegate=delegate,
                expires_at=_natural_end(each.conference, now),
            )
        )
        addresses[each] = address_of(purpose=purpose, token=token)
    PersonalLink.objects.bulk_create(links, batch_size=500)
    return addresses


def create_links_by_rule(
    *, about: Sequence[Invitation | Delegate], now: datetime
) -> dict[Invitation | Delegate, str]:
    """Make links as ``create_links`` does, for letters that no person sends.

    An invitation that wrong codes have shut stays shut: only the organiser opens it, and whoever
    guesses must not be given more guesses by a reminder.
    """
    numbers = [each.pk for each in about if isinstance(each, Invitation)]
    shut = list(Invitation.objects.filter(pk__in=numbers).shut().values_list("pk", flat=True))
    addresses = create_links(about=about, now=now)
    newest = PersonalLink.objects.filter(invitation=OuterRef("pk")).order_by("-created_at", "-pk")
    Invitation.objects.filter(pk__in=shut).update(
        codes_stopped_at=Subquery(newest.values("created_at")[:1])
    )
    return addresses


def address_of(*, purpose: str, token: str) -> str:
    """Return the absolute address that this token opens."""
    path = reverse(_ADDRESSES[PersonalLink.Purpose(purpose)], args=[token])
    return f"{settings.PUBLIC_BASE_URL}{path}"


def find(*, token: str, purpose: str, now: datetime) -> PersonalLink:
    """Return the link of this token; raises LinkNotValid if unknown, expired or revoked."""
    link = (
        PersonalLink.objects.usable(now)
        .filter(token_hash=PersonalLink.hash_of(token), purpose=purpose)
        .select_related(
            "invitation__delegation__conference__series",
            "deputy",
            "delegate__delegation",
            "delegate__conference__series",
        )
        .first()
    )
    if link is None:
        raise LinkNotValid
    return link


def revoke(*, link: PersonalLink, now: datetime) -> None:
    """Make the link useless from now on; a second time changes nothing."""
    PersonalLink.objects.filter(pk=link.pk, revoked_at=None).update(revoked_at=now)


def revoke_all(*, invitation: Invitation, now: datetime) -> int:
    """Make every link to this invitation useless; return how many there were."""
    return PersonalLink.objects.filter(invitation=invitation, revoked_at=None).update(
        revoked_at=now
    )


def _natural_end(conference: Conference, now: datetime) -> datetime:
    last_midnight = datetime.combine(conference.last_day, time.max, tzinfo=conference.zone)
    return max(last_midnight + AFTER_THE_CONFERENCE, now + AT_LEAST)
