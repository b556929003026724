"""Keys with which other programs read a conference."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from conference.errors import ApiTokenNotValid
from conference.models import ApiToken, Conference, User
from conference.operations import auditing

#: How exactly the time of the last use is kept; a request more often than this writes nothing.
USE_IS_NOTED_EVERY = timedelta(hours=1)


@transaction.atomic
def create_token(
    *, conference: Conference, name: str, role: str, days: int, actor: User, now: datetime
) -> tuple[ApiToken, str]:
    """Make a token that reads this conference as ``role`` does, for so many days.

    Returns the row and the token itself, which cannot be had again. ``actor`` becomes its owner.
    """
    token = ApiToken.new_token()
    row = ApiToken.objects.create(
        conference=conference,
        owner=actor,
        name=name,
        role=role,
        token_hash=ApiToken.hash_of(token),
        created_at=now,
        expires_at=now + timedelta(days=days),
    )
    auditing.record(
        action="api_token.create",
        target=row,
        conference=conference,
        actor=actor,
        after={"role": role, "expires_at": row.expires_at.isoformat()},
        now=now,
    )
    return row, token


@transaction.atomic
def revoke_token(*, token_id: int, actor: User, now: datetime) -> ApiToken:
    """End a token at once; a token that was revoked before stays as it is."""
    if ApiToken.objects.filter(pk=token_id, revoked_at=None).update(revoked_at=now):
        row = ApiToken.objects.select_related("conference").get(pk=token_id)
        auditing.record(
            action="api_token.revoke", target=row, conference=row.conference, actor=actor, now=now
        )
        return row
    return ApiToken.objects.get(pk=token_id)


def find_token(*, token: str, now: datetime) -> ApiToken:
    """Return the row of a token that may be used at ``now``; raises ApiTokenNotValid."""
    row = (
        ApiToken.objects.usable(now)
        .select_related("conference")
        .filter(token_hash=ApiToken.hash_of(token))
        .first()
    )
    if row is None:
        raise ApiTokenNotValid
    stale = now - USE_IS_NOTED_EVERY
    if row.last_used_at is None or row.last_used_at < stale:
        ApiToken.objects.filter(Q(last_used_at=None) | Q(last_used_at__lt=stale), pk=row.pk).update(
            last_used_at=now
        )
    return row
