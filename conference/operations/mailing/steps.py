"""Writing down what happened to letters, and the rule behind each step."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Count, Max, OuterRef, Prefetch, QuerySet, Subquery

from conference.models import Conference, Message, MessageStep, User
from conference.operations.mailing.answers import storable
from conference.operations.mailing.fates import with_fates
from conference.operations.mailing.rules import words

_ANSWER_KEPT = 2000


def record_step(
    *,
    message_id: int,
    kind: str,
    at: datetime,
    answer: str = "",
    rule: str = "",
    worker: str = "",
    actor: User | None = None,
    channel: str = "",
) -> MessageStep:
    """Write down one step of one letter. ``rule`` is a code that ``rules.words`` can explain.

    ``channel`` names the way, where it is another than mail.
    """
    step = _step(message_id, kind, at, answer=answer, rule=rule, worker=worker, actor=actor)
    step.channel = channel
    step.save(force_insert=True)
    return step


def record_steps(
    *,
    message_ids: Iterable[int],
    kind: str,
    at: datetime,
    answer: str = "",
    rule: str = "",
    worker: str = "",
    actor: User | None = None,
) -> None:
    """Write down the same step of many letters."""
    MessageStep.objects.bulk_create(
        [
            _step(pk, kind, at, answer=answer, rule=rule, worker=worker, actor=actor)
            for pk in message_ids
        ],
        batch_size=500,
    )


def steps_of(message: Message) -> list[MessageStep]:
    """Return the steps of a letter in the order in which they happened."""
    return list(message.steps.select_related("actor").order_by("pk"))


def letters_of(*, conference: Conference, whose: str) -> QuerySet[Message]:
    """Return the letters of one recipient ("delegate:12"), the newest first, with their steps."""
    steps = MessageStep.objects.select_related("actor").order_by("pk")
    letters: QuerySet[Message] = Message.objects.filter(conference=conference, recipient=whose)
    return (
        with_fates(letters)
        .defer("body_text", "body_html")
        .prefetch_related(Prefetch("steps", steps))
    )


def with_steps(
    letters: Iterable[Message],
) -> list[tuple[Message, list[tuple[MessageStep, str]]]]:
    """Return letters of ``letters_of``, each with its steps and the rules behind them."""
    return [(letter, explained(letter.steps.all())) for letter in letters]


def last_words(letters: Iterable[Message]) -> dict[int, str]:
    """Return, for each letter, the rule behind the last thing that happened to it by mail."""
    last = (
        MessageStep.objects.filter(message__in=[letter.pk for letter in letters], channel="")
        .order_by()
        .values("message")
        .annotate(last=Max("pk"))
        .values("last")
    )
    return {step.message_id: words(step.rule) for step in MessageStep.objects.filter(pk__in=last)}


def reasons_of(letters: QuerySet[Message]) -> list[tuple[str, str, int]]:
    """Return why letters stand where they stand, the most frequent reason first.

    Each is the server's answer, the rule of the last step in words, and how many letters: a letter
    that was never offered to a server has a rule alone.
    """
    last = MessageStep.objects.filter(message=OuterRef("pk"), channel="").order_by("-pk")
    counted = (
        letters.order_by()
        .annotate(last_rule=Subquery(last.values("rule")[:1]))
        .values_list("server_answer", "last_rule")
        .annotate(count=Count("pk"))
        .order_by("-count", "server_answer", "last_rule")
    )
    return [(answer, words(rule or ""), count) for answer, rule, count in counted]


def explained(steps: Iterable[MessageStep]) -> list[tuple[MessageStep, str]]:
    """Return steps, each with the rule behind it in words."""
    return [(step, words(step.rule)) for step in steps]


def _step(
    message_id: int,
    kind: str,
    at: datetime,
    *,
    answer: str,
    rule: str,
    worker: str,
    actor: User | None,
) -> MessageStep:
    return MessageStep(
        message_id=message_id,
        kind=kind,
        at=at,
        answer=storable(answer)[:_ANSWER_KEPT],
        rule=rule,
        worker=worker[:120],
        actor=actor,
    )
