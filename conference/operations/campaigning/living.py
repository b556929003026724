"""A mailing's life: each step is one conditional update, so that two presses make one step.

Its row is held without its key: a worker that writes down what became of a letter of it does not
wait for a step, which may be waiting for that letter.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from hashlib import sha256
from typing import Any

from django.db import transaction
from django.db.models import Q

from conference.errors import CampaignOvertaken, CampaignStepRefused, TimeHasPassed
from conference.models import Campaign, Message, MessageAttachment, MessageStep, User
from conference.operations import auditing, mailing
from conference.operations.campaigning import audiences
from conference.operations.campaigning.waking import wake_expansion
from conference.operations.mailing import rules

_State = Campaign.State
#: What people write of a mailing, and so may overwrite.
WRITTEN = (
    "name",
    "subject_en",
    "body_en",
    "subject_zh",
    "body_zh",
    "optional",
    "on_doubt",
    "if_lacking",
)
#: From which states each step leads on.
STEPS: dict[str, tuple[str, ...]] = {
    "start": (_State.DRAFT, _State.SCHEDULED),
    "schedule": (_State.DRAFT, _State.SCHEDULED),
    "unschedule": (_State.SCHEDULED,),
    "hold": (_State.DRAFT, _State.SCHEDULED),
    "pause": (_State.SENDING,),
    "resume": (_State.PAUSED,),
    "cancel": (_State.SCHEDULED, _State.SENDING, _State.PAUSED),
}
#: Letters that are ticked by hand can go to more people when the first have theirs.
_AGAIN = ("start", "schedule", "hold")
_ENDED = (_State.DONE, _State.CANCELLED)
#: Letters are made for all who are ticked now, whoever had one in a former round.
_FROM_THE_FIRST: dict[str, Any] = {"expanded_to": 0, "expanded_at": None}


def may(campaign: Campaign, step: str) -> bool:
    """Tell whether this step leads on from where the mailing is."""
    return campaign.state in _leading(campaign, step)


@transaction.atomic
def rewrite(*, campaign: Campaign, seen: str = "", fields: Mapping[str, Any]) -> None:
    """Keep what was written, as long as it is a draft; nothing else of the mailing is touched.

    ``seen`` is the ``version_of`` the text that the writer began with: a newer one is never
    replaced unseen. Raises CampaignStepRefused, and CampaignOvertaken.
    """
    refuse_begun(Campaign.objects.select_for_update(no_key=True).get(pk=campaign.pk))
    refuse_newer(campaign, seen)
    Campaign.objects.filter(pk=campaign.pk).update(**fields)


def refuse_begun(campaign: Campaign) -> None:
    """Raise CampaignStepRefused unless the mailing is a draft."""
    if campaign.state != _State.DRAFT:
        raise CampaignStepRefused(campaign.state)


@transaction.atomic
def choose(
    *,
    campaign: Campaign,
    chosen: Sequence[int],
    answer_by: datetime | None,
    now: datetime,
    actor: User | None = None,
) -> None:
    """Tick by hand whom it is for next, and until when they may answer; nothing leaves by that.

    Raises CampaignStepRefused while it is on its way to others.
    """
    standing = Campaign.objects.select_for_update(no_key=True).get(pk=campaign.pk)
    if standing.state not in (_State.DRAFT, _State.SCHEDULED, *_ENDED):
        raise CampaignStepRefused(standing.state)
    if standing.state == _State.SCHEDULED:
        standing.answer_by = answer_by
        _refuse_time(standing, standing.due_at or now)
    campaign.narrowed = {audiences.CHOSEN: sorted(chosen)}
    campaign.answer_by = answer_by
    campaign.save(update_fields=["narrowed", "answer_by"])
    auditing.record(
        action="mailing.choose",
        target=campaign,
        conference=campaign.conference,
        actor=actor,
        before={"chosen": standing.narrowed.get(audiences.CHOSEN, [])},
        after={
            "chosen": campaign.narrowed[audiences.CHOSEN],
            "answer_by": answer_by.isoformat() if answer_by else "",
        },
        now=now,
    )


def refuse_newer(campaign: Campaign, seen: str) -> None:
    """Raise CampaignOvertaken where the stored text is not the one ``seen``; "" asks nothing."""
    if seen and seen != version_of(Campaign.objects.get(pk=campaign.pk)):
        raise CampaignOvertaken


def version_of(campaign: Campaign) -> str:
    """Return a sign of what is written and ticked: of a newer text it is another one."""
    written = [str(getattr(campaign, name)) for name in WRITTEN]
    made = MessageAttachment.objects.filter(campaign=campaign.pk).exclude(maker="")
    written += made.order_by("maker").values_list("maker", flat=True)
    return sha256("\0".join(written).encode()).hexdigest()[:16]


@transaction.atomic
def start(*, campaign: Campaign, now: datetime, actor: User | None = None) -> None:
    """Begin to send. Raises CampaignStepRefused if that is begun, or over, already."""
    _refuse_time(campaign, now)
    _step(campaign, "start", now, actor, state=_State.SENDING, sent_at=now, **_FROM_THE_FIRST)
    wake_expansion()


@transaction.atomic
def hold(*, campaign: Campaign, now: datetime, actor: User | None = None) -> None:
    """Make all letters and let none leave, until the mailing is resumed."""
    _refuse_time(campaign, now)
    _step(campaign, "hold", now, actor, state=_State.PAUSED, **_FROM_THE_FIRST)
    wake_expansion()


@transaction.atomic
def schedule(
    *,
    campaign: Campaign,
    day: date,
    at: time,
    zone: str,
    now: datetime,
    actor: User | None = None,
) -> None:
    """Let it leave at this time by the clocks of this zone, whatever becomes of their rules.

    Raises TimeHasPassed, and CampaignStepRefused if it has begun already.
    """
    due_at = Campaign(send_date=day, send_time=at, send_zone=zone).due_at
    if due_at is None or due_at <= now:
        raise TimeHasPassed
    _refuse_time(campaign, due_at)
    told = {"send_date": day, "send_time": at, "send_zone": zone}
    _step(campaign, "schedule", now, actor, state=_State.SCHEDULED, **told)


@transaction.atomic
def unschedule(*, campaign: Campaign, now: datetime, actor: User | None = None) -> None:
    """Make a draft of it again; what went to others before is done and stays so."""
    cleared: dict[str, Any] = {"send_date": None, "send_time": None, "send_zone": ""}
    state = _State.DONE if campaign.sent_at else _State.DRAFT
    _step(campaign, "unschedule", now, actor, state=state, **cleared)


@transaction.atomic
def pause(*, campaign: Campaign, now: datetime, actor: User | None = None) -> None:
    """Let no more letters leave; the one or two that are being handed over still do."""
    _step(campaign, "pause", now, actor, state=_State.PAUSED)


@transaction.atomic
def resume(*, campaign: Campaign, now: datetime, actor: User | None = None) -> None:
    """Go on where it was paused."""
    _refuse_time(campaign, now)
    _step(campaign, "resume", now, actor, state=_State.SENDING, sent_at=campaign.sent_at or now)
    wake_expansion()
    transaction.on_commit(mailing.wake_lanes, robust=True)


@transaction.atomic
def cancel(*, campaign: Campaign, now: datetime, actor: User | None = None) -> int:
    """Let nothing more of it leave, ever; return how many letters that stopped.

    Letters that a worker holds and has not begun to hand over stay as well: its claim is lost.
    """
    _step(campaign, "cancel", now, actor, state=_State.CANCELLED)
    not_begun = Q(state=Message.State.QUEUED) | Q(state=Message.State.CLAIMED, handed_over_at=None)
    in_doubt: dict[int, bool] = dict(
        Message.objects.filter(not_begun, campaign=campaign)
        .order_by("pk")
        .select_for_update(of=("self",))
        .values_list("pk", "is_doubtful")
    )
    waiting: Sequence[int] = list(in_doubt)
    Message.objects.filter(campaign=campaign, pk__in=waiting).update(
        state=Message.State.CANCELLED, lease_until=None, claimed_by=""
    )
    for rule, is_doubtful in ((rules.MAILING_CANCELLED, False), (rules.CANCELLED_IN_DOUBT, True)):
        mailing.record_steps(
            message_ids=[pk for pk in waiting if in_doubt[pk] is is_doubtful],
            kind=MessageStep.Kind.CANCELLED,
            at=now,
            rule=rule,
            actor=actor,
        )
    if (kind := audiences.all_kinds().get(campaign.audience)) and kind.by_hand:
        kind.by_hand.released(campaign, waiting)
    return len(waiting)


def _leading(campaign: Campaign, step: str) -> tuple[str, ...]:
    kind = audiences.all_kinds().get(campaign.audience)
    again = _ENDED if kind and kind.by_hand and step in _AGAIN else ()
    return (*STEPS[step], *again)


def _refuse_time(campaign: Campaign, when: datetime) -> None:
    kind = audiences.all_kinds().get(campaign.audience)
    if kind and kind.by_hand:
        kind.by_hand.refuse(campaign, when)


def _step(campaign: Campaign, step: str, now: datetime, actor: User | None, **fields: Any) -> None:
    before = Campaign.objects.select_for_update(no_key=True).get(pk=campaign.pk).state
    rows = Campaign.objects.filter(pk=campaign.pk, state__in=_leading(campaign, step))
    changed = rows.update(**fields)
    if not changed:
        raise CampaignStepRefused(before)
    auditing.record(
        action=f"mailing.{step}",
        target=campaign,
        conference=campaign.conference,
        actor=actor,
        before={"state": before},
        after={name: str(value) for name, value in fields.items() if value},
        now=now,
    )
    campaign.refresh_from_db()
