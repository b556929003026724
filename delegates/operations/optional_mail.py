"""A delegate's own word on letters that can be done without."""

from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from conference.models import Suppression
from conference.operations import suppressing
from delegates.models import Delegate


def is_wanted(delegate: Delegate) -> bool:
    """Tell whether optional letters go to the delegate's address."""
    return not _unsubscribed(delegate).exists()


@transaction.atomic
def choose(*, delegate: Delegate, is_wanted: bool, now: datetime) -> None:
    """Send optional letters to the delegate's address from now on, or none any more.

    The same block that the link under a letter makes: there is one answer to the question.
    """
    if not delegate.email:
        return
    if not is_wanted:
        suppressing.suppress(
            conference=delegate.conference,
            address=delegate.email,
            reason=suppressing.Reason.UNSUBSCRIBED,
            evidence=delegate.display_name,
            now=now,
        )
        return
    for row in _unsubscribed(delegate).select_for_update(of=("self",)):
        suppressing.remove(row, reason=delegate.display_name, now=now)


def _unsubscribed(delegate: Delegate) -> QuerySet[Suppression]:
    return Suppression.objects.filter(
        conference=delegate.conference_id,
        address=Suppression.form_of(delegate.email),
        reason=suppressing.Reason.UNSUBSCRIBED,
    )
