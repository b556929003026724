"""Not too many letters at once to one domain, counted in the database for all workers together.

Two limits, each off where its setting is 0: so many workers at once send to a domain
(MAIL_DOMAIN_CONCURRENCY), and so many letters a minute leave for it (MAIL_DOMAIN_RATE, a bucket
that holds one minute's letters). A relay of one's own on this machine paces by itself, so both are
off there unless said otherwise.
"""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime

from django.conf import settings
from django.db.models import Case, IntegerField, Min, QuerySet, Value, When

from conference.models import Message, SendingPace

#: Of so many domains, those that wait the longest, letters are taken for one handful.
_LOOKED_AT = 200


def choose(due: QuerySet[Message], *, worker: str, now: datetime, limit: int) -> list[Message]:
    """Lock and return the next letters that may leave now. The caller is in a transaction."""
    queue = due.annotate(
        turn=Case(When(campaign=None, then=Value(0)), default=Value(1), output_field=IntegerField())
    ).order_by("turn", "due_at", "pk")
    if not settings.MAIL_DOMAIN_CONCURRENCY and not settings.MAIL_DOMAIN_RATE:
        return _locked(queue, limit)
    domains = _waiting_domains(queue)
    allowances = _allowances(domains, worker=worker, now=now)
    chosen: list[Message] = []
    while allowances and len(chosen) < limit:
        open_domains = [domain for domain, left in allowances.items() if left >= 1]
        found = _locked(
            queue.filter(domain__in=open_domains).exclude(pk__in=[each.pk for each in chosen]),
            limit - len(chosen),
        )
        if not found:
            break
        taken: Counter[str] = Counter()
        for message in found:
            if taken[message.domain] + 1 <= allowances[message.domain]:
                taken[message.domain] += 1
                chosen.append(message)
        for domain, count in taken.items():
            allowances[domain] -= count
    _spend(chosen, now)
    return chosen


def _waiting_domains(queue: QuerySet[Message]) -> list[str]:
    """Return the domains of the whole queue: thousands for one must not hide the others."""
    each = queue.order_by().values("domain").annotate(first_turn=Min("turn"), since=Min("due_at"))
    return [row["domain"] for row in each.order_by("first_turn", "since")[:_LOOKED_AT]]


def _locked(queue: QuerySet[Message], limit: int) -> list[Message]:
    # Others' locks are stepped over on PostgreSQL; on SQLite writers come one by one anyway.
    locked = queue.select_for_update(skip_locked=True, of=("self",))
    return list(locked.only("pk", "domain", "claimed_by", "handed_over_at", "abandoned")[:limit])


def _allowances(domains: list[str], *, worker: str, now: datetime) -> dict[str, float]:
    """Return how many letters may leave for each domain now; its row is locked meanwhile."""
    paces = SendingPace.objects.select_for_update().filter(domain__in=domains).order_by("domain")
    if missing := set(domains) - {pace.domain for pace in paces}:
        SendingPace.objects.bulk_create(
            [
                SendingPace(domain=domain, tokens=settings.MAIL_DOMAIN_RATE, refilled_at=now)
                for domain in sorted(missing)
            ],
            ignore_conflicts=True,
        )
        paces = paces.all()
    allowances = {pace.domain: _tokens(pace, now) for pace in paces}
    for domain in _full(domains, worker=worker, now=now):
        allowances[domain] = 0
    return allowances


def _full(domains: list[str], *, worker: str, now: datetime) -> Iterable[str]:
    """Return the domains that as many other workers as may are sending to."""
    if not settings.MAIL_DOMAIN_CONCURRENCY:
        return ()
    holders = (
        Message.objects.filter(
            state=Message.State.CLAIMED, lease_until__gte=now, domain__in=domains
        )
        .exclude(claimed_by=worker)
        .order_by()
        .values_list("domain", "claimed_by")
        .distinct()
    )
    count = Counter(domain for domain, _holder in holders)
    return [domain for domain, many in count.items() if many >= settings.MAIL_DOMAIN_CONCURRENCY]


def _tokens(pace: SendingPace, now: datetime) -> float:
    if not settings.MAIL_DOMAIN_RATE:
        return float("inf")
    rate = settings.MAIL_DOMAIN_RATE
    minutes = max(0.0, (now - pace.refilled_at).total_seconds() / 60)
    return min(float(rate), pace.tokens + minutes * rate)


def _spend(chosen: list[Message], now: datetime) -> None:
    if not settings.MAIL_DOMAIN_RATE:
        return
    spent = Counter(message.domain for message in chosen)
    for pace in SendingPace.objects.filter(domain__in=spent).order_by("domain"):
        pace.tokens = max(0.0, _tokens(pace, now) - spent[pace.domain])
        pace.refilled_at = max(pace.refilled_at, now)
        pace.save(update_fields=["tokens", "refilled_at"])
