"""DMARC: what the owner of a domain asks to be done with letters that nothing vouches for.

Source: RFC 7489 §6.3 (tags), §6.6.3 (where the policy is looked for).
"""

import re
from dataclasses import dataclass
from typing import Final

from conference.operations.sender_domain import tags
from conference.operations.sender_domain.asking import Dns, NoAnswer, NoSuchName
from conference.operations.sender_domain.domains import organisational
from conference.operations.sender_domain.findings import SHOWN, Finding, Part, Record, State

_BEGINS = re.compile(r"v\s*=\s*DMARC1\s*(?:;|$)")
_POLICIES: Final = ("none", "quarantine", "reject")


@dataclass(frozen=True, kw_only=True)
class Policy:
    """What applies to the sender's domain; how strictly domains must agree is of use to others."""

    finding: Finding
    #: none, quarantine, reject; "" where there is no policy or nobody knows.
    asks: str = ""
    is_spf_strict: bool = False
    is_dkim_strict: bool = False


def find(*, domain: str, dns: Dns) -> Policy:
    """Return the policy for a domain: its own, else that of the domain it was registered under."""
    registered = organisational(domain)
    for owner in dict.fromkeys((domain, registered)):
        name = f"_dmarc.{owner}"
        try:
            records = [text for text in dns.texts(name) if _BEGINS.match(text)]
        except (NoAnswer, NoSuchName):
            return Policy(finding=_finding(name, State.UNKNOWN, "dmarc_no_answer"))
        if len(records) > 1:
            return Policy(
                finding=_finding(name, State.WEAK, "dmarc_several", found="\n".join(records))
            )
        if records:
            return _of_one(records[0], name, domain, is_own=owner == domain)
    proposal = Record(
        name=f"_dmarc.{domain}", value=f"v=DMARC1; p=none; rua=mailto:postmaster@{domain}"
    )
    return Policy(finding=_finding(f"_dmarc.{domain}", State.MISSING, "dmarc_missing", proposal))


def _of_one(record: str, name: str, domain: str, *, is_own: bool) -> Policy:
    told = tags.read(record)
    asks = told.get("p", "").lower()
    if not is_own and told.get("sp", "").lower() in _POLICIES:
        asks = told["sp"].lower()
    if asks not in _POLICIES:
        # With somebody to report to, a policy that cannot be read counts as none (§6.6.3).
        if not told.get("rua"):
            return Policy(finding=_finding(name, State.WEAK, "dmarc_not_readable", found=record))
        asks = "none"
    if asks != "none" and told.get("pct", "100").strip() == "0":
        asks = "none" if asks == "quarantine" else "quarantine"
    proposal = None
    if asks == "none":
        # The domain's own record, so that what else lives below the registered one is left alone.
        kept = {key: value for key, value in told.items() if key in {"rua", "adkim", "aspf"}}
        wanted = {"v": "DMARC1", "p": "quarantine"} | kept
        text = "; ".join(f"{key}={value}" for key, value in wanted.items())
        proposal = Record(name=f"_dmarc.{domain}", value=text[:SHOWN])
    return Policy(
        finding=_finding(
            name,
            State.WEAK if asks == "none" else State.GOOD,
            f"dmarc_{asks}",
            proposal,
            found=record,
        ),
        asks=asks,
        is_spf_strict=told.get("aspf", "").lower() == "s",
        is_dkim_strict=told.get("adkim", "").lower() == "s",
    )


def _finding(
    name: str, state: State, code: str, proposal: Record | None = None, *, found: str = ""
) -> Finding:
    return Finding(
        part=Part.DMARC,
        state=state,
        code=code,
        name=name,
        found=found[:SHOWN],
        proposal=proposal,
        is_usable=state == State.GOOD,
    )
