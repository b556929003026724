"""SPF: who may send in the name of the return path's domain. Source: RFC 7208.

Who sends is not known here (the relay may pass letters on), so no address is tested: the record is
read as a recipient's server would read it, to the end of its includes.
"""

import re
from dataclasses import dataclass, field
from typing import Final

from conference.operations.sender_domain.asking import Dns, NoAnswer, NoSuchName
from conference.operations.sender_domain.findings import SHOWN, Finding, Part, Record, State

#: So many terms that ask the DNS are followed; one more, and the record is void (§4.6.4).
MOST_LOOKUPS: Final = 10
_I: Final = re.IGNORECASE
_BEGINS = re.compile(r"v=spf1(?: |$)", _I)
_MECHANISM = re.compile(r"([+?~-]?)(all|include|a|mx|ptr|ip4|ip6|exists)(?:([:/])(.*))?$", _I)
_MODIFIER = re.compile(r"([a-z][a-z0-9._-]*)=(.*)$", _I)
_ASKING: Final = frozenset({"include", "a", "mx", "ptr", "exists"})
#: The end that everybody understands: others are probably not ours.
_END: Final = "~all"
#: Of what is wrong so much is told in a sentence.
_ABOUT: Final = 80


class _Void(Exception):
    """The record counts for nothing; ``code`` says why, ``about`` what it is in it."""

    def __init__(self, code: str, about: str) -> None:
        super().__init__(code)
        self.code = code
        self.about = about[:_ABOUT]


@dataclass
class _Reading:
    """What was read on the way: how often the DNS is asked, and which includes were met."""

    dns: Dns
    lookups: int = 0
    includes: set[str] = field(default_factory=set)

    def count(self, term: str) -> None:
        self.lookups += 1
        if self.lookups > MOST_LOOKUPS:
            raise _Void("too_many_lookups", term)


def find(*, domain: str, dns: Dns, include: str, relay: str) -> Finding:
    """Return what SPF says for a domain.

    ``include`` is what the relay's provider asks for ("" if nobody said), ``relay`` the name of
    the relay, "" where it is this machine; both only serve to name the record to publish.
    """
    wanted = f"include:{include}" if include else f"a:{relay}" if relay else "mx"
    try:
        records = _records(dns, domain)
    except (NoAnswer, NoSuchName):
        return Finding(part=Part.SPF, state=State.UNKNOWN, code="spf_no_answer", name=domain)
    if not records:
        return _finding(domain, State.MISSING, "spf_missing", f"v=spf1 {wanted} {_END}")
    if len(records) > 1:
        return _finding(
            domain, State.WEAK, "spf_several", _merged(records), found="\n".join(records)
        )
    return _of_one(records[0], domain, dns, include)


def _of_one(record: str, domain: str, dns: Dns, include: str) -> Finding:
    reading = _Reading(dns)
    try:
        end = _read(record, domain, (domain,), reading)
    except _Void as void:
        return _finding(
            domain,
            State.WEAK,
            f"spf_{void.code}",
            "",
            found=record,
            about=void.about,
            most=str(MOST_LOOKUPS),
        )
    except NoAnswer as failure:
        return _finding(
            domain, State.UNKNOWN, "spf_include_no_answer", "", found=record, about=str(failure)
        )
    if end == "+":
        return _finding(domain, State.WEAK, "spf_everybody", _ended(record), found=record, ok=True)
    if include and include not in reading.includes:
        return _finding(
            domain,
            State.WEAK,
            "spf_without_relay",
            _with(record, f"include:{include}"),
            found=record,
            about=include,
        )
    if end in {"", "?"}:
        return _finding(domain, State.WEAK, "spf_open_end", _ended(record), found=record, ok=True)
    code = "spf_strict" if end == "-" else "spf_good"
    return _finding(domain, State.GOOD, code, "", found=record, ok=True)


def _finding(
    domain: str,
    state: State,
    code: str,
    proposal: str,
    *,
    found: str = "",
    ok: bool = False,
    **facts: str,
) -> Finding:
    return Finding(
        part=Part.SPF,
        state=state,
        code=code,
        name=domain,
        found=found[:SHOWN],
        facts=facts,
        proposal=Record(name=domain, value=proposal) if proposal else None,
        is_usable=ok,
    )


def _records(dns: Dns, domain: str) -> list[str]:
    return [text for text in dns.texts(domain) if _BEGINS.match(text)]


def _read(record: str, domain: str, way: tuple[str, ...], reading: _Reading) -> str:
    """Return how the record ends: "-", "~", "?", "+", or "" where it does not say.

    An include whose own record lets everybody in does so here as well. Raises _Void, NoAnswer.
    """
    redirect = ""
    for term in record.split()[1:]:
        if mechanism := _MECHANISM.match(term):
            sign, name = mechanism[1] or "+", mechanism[2].lower()
            if name == "all":
                return sign
            if name in _ASKING:
                reading.count(term)
            if name == "include" and _lets_all_in(_target(mechanism, term), way, reading):
                return sign
        elif modifier := _MODIFIER.match(term):
            if modifier[1].lower() == "redirect":
                redirect = modifier[2]
        else:
            raise _Void("not_readable", term)
    if not redirect:
        return ""
    reading.count(f"redirect={redirect}")
    return "" if "%" in redirect else _follow(redirect, way, reading)


def _target(mechanism: re.Match[str], term: str) -> str:
    if mechanism[3] != ":" or not mechanism[4]:
        raise _Void("not_readable", term)
    return mechanism[4]


def _lets_all_in(target: str, way: tuple[str, ...], reading: _Reading) -> bool:
    reading.includes.add(target.rstrip(".").lower())
    # With a macro, what is asked for depends on the letter.
    return "%" not in target and _follow(target, way, reading) == "+"


def _follow(target: str, way: tuple[str, ...], reading: _Reading) -> str:
    domain = target.rstrip(".").lower()
    if domain in way:
        raise _Void("loop", domain)
    try:
        records = _records(reading.dns, domain)
    except NoSuchName as failure:
        raise _Void("not_readable", target) from failure
    if len(records) != 1:
        raise _Void("include_several" if records else "include_missing", domain)
    return _read(records[0], domain, (*way, domain), reading)


def _terms(record: str) -> list[str]:
    """Return the terms of a record without its end."""
    return [term for term in record.split()[1:] if not re.fullmatch(r"[+?~-]?all", term, _I)]


def _ended(record: str) -> str:
    return " ".join(["v=spf1", *_terms(record), _END])


def _with(record: str, term: str) -> str:
    ends = [each for each in record.split()[1:] if each not in _terms(record)]
    return " ".join(["v=spf1", term, *_terms(record), *(ends[:1] or [_END])])


def _merged(records: list[str]) -> str:
    terms = dict.fromkeys(term for record in records for term in _terms(record))
    return " ".join(["v=spf1", *terms, _END])[:SHOWN]
