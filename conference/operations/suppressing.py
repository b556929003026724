"""Addresses to which nothing, or nothing that can be done without, is sent any more.

Asked set-wise where an audience is shown, and once more in the last moment before each letter
leaves. What each reason stops is one table, ``STOPS``.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from enum import Enum
from typing import Final

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from conference.errors import AddressNotValid, ReasonMissing
from conference.models import Conference, Message, MessageStep, Suppression, User
from conference.operations import auditing, mailing

Reason = Suppression.Reason
#: Databases bound the number of values in one question.
_AT_ONCE = 500
_EVIDENCE_KEPT = 4000


class Stops(Enum):
    """How much a reason stops."""

    EVERYTHING = "everything"
    #: Optional letters and those of mailings; not a badge or a sign-in for one person.
    MAILINGS = "mailings"
    OPTIONAL = "optional"


#: The gravest first: that one is named where several hold.
STOPS: Final = {
    Reason.HARD_BOUNCE: Stops.EVERYTHING,
    Reason.BY_HAND: Stops.EVERYTHING,
    Reason.COMPLAINT: Stops.MAILINGS,
    Reason.UNSUBSCRIBED: Stops.OPTIONAL,
}
WORDS_OF_STOPS: Final[dict[Stops, str | Promise]] = {
    Stops.EVERYTHING: _("all mail"),
    Stops.MAILINGS: _("mailings and optional mail; badges and sign-in mails still go out"),
    Stops.OPTIONAL: _("optional mail only; invitations, badges and safety notices still go out"),
}
#: What the person wanted is cancelled; what failed for another reason needs a hand.
_STATE_OF: Final = {
    Reason.HARD_BOUNCE: Message.State.FAILED,
    Reason.BY_HAND: Message.State.CANCELLED,
    Reason.COMPLAINT: Message.State.CANCELLED,
    Reason.UNSUBSCRIBED: Message.State.CANCELLED,
}
_RULES: Final[dict[Reason, str | Promise]] = {
    Reason.HARD_BOUNCE: _(
        "An earlier letter to this address came back because it does not work. Nothing is sent "
        "there until the block is lifted."
    ),
    Reason.BY_HAND: _("The organiser blocked this address. Nothing is sent there."),
    Reason.COMPLAINT: _(
        "The recipient reported an earlier letter as unwanted. Mailings are no longer sent there."
    ),
    Reason.UNSUBSCRIBED: _("The recipient unsubscribed from optional mail, and this is optional."),
}


def explain_rules() -> None:
    """Make the rules of this module readable on the pages that tell why."""
    for reason, words in _RULES.items():
        mailing.explain(code=rule_of(reason), words=words)


def rule_of(reason: str) -> str:
    """Return the code of the rule behind a letter that is not sent for this reason."""
    return f"suppressed_{reason}"


def suppressed(
    addresses: Iterable[str],
    *,
    conference: Conference,
    optional: bool = True,
    in_mailing: bool = True,
) -> dict[str, Reason]:
    """Return which of these addresses get no such letter, each with the gravest reason.

    The keys are the addresses as they were given. One question for every 500 addresses.
    """
    forms = {address: Suppression.form_of(address) for address in addresses}
    found: dict[str, Reason] = {}
    stopping = _stopping(optional=optional, in_mailing=in_mailing)
    asked = sorted(set(forms.values()))
    for start in range(0, len(asked), _AT_ONCE):
        rows = Suppression.objects.filter(
            conference=conference,
            address__in=asked[start : start + _AT_ONCE],
            reason__in=stopping,
        )
        for address, reason in rows.values_list("address", "reason"):
            found[address] = _graver(found.get(address), Reason(reason))
    return {address: found[form] for address, form in forms.items() if form in found}


def blocks_of(addresses: Iterable[str], *, conference: Conference) -> list[Suppression]:
    """Return every reason that holds for these addresses, the gravest first."""
    forms = {Suppression.form_of(address) for address in addresses if address}
    rows = Suppression.objects.filter(conference=conference, address__in=forms)
    return sorted(rows, key=lambda row: (row.address, list(STOPS).index(Reason(row.reason))))


def last_look(message: Message, now: datetime) -> mailing.Ending | None:
    """Stop a letter to a blocked address in the last moment before it leaves."""
    found = suppressed(
        [message.to_email],
        conference=message.conference,
        optional=message.optional,
        in_mailing=message.campaign_id is not None,
    )
    reason = found.get(message.to_email)
    if reason is None:
        return None
    return mailing.Ending(
        state=_STATE_OF[reason], kind=MessageStep.Kind.SUPPRESSED, rule=rule_of(reason)
    )


def follow_letter(outcome: mailing.Outcome) -> None:
    """Block the address of which our own mail server said that it does not exist."""
    if outcome.is_of_no_address:
        suppress(
            conference=outcome.message.conference,
            address=outcome.message.to_email,
            reason=Reason.HARD_BOUNCE,
            now=outcome.at,
            evidence=outcome.answer,
            message=outcome.message,
        )


@transaction.atomic
def suppress(
    *,
    conference: Conference,
    address: str,
    reason: str,
    now: datetime,
    evidence: str = "",
    message: Message | None = None,
    actor: User | None = None,
    since: datetime | None = None,
) -> Suppression:
    """Block an address for this reason; a block that holds already stays as it is.

    ``since`` says from when that has held, as another list had it; without it, from now on.

    By hand it needs words (``evidence``). Raises AddressNotValid or ReasonMissing.
    """
    form = Suppression.form_of(address)
    try:
        validate_email(form)
    except ValidationError as error:
        raise AddressNotValid(address=address[:100]) from error
    if reason == Reason.BY_HAND and not evidence.strip():
        raise ReasonMissing
    row, is_new = Suppression.objects.get_or_create(
        conference=conference,
        address=form,
        reason=reason,
        defaults={
            "since": since or now,
            "evidence": evidence.strip()[:_EVIDENCE_KEPT],
            "message": message,
            "actor": actor,
        },
    )
    if is_new:
        auditing.record(
            action="mail.block",
            target=row,
            conference=conference,
            actor=actor,
            actor_label="" if actor else "mail",
            after={"address": form, "reason": reason},
            reason=row.evidence if reason == Reason.BY_HAND else "",
            now=now,
        )
    return row


@transaction.atomic
def lift(*, suppression_id: int, reason: str, actor: User, now: datetime) -> None:
    """Write to the address again; the reason is kept in the history. Raises ReasonMissing."""
    if not reason.strip():
        raise ReasonMissing
    row = (
        Suppression.objects.select_for_update(of=("self",))
        .select_related("conference")
        .filter(pk=suppression_id)
        .first()
    )
    if row is not None:
        remove(row, reason=reason.strip(), actor=actor, now=now)


def remove(row: Suppression, *, reason: str, now: datetime, actor: User | None = None) -> None:
    """Take a block away and write down why; call it inside a transaction."""
    auditing.record(
        action="mail.unblock",
        target=row,
        conference=row.conference,
        actor=actor,
        actor_label="" if actor else row.address,
        before={"address": row.address, "reason": row.reason, "since": row.since.isoformat()},
        reason=reason,
        now=now,
    )
    row.delete()


def _stopping(*, optional: bool, in_mailing: bool) -> Sequence[Reason]:
    stopped = {Stops.EVERYTHING}
    if optional or in_mailing:
        stopped.add(Stops.MAILINGS)
    if optional:
        stopped.add(Stops.OPTIONAL)
    return [reason for reason, stops in STOPS.items() if stops in stopped]


def _graver(one: Reason | None, other: Reason) -> Reason:
    if one is None:
        return other
    return min(one, other, key=list(STOPS).index)
