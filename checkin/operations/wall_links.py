"""Links that show the wall screen without a sign-in: making, finding, revoking."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from checkin.errors import WallLinkNotValid
from checkin.models import WallLink
from conference.models import Conference, User
from conference.operations import auditing

#: How exactly the time of the last use is kept; a look more often than this writes nothing.
USE_IS_NOTED_EVERY = timedelta(minutes=5)


@transaction.atomic
def create_wall_link(
    *,
    conference: Conference,
    name: str,
    days: int,
    names_vips: bool,
    actor: User,
    now: datetime,
) -> tuple[WallLink, str]:
    """Make a link for one screen, for so many days; return it and its token, known only now."""
    token = WallLink.new_token()
    link = WallLink.objects.create(
        conference=conference,
        name=name,
        token_hash=WallLink.hash_of(token),
        names_vips=names_vips,
        created_by=actor,
        created_at=now,
        expires_at=now + timedelta(days=days),
    )
    auditing.record(
        action="wall_link.create",
        target=link,
        conference=conference,
        actor=actor,
        after={"names_vips": names_vips, "expires_at": link.expires_at.isoformat()},
        now=now,
    )
    return link, token


@transaction.atomic
def revoke_wall_link(*, link: WallLink, actor: User, now: datetime) -> None:
    """End a link; one that was revoked before stays as it is."""
    if WallLink.objects.filter(pk=link.pk, revoked_at=None).update(revoked_at=now):
        auditing.record(
            action="wall_link.revoke",
            target=link,
            conference=link.conference,
            actor=actor,
            now=now,
        )


def find_wall_link(*, token: str, now: datetime) -> WallLink:
    """Return the link of this token; raises WallLinkNotValid if unknown, expired or revoked."""
    link = (
        WallLink.objects.usable(now)
        .filter(token_hash=WallLink.hash_of(token))
        .select_related("conference__series")
        .first()
    )
    if link is None:
        raise WallLinkNotValid
    stale = now - USE_IS_NOTED_EVERY
    if link.last_used_at is None or link.last_used_at < stale:
        WallLink.objects.filter(
            Q(last_used_at=None) | Q(last_used_at__lt=stale), pk=link.pk
        ).update(last_used_at=now)
    return link
