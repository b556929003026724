"""Somebody else comes: named at the desk in the place of a listed person."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from checkin.errors import AlreadySubstituted
from checkin.models import Device
from checkin.operations.desk_marks import label_of
from checkin.operations.walking_in import Entered, Typed
from conference.errors import DomainError
from conference.models import User
from delegates.models import Badge, Delegate
from delegates.operations import receiving

#: Kept in English, shown in the reader's language.
_REASON = gettext_noop("substituted at the desk")


def substitute(
    *,
    delegate: Delegate,
    typed: Typed,
    now: datetime,
    device: Device | None = None,
    actor: User | None = None,
) -> Entered:
    """Let somebody come in this person's place and return the successor's provisional badge.

    The former badge is void from now on. The same again returns the same badge. Raises
    AlreadySubstituted if somebody else was named, StepNotAllowed for a person who is not approved.
    """
    if known := _known(delegate, typed):
        return known
    try:
        with transaction.atomic():
            badge = receiving.receive_instead(
                delegate=delegate,
                fields={"language": delegate.language, **typed.fields()},
                now=now,
                reason=_REASON,
                actor=actor,
                actor_label=label_of(device),
            )
    except DomainError:
        # Named twice in the same instant: the other one stands.
        if known := _known(delegate, typed):
            return known
        raise
    return Entered(badge, is_new=True)


def _known(delegate: Delegate, typed: Typed) -> Entered | None:
    successor = Delegate.objects.filter(substitutes_for=delegate).first()
    if successor is None:
        return None
    fields = typed.fields()
    same = all(getattr(successor, name) == value for name, value in fields.items())
    badge = (
        Badge.objects.filter(delegate=successor)
        .select_related("badge_class", "conference", "delegate__delegation")
        .order_by("issue")
        .first()
    )
    if not same or badge is None:
        raise AlreadySubstituted(
            _("%(name)s comes in this person's place already."), name=str(successor)
        )
    return Entered(badge, is_new=False)
