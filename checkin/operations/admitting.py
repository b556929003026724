"""One plain scan, online: the server judges and remembers (CP1, section 2: ``scan/``)."""

from collections.abc import Mapping
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from django.db import transaction

from checkin import fold
from checkin.effective_time import period
from checkin.errors import Contended, ScanIdReused, TokenInvalid, ZoneNotServed
from checkin.merge import Fact, is_same_scan
from checkin.messages import Code, Entry, PresenceRow, Record, ZoneRules
from checkin.models import Device, Scan
from checkin.operations import alerting, merging
from checkin.operations.facts import Facts, Person, Stay, read_facts
from checkin.operations.keeping import keep, keep_and_move
from checkin.operations.recording import device_of, member, record_of, row_of, scan_of
from checkin.operations.standing import status_of
from checkin.operations.statements import Value, from_json
from checkin.operations.stories import heard_scans, scans_of
from checkin.verdict import Attempt, Verdict, admits, judge
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
    facts = read_facts(record, now, device=device.pk)
    if facts is None:
        raise TokenInvalid
    return judge_known(facts=facts, record=record, now=now)


def judge_known(*, facts: Facts, record: Record, now: datetime) -> Judged:
    """Judge a scan as ``judge_scan`` does, by the facts that were read to know its device."""
    device = facts.caller.id
    for _attempt in range(_ATTEMPTS):
        judged = _judge_once(facts, record, now)
        if judged is not None:
            return judged
        # Somebody else was faster: nothing of this attempt stays, and it is judged anew.
        again = read_facts(record, now, device=device)
        if again is None:
            raise TokenInvalid
        facts = again
    raise Contended


def _judge_once(facts: Facts, record: Record, now: datetime) -> Judged | None:
    caller, zone, person = facts.caller, facts.zone, facts.person
    if facts.known is not None:
        return _judged_before(facts, record, now)
    serves = record["gate"] == caller.gate and facts.device_serves and facts.gate_leads
    if zone is None or not serves:
        raise ZoneNotServed
    verdict = _judge(facts, zone, facts.stay.row if facts.stay else None, record, now)
    row = row_of(
        record,
        device=caller.id,
        conference=caller.conference,
        now=now,
        person=(person.badge, person.delegate) if person else None,
        verdict=verdict,
    )
    kept = _store(facts, zone, _fact(facts, record, verdict), row, now)
    return Judged(record["scan_id"], "stored", verdict) if kept else None


def _judge(
    facts: Facts, zone: ZoneRules, presence: PresenceRow | None, record: Record, now: datetime
) -> Verdict:
    """Return what the guard is told, by the server's own clock."""
    person = facts.person
    return judge(
        Attempt(
            direction=record["direction"],
            now=round(now.timestamp() * 1000),
            zone=zone,
            entry=_entry(person) if person else None,
            card=_card(person, zone["id"]) if person else None,
            presence=presence,
        )
    )


def _entry(person: Person) -> Entry:
    return Entry(
        status=status_of(
            blocked=person.blocked,
            badge_void=person.badge_void,
            withdrawn=person.withdrawn,
            accreditation=person.accreditation,
        )
    )


def _card(person: Person, zone: int) -> Card:
    """Return what the verdict reads of the card that the badge itself would open."""
    flags: dict[Literal["vip", "desk", "escort"], bool] = {
        "vip": person.vip,
        "desk": person.to_desk,
        "escort": person.escort,
    }
    card: Card = {
        "name": "-",
        "class": person.badge_class,
        "zones": [zone] if person.granted else [],
        "flags": [flag for flag, is_set in flags.items() if is_set],
    }
    if person.valid is not None:
        card["valid"] = person.valid
    return card


def _store(
    facts: Facts, zone: ZoneRules, fact: Fact | None, row: Mapping[str, Value], now: datetime
) -> bool:
    """Store a scan and what follows from it; False if somebody else was faster."""
    person = facts.person
    if person is None or fact is None:
        return keep(row)
    after = _stay_after(facts.stay, fact, zone) if admits(fact.verdict or "") else None
    whole_story = after is not None and _needs_whole_story(facts, zone, fact, now)
    # One statement needs no transaction; whatever else is to be written goes with it.
    together = whole_story or person.vip or person.blocked
    with transaction.atomic() if together else nullcontext():
        if whole_story:
            merging.lock([person.delegate])
        if after is None:
            kept = keep(row)
        else:
            kept = keep_and_move(row, before=facts.stay, after=after, now=now)
        if kept and whole_story:
            merging.refold(delegates=[person.delegate], now=now)
        if kept and (together or facts.capacity is not None):
            _notice(facts, person, row, now)
    return kept


def _fact(facts: Facts, record: Record, verdict: Verdict) -> Fact | None:
    return Fact.from_delivery(
        {
            "device": str(facts.caller.id),
            "quarantine": None,
            "decided": verdict.code.value,
            "record": record,
        }
    )


def _needs_whole_story(facts: Facts, zone: ZoneRules, fact: Fact, now: datetime) -> bool:
    """Return whether the presence that was read does not tell all that follows from this scan.

    It does not if the scan happened before what is known, between the resets of its own time and
    the server's, or may make a conflict, which only all scans of the person tell.
    """
    stay, resets = facts.stay, zone["resets"]
    now_ms = round(now.timestamp() * 1000)
    if fact.uncertain or (facts.person is not None and facts.person.may_clash):
        return True
    if stay is None:
        return fact.direction == "out"
    at_ms = stay.row["at_ms"]
    return (
        (fact.direction == "out" and not stay.row["inside"])
        or (at_ms is not None and fact.t_ms <= at_ms)
        or period(resets, fact.t_ms) != period(resets, now_ms)
    )


def _stay_after(before: Stay | None, fact: Fact, zone: ZoneRules) -> Stay | None:
    """Return the presence that this scan makes."""
    row = fold.local_presence(before.row if before else None, [fact], fact.lookup, zone)
    if row is None:
        return None
    is_entry = fact.direction == "in"
    opened = is_entry and row["in_scan"] == fact.scan_id
    first_in_ms = before.first_in_ms if before else None
    if is_entry and first_in_ms is None:
        first_in_ms = fact.t_ms
    return Stay(row, entries=(before.entries if before else 0) + opened, first_in_ms=first_in_ms)


def _notice(facts: Facts, person: Person, row: Mapping[str, Value], now: datetime) -> None:
    alerting.notice(
        scan=scan_of(row),
        vip=person.vip,
        blocked=person.blocked,
        is_first=facts.stay is None or facts.stay.first_in_ms is None,
        capacity=facts.capacity,
        now=now,
    )


def _judged_before(facts: Facts, record: Record, now: datetime) -> Judged | None:
    """Return the stored verdict of a scan that came before; judge it if only told till now."""
    columns = facts.known or ()
    if not is_same_scan(str(facts.caller.id), record, device_of(columns), record_of(columns)):
        raise ScanIdReused
    if member(columns, "decided") is None:
        return _judged_late(facts, record, now)
    stored = Verdict(
        Code(member(columns, "decided")),
        from_json(member(columns, "decided_params")),
        tuple(Code(each) for each in from_json(member(columns, "decided_also"))),
    )
    return Judged(record["scan_id"], "duplicate", stored)


def _judged_late(facts: Facts, record: Record, now: datetime) -> Judged | None:
    """Judge a scan that ``scans/`` brought first, as if it had not been folded in.

    What the guard saw stands, so nobody moves. None if somebody else was faster.
    """
    zone, person = facts.zone, facts.person
    if zone is None:
        raise ZoneNotServed
    others = None
    if person is not None:
        heard = heard_scans().exclude(pk=record["scan_id"])
        told = scans_of([person.delegate], heard).get(person.delegate, [])
        folds = fold.fold_person(told, {zone["id"]: zone})
        others = folds[zone["id"]].presence if folds else None
    verdict = _judge(facts, zone, others, record, now)
    filled = Scan.objects.filter(pk=record["scan_id"], decided=None).update(
        decided=verdict.code.value,
        decided_params=verdict.params,
        decided_also=[code.value for code in verdict.also],
    )
    return Judged(record["scan_id"], "duplicate", verdict) if filled else None
