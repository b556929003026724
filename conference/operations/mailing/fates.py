"""Which letters came back: sent, and not arrived, by the newest report of each.

The state of a letter says what we did. What others reported of it afterwards is looked up, so that
it cannot differ from the reports.
"""

from typing import Final

from django.db.models import Case, Count, OuterRef, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from conference.models import MailReport, Message

_Kind = MailReport.Kind
CAME_BACK: Final = "bounced"
#: What a letter is called in lists: its state, or that it came back in place of "sent".
FATES: Final = (*Message.State.choices, (CAME_BACK, _("came back")))
#: Reports after which a letter is not with its recipient.
BACK: Final = (_Kind.BOUNCED, _Kind.REJECTED, _Kind.SOFT, _Kind.ELSEWHERE, _Kind.UNCLEAR)


def with_fates(letters: QuerySet[Message]) -> QuerySet[Message]:
    """Give each letter ``has_come_back``: by the newest report of it, it did not arrive."""
    newest = (
        MailReport.objects.filter(message=OuterRef("pk"), kind__in=(*BACK, _Kind.DELIVERED))
        .order_by("-received_at", "-pk")
        .values("kind")[:1]
    )
    return letters.alias(newest_report=Subquery(newest)).annotate(
        has_come_back=Case(  # type: ignore[no-redef]
            When(state=Message.State.SENT, newest_report__in=BACK, then=Value(True)),
            default=Value(False),
        )
    )


def come_back(letters: QuerySet[Message]) -> QuerySet[Message]:
    """Return those of the letters that came back."""
    # The reports are few among the letters, so they are looked at first.
    reported = MailReport.objects.filter(kind__in=BACK).values("message")
    return with_fates(letters.filter(pk__in=reported)).filter(has_come_back=True)  # type: ignore[misc]


def of_fate(letters: QuerySet[Message], fate: str) -> QuerySet[Message]:
    """Return the letters with their fates: those of one of FATES, or all for any other word."""
    if fate == CAME_BACK:
        return come_back(letters)
    shown = with_fates(letters)
    if fate in Message.State.values:
        return shown.filter(state=fate, has_come_back=False)  # type: ignore[misc]
    return shown


def counted_by_fate(letters: QuerySet[Message]) -> dict[str, int]:
    """Return how many letters there are of each fate; none of a fate may be left out."""
    counts = dict(letters.order_by().values_list("state").annotate(Count("pk")))
    if back := come_back(letters).count():
        counts |= {CAME_BACK: back, Message.State.SENT: counts[Message.State.SENT] - back}
    return counts


def count_back() -> Coalesce:
    """Return how many letters of a mailing came back, to annotate mailings with."""
    letters = come_back(Message.objects.filter(campaign=OuterRef("pk"))).order_by()
    counted = letters.values("campaign").annotate(count=Count("pk")).values("count")
    return Coalesce(Subquery(counted), 0)
