"""One look at everything, within three seconds, kept for a while.

No row is read or written here, so a slow DNS holds nothing up but the part of a page that waits
for it.
"""

import hashlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from django.conf import settings
from django.core.cache import cache

from conference.operations.sender_domain import dkim, dmarc, domains, spf
from conference.operations.sender_domain.asking import Dns
from conference.operations.sender_domain.findings import Finding, Part, State
from conference.operations.sender_domain.words import told

#: Seconds for which a look holds; one that got no answer is worth another soon.
_KEPT: Final = 600
_KEPT_IN_DOUBT: Final = 30
#: Keys that are looked up; all parts are asked for at once, each by a thread of its own.
_KEYS: Final = 6


@dataclass(frozen=True, kw_only=True)
class Picture:
    """What recipients' servers can know of the sender, at one time."""

    sender: str
    return_path: str
    looked_at: datetime
    is_demo: bool = False
    findings: tuple[Finding, ...] = ()
    #: What DMARC asks for: none, quarantine, reject, or "".
    asks: str = ""

    @property
    def is_refused(self) -> bool:
        """Whether servers are asked to refuse the letters, as far as can be seen from outside."""
        return self.asks == "reject" and not any(_may_pass(each) for each in self.findings)

    @property
    def rows(self) -> list[tuple[Finding, str, str]]:
        """Each finding with what it means and what to do about it, in the active language."""
        return [(finding, *told(finding)) for finding in self.findings]


def seen() -> Picture | None:
    """Return what an earlier look found and still holds, without asking anybody."""
    found = cache.get(_key())
    return found if isinstance(found, Picture) else None


def is_refused() -> bool:
    """Tell whether what is known already says that the letters will be refused."""
    known = seen()
    return known is not None and known.is_refused


def look(*, now: datetime) -> Picture:
    """Return what holds, asking the DNS where it was not asked lately."""
    return seen() or look_again(now=now)


def look_again(*, now: datetime) -> Picture:
    """Ask the DNS anew."""
    sender, return_path = _sender(), _return_path()
    if domains.is_demo(sender):
        return Picture(sender=sender, return_path=return_path, looked_at=now, is_demo=True)
    picture = _asked(sender, return_path, now)
    in_doubt = any(each.code.endswith("no_answer") for each in picture.findings)
    cache.set(_key(), picture, _KEPT_IN_DOUBT if in_doubt else _KEPT)
    return picture


def _asked(sender: str, return_path: str, now: datetime) -> Picture:
    names = [dkim.full_name(each, sender) for each in settings.DKIM_SELECTORS[:_KEYS]]

    def policy_of() -> dmarc.Policy:
        return dmarc.find(domain=sender, dns=_dns())

    def spf_of() -> Finding:
        return spf.find(
            domain=return_path, dns=_dns(), include=settings.SPF_INCLUDE, relay=_relay()
        )

    def key_of(name: str) -> Callable[[], Finding]:
        return lambda: dkim.find(name=name, dns=_dns())

    with ThreadPoolExecutor(max_workers=len(names) + 2) as pool:
        waiting_policy, waiting_spf = pool.submit(policy_of), pool.submit(spf_of)
        waiting_keys = [pool.submit(key_of(name)) for name in names]
        policy, found_spf = waiting_policy.result(), waiting_spf.result()
        keys = [waiting.result() for waiting in waiting_keys]
    found_spf = _aligned(found_spf, return_path, sender, strict=policy.is_spf_strict)
    keys = [
        _aligned(key, dkim.domain_of(key.name), sender, strict=policy.is_dkim_strict)
        for key in keys
    ] or [dkim.unnamed(sender)]
    fit = _fit(sender, policy, [found_spf, *keys])
    return Picture(
        sender=sender,
        return_path=return_path,
        looked_at=now,
        findings=(found_spf, *keys, policy.finding, fit),
        asks=policy.asks,
    )


def _aligned(finding: Finding, domain: str, sender: str, *, strict: bool) -> Finding:
    return replace(finding, is_aligned=domains.are_aligned(domain, sender, strict=strict))


def _may_pass(finding: Finding) -> bool:
    """Tell whether a letter may pass by this: it can, or the DNS did not say that it cannot."""
    return finding.is_aligned and (finding.is_usable or finding.state == State.UNKNOWN)


def _fit(sender: str, policy: dmarc.Policy, found: list[Finding]) -> Finding:
    passing = [each for each in found if each.is_aligned and each.is_usable]
    if passing:
        parts = " + ".join(dict.fromkeys(str(Part(each.part).label) for each in passing))
        return Finding(
            part=Part.FIT, state=State.GOOD, code="fit_good", name=sender, facts={"parts": parts}
        )
    if any(_may_pass(each) for each in found):
        return Finding(part=Part.FIT, state=State.UNKNOWN, code="fit_no_answer", name=sender)
    code = f"fit_none_{policy.asks}" if policy.asks in {"reject", "quarantine"} else "fit_none"
    return Finding(part=Part.FIT, state=State.WEAK, code=code, name=sender)


def _sender() -> str:
    return domains.of_address(settings.DEFAULT_FROM_ADDRESS)


def _return_path() -> str:
    return domains.of_address(settings.BOUNCE_ADDRESS or settings.DEFAULT_FROM_ADDRESS)


def _relay() -> str:
    host = str(settings.EMAIL_HOST)
    is_named = bool(settings.EMAIL_URL) and not domains.is_demo(host)
    return host if is_named and not host.replace(".", "").isdigit() else ""


def _dns() -> Dns:
    return Dns(settings.DNS_SERVERS)


def _key() -> str:
    asked = (
        _sender(),
        _return_path(),
        settings.DKIM_SELECTORS,
        settings.DNS_SERVERS,
        settings.SPF_INCLUDE,
    )
    return f"sender-domain:{hashlib.sha256(repr(asked).encode()).hexdigest()[:32]}"
