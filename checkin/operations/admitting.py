"""One plain scan, online: the server judges and remembers (CP1, section 2: ``scan/``)."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from django.db import transaction

from checkin import fold
from checkin.errors import Contended, ScanIdReused, ZoneNotServed
from checkin.merge import Fact, is_same_scan
from checkin.messages import Code, Entry, Record
from checkin.models import Device, Scan
from checkin.operations import merging
from checkin.operations.keeping import Facts, Stay, keep, read_facts
from checkin.operations.recording import new_scan, record_of
from checkin.operations.standing import status_of
from checkin.verdict import Attempt, Verdict, judge
from delegates.documents.badge_card import Card

_ATTEMPTS = 8


@dataclass(frozen=True, slots=True)
class Judged:
    """What became of a scan; ``stored`` the first time, ``duplicate`` ever after."""

    scan_id: str
    result: Literal["stored", "duplicate"]
    verdict: Verdict


def judge_scan(*, device: Device, record: Record, now: datetime) -> Judged:
    """Judge a scan at ``now`` and store it with its verdict; the same one again changes nothing.

    Of two gates that scan one badge in the same instant, one is first and the other sees it.
    Raises ZoneNotServed, ScanIdReused for another scan with this id.
    """
    for _attempt in range(_ATTEMPTS):
        with transaction.atomic():
            judged = _judge_once(device, record, now)
            if judged is not None:
                return judged
            # Somebody else was faster: nothing of this attempt stays, and it is judged anew.
            transaction.set_rollback(True)
    raise Contended


def _judge_once(device: Device, record: Record, now: datetime) -> Judged | None:
    facts = read_facts(device, record, now)
    if facts is None:
        raise ZoneNotServed
    if facts.scan_known:
        return _judged_before(device, record, facts, now)
    if record["gate"] != device.gate_id or not (facts.device_serves and facts.gate_leads):
        raise ZoneNotServed
    verdict = _judge(facts, record, now)
    scan = _scan_of(device, record, facts, verdict, now)
    before = facts.stay
    if before and before.row["at_ms"] is not None and scan.effective_ms <= before.row["at_ms"]:
        # It happened before what is already known: only the whole story tells who is where.
        if not keep(scan, before=before, after=None, now=now):
            return None
        merging.refold(delegates=[scan.delegate_id or 0], now=now)
        return Judged(record["scan_id"], "stored", verdict)
    after = _stay_after(facts, device, record, verdict)
    if not keep(scan, before=before, after=after, now=now):
        return None
    return Judged(record["scan_id"], "stored", verdict)


def _judge(facts: Facts, record: Record, now: datetime) -> Verdict:
    """Return what the guard is told, by the server's own clock."""
    person, stay = facts.person, facts.stay
    entry: Entry | None = None
    card: Card | None = None
    if person is not None:
        entry = Entry(
            status=status_of(
                blocked=person.blocked,
                badge_void=person.badge_void,
                withdrawn=person.withdrawn,
                accreditation=person.accreditation,
            )
        )
        card = {
            "name": "-",
            "class": person.badge_class,
            "zones": [facts.zone["id"]] if person.granted else [],
            "flags": ["vip"] if person.vip else [],
        }
    return judge(
        Attempt(
            direction=record["direction"],
            now=round(now.timestamp() * 1000),
            zone=facts.zone,
            entry=entry,
            card=card,
            presence=stay.row if stay else None,
        )
    )


def _scan_of(device: Device, record: Record, facts: Facts, verdict: Verdict, now: datetime) -> Scan:
    person = facts.person
    scan = new_scan(device, record, now, person=(person.badge, person.delegate) if person else None)
    scan.decided = verdict.code.value
    scan.decided_params = verdict.params
    scan.decided_also = [code.value for code in verdict.also]
    return scan


def _stay_after(facts: Facts, device: Device, record: Record, verdict: Verdict) -> Stay | None:
    """Return the presence that this scan makes, None if it moves nobody."""
    if facts.person is None or not verdict.admit:
        return None
    fact = Fact.from_delivery(
        {
            "device": str(device.pk),
            "quarantine": None,
            "decided": verdict.code.value,
            "record": record,
        }
    )
    before = facts.stay
    lookup = record["lookup"]
    if fact is None or lookup is None:
        return None
    row = fold.local_presence(before.row if before else None, [fact], lookup, facts.zone)
    if row is None:
        return None
    is_entry = record["direction"] == "in"
    opened = is_entry and row["in_scan"] == record["scan_id"]
    first_in_ms = before.first_in_ms if before else None
    if is_entry and first_in_ms is None:
        first_in_ms = fact.t_ms
    return Stay(row, entries=(before.entries if before else 0) + opened, first_in_ms=first_in_ms)


def _judged_before(device: Device, record: Record, facts: Facts, now: datetime) -> Judged:
    """Return the stored verdict of a scan that came before; judge it if only told till now."""
    scan = Scan.objects.get(pk=record["scan_id"])
    if not is_same_scan(str(device.pk), record, str(scan.device_id), record_of(scan)):
        raise ScanIdReused
    if scan.decided is None:
        verdict = _judge(_without(facts, scan), record, now)
        Scan.objects.filter(pk=scan.pk, decided=None).update(
            decided=verdict.code.value,
            decided_params=verdict.params,
            decided_also=[code.value for code in verdict.also],
        )
        return Judged(record["scan_id"], "duplicate", verdict)
    stored = Verdict(
        Code(scan.decided), scan.decided_params, tuple(Code(each) for each in scan.decided_also)
    )
    return Judged(record["scan_id"], "duplicate", stored)


def _without(facts: Facts, scan: Scan) -> Facts:
    """Return the facts as if this scan's own entry had not been folded in yet."""
    own = str(scan.pk)
    stay = facts.stay
    if stay and stay.row["in_scan"] == own:
        return replace(facts, stay=None)
    return facts
