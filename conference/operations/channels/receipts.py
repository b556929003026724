"""Keeping what a service reports of a text that it had taken."""

import uuid
from datetime import datetime

from django.db import transaction

from conference.models import MessageStep, Notice
from conference.operations import mailing
from conference.operations.channels import rules
from conference.operations.channels.texts import Receipt
from conference.operations.channels.ways import way_of


@transaction.atomic
def keep(*, channel: str, receipt: Receipt, now: datetime) -> bool:
    """Keep one receipt, once; return False where this channel never sent such a text.

    The last word is "delivered": a report of failure that comes after it changes nothing.
    """
    notice = _notice(channel, receipt.uid)
    if notice is None:
        return False
    before = [""] if not receipt.is_delivered else ["", Notice.Receipt.FAILED]
    told = Notice.Receipt.DELIVERED if receipt.is_delivered else Notice.Receipt.FAILED
    if Notice.objects.filter(pk=notice.pk, receipt__in=before).update(receipt=told):
        mailing.record_step(
            message_id=notice.message_id,
            kind=MessageStep.Kind.DELIVERED if receipt.is_delivered else MessageStep.Kind.REFUSED,
            channel=channel,
            at=now,
            rule=rules.ARRIVED if receipt.is_delivered else rules.NOT_ARRIVED,
            answer=receipt.words,
        )
    way = way_of(channel)
    if receipt.is_gone and way is not None and way.forget is not None:
        way.forget(notice, now)
    return True


def _notice(channel: str, uid: str) -> Notice | None:
    try:
        named = uuid.UUID(uid)
    except ValueError:
        return None
    # Nobody but the service can know of one that was never tried.
    found: Notice | None = (
        Notice.objects.select_for_update(of=("self",))
        .filter(uid=named, channel=channel, attempts__gt=0)
        .select_related("message__conference")
        .first()
    )
    return found
