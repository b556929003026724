"""What became of letters beyond their states: which came back, which were told of by text.

The state of a letter says what we did. What others reported of it afterwards is looked up, so that
it cannot differ from the reports.
"""

from datetime import datetime
from typing import Final

from django.db.models import Case, Count, Exists, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from conference.models import Channel, MailReport, Message, MessageStep, Notice

_Kind = MailReport.Kind
CAME_BACK: Final = "bounced"
TEXTED: Final = "texted"
#: What a letter is called in lists: its state, or that it came back in place of "sent", or that a
#: text told of it in place of "in the inbox".
FATES: Final = (
    *Message.State.choices,
    (TEXTED, _("told by text")),
    (CAME_BACK, _("came back")),
)
_TEXTS: Final = (Channel.SMS, Channel.WECHAT)
#: Reports after which a letter is not with its recipient.
BACK: Final = (_Kind.BOUNCED, _Kind.REJECTED, _Kind.SOFT, _Kind.ELSEWHERE, _Kind.UNCLEAR)


def with_fates(letters: QuerySet[Message]) -> QuerySet[Message]:
    """Give each letter ``has_come_back`` and ``was_texted``.

    Back: by the newest report of it, it did not arrive, and no person has sent it again since.
    Texted: it has no address to go to, and a text that told of it was sent, and not reported as
    failed.
    """
    sent_again = MessageStep.objects.filter(
        message=OuterRef("message"),
        kind=MessageStep.Kind.RETRIED,
        at__gte=OuterRef("received_at"),
    )
    newest = (
        MailReport.objects.filter(message=OuterRef("pk"), kind__in=(*BACK, _Kind.DELIVERED))
        .exclude(Exists(sent_again))
        .order_by("-received_at", "-pk")
        .values("kind")[:1]
    )
    return letters.alias(newest_report=Subquery(newest)).annotate(
        has_come_back=Case(  # type: ignore[no-redef]
            When(state=Message.State.SENT, newest_report__in=BACK, then=Value(True)),
            default=Value(False),
        ),
        was_texted=Case(When(_told_by_text(), then=Value(True)), default=Value(False)),
    )


def come_back(letters: QuerySet[Message], *, since: datetime | None = None) -> QuerySet[Message]:
    """Return those of the letters that came back; with ``since`` those of which that is news."""
    # The reports are few among the letters, so they are looked at first.
    reports = MailReport.objects.filter(kind__in=BACK)
    if since is not None:
        reports = reports.filter(received_at__gt=since)
    reported = reports.values("message")
    return with_fates(letters.filter(pk__in=reported)).filter(has_come_back=True)  # type: ignore[misc]


def of_fate(letters: QuerySet[Message], fate: str) -> QuerySet[Message]:
    """Return the letters with their fates: those of one of FATES, or all for any other word."""
    if fate == CAME_BACK:
        return come_back(letters)
    shown = with_fates(letters)
    if fate == TEXTED:
        return shown.filter(_told_by_text())
    if fate in Message.State.values:
        return shown.filter(state=fate, has_come_back=False, was_texted=False)  # type: ignore[misc]
    return shown


def counted_by_fate(letters: QuerySet[Message]) -> dict[str, int]:
    """Return how many letters there are of each fate; where there is none, the fate is left out."""
    counts = dict(letters.order_by().values_list("state").annotate(Count("pk")))
    if back := come_back(letters).count():
        counts |= {CAME_BACK: back, Message.State.SENT: counts[Message.State.SENT] - back}
    waiting = counts.get(Message.State.INBOX, 0)
    if waiting and (texted := letters.order_by().filter(_told_by_text()).count()):
        counts |= {TEXTED: texted, Message.State.INBOX: waiting - texted}
    return {fate: count for fate, count in counts.items() if count}


def _told_by_text() -> Q:
    texts = Notice.objects.filter(
        message=OuterRef("pk"), channel__in=_TEXTS, state=Notice.State.SENT
    ).exclude(receipt=Notice.Receipt.FAILED)
    return Q(Exists(texts), state=Message.State.INBOX)


def count_back() -> Coalesce:
    """Return how many letters of a mailing came back, to annotate mailings with."""
    letters = come_back(Message.objects.filter(campaign=OuterRef("pk"))).order_by()
    counted = letters.values("campaign").annotate(count=Count("pk")).values("count")
    return Coalesce(Subquery(counted), 0)
