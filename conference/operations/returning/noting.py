"""Keeping a report: once, with its step, its consequence for the address, and who must hear it."""

from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from conference.models import MailReport, Message, MessageStep, Suppression
from conference.operations import mailing, suppressing

Kind = MailReport.Kind
#: What a report makes of its letter; unsubscribing says nothing of the letter itself.
_STEPS: Final = {
    Kind.DELIVERED: MessageStep.Kind.DELIVERED,
    Kind.DELAYED: MessageStep.Kind.RETRY_LATER,
    Kind.BOUNCED: MessageStep.Kind.BOUNCED,
    Kind.REJECTED: MessageStep.Kind.BOUNCED,
    Kind.ELSEWHERE: MessageStep.Kind.BOUNCED,
    Kind.SOFT: MessageStep.Kind.BOUNCED,
    Kind.UNCLEAR: MessageStep.Kind.BOUNCED,
    Kind.COMPLAINED: MessageStep.Kind.COMPLAINED,
}
_BLOCKS: Final = {
    Kind.BOUNCED: Suppression.Reason.HARD_BOUNCE,
    Kind.COMPLAINED: Suppression.Reason.COMPLAINT,
    Kind.UNSUBSCRIBED: Suppression.Reason.UNSUBSCRIBED,
}
#: Counted, and too many of them block. A letter refused as spam is our fault, not the address's.
_COUNTED: Final = (Kind.SOFT, Kind.UNCLEAR, Kind.ELSEWHERE)
_COUNTED_FOR: Final = timedelta(days=60)


_RULES: Final[dict[Kind, str | Promise]] = {
    Kind.DELIVERED: _("The recipient's side reported that it arrived."),
    Kind.DELAYED: _("A server on the way still tries to deliver it; nothing is to be done."),
    Kind.BOUNCED: _(
        "The recipient's server said that this address does not exist. Nothing is sent there "
        "until the block is lifted."
    ),
    Kind.REJECTED: _(
        "The recipient's server did not want the letter, as happens to mail that looks like "
        "advertising. The address itself is not blocked."
    ),
    Kind.SOFT: _(
        "It could not be delivered then, as with a full mailbox. An address from which several "
        "letters come back like this is blocked."
    ),
    Kind.ELSEWHERE: _(
        "The letter was forwarded, and came back from another address. An address from which "
        "several letters come back like this is blocked."
    ),
    Kind.UNCLEAR: _(
        "It came back without a clear reason. An address from which several letters come back "
        "like this is blocked."
    ),
    Kind.COMPLAINED: _("The recipient reported it as unwanted. Mailings are no longer sent there."),
}


def explain_rules() -> None:
    """Make the rules of this module readable on the pages that tell why."""
    for kind, words in _RULES.items():
        mailing.explain(code=f"report_{kind}", words=words)


@transaction.atomic
def note(
    *,
    message: Message,
    event: str,
    source: str,
    kind: str,
    now: datetime,
    address: str = "",
    status: str = "",
    words: str = "",
) -> MailReport | None:
    """Keep one report of a letter and do what follows from it; None if it is known already."""
    letter = Message.objects.select_for_update(of=("self",)).get(pk=message.pk)
    event, address, status, words = map(mailing.storable, (event, address, status, words))
    kind = _of_another_address(kind, address, letter)
    report, is_new = MailReport.objects.get_or_create(
        message=letter,
        event=event[:200],
        defaults={
            "source": source[:40],
            "kind": kind,
            "address": address[:320],
            "status": status[:20],
            "words": words,
            "received_at": now,
        },
    )
    if not is_new:
        return None
    _block(letter, report, now)
    if step := _STEPS.get(Kind(kind)):
        answer = words or status
        mailing.record_step(
            message_id=letter.pk, kind=step, at=now, answer=answer, rule=f"report_{kind}"
        )
        mailing.tell(mailing.Outcome(message=letter, kind=step, at=now, answer=answer))
    return report


def _of_another_address(kind: str, address: str, letter: Message) -> str:
    """Return "elsewhere" for an address that is gone but is not the one that we wrote to."""
    is_other = bool(address) and Suppression.form_of(address) != Suppression.form_of(
        letter.to_email
    )
    return Kind.ELSEWHERE if kind == Kind.BOUNCED and is_other else kind


def _block(letter: Message, report: MailReport, now: datetime) -> None:
    reason = _BLOCKS.get(Kind(report.kind))
    if report.kind in _COUNTED and _times(letter, now) >= settings.MAIL_SOFT_BOUNCES:
        reason = Suppression.Reason.HARD_BOUNCE
    if reason is not None and letter.to_email:
        suppressing.suppress(
            conference=letter.conference,
            address=letter.to_email,
            reason=reason,
            now=now,
            evidence=report.words or report.status,
            message=letter,
        )


def _times(letter: Message, now: datetime) -> int:
    """Return how many letters to this address came back lately, since the last one arrived."""
    reports = MailReport.objects.filter(
        message__conference=letter.conference_id,
        message__to_email__iexact=letter.to_email,
        received_at__gt=now - _COUNTED_FOR,
    )
    arrived = reports.filter(kind=Kind.DELIVERED).order_by("-received_at").first()
    counted = reports.filter(kind__in=_COUNTED)
    if arrived is not None:
        counted = counted.filter(received_at__gt=arrived.received_at)
    return counted.values("message").distinct().count()
