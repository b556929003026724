"""DKIM: the public keys by which letters are signed. Source: RFC 6376 §3.6.1, RFC 8301, RFC 8463.

Only the relay knows with which key it signs, so the installation names it.
"""

import base64
import binascii
from typing import Final

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import load_der_public_key

from conference.operations.sender_domain import tags
from conference.operations.sender_domain.asking import Dns, NoAnswer, NoSuchName
from conference.operations.sender_domain.findings import SHOWN, Finding, Part, Record, State

_BELOW: Final = "._domainkey."
#: Bits: shorter ones are not believed by anybody (RFC 8301 §3.2); longer ones are advised.
_LEAST: Final = 1024
_ED25519: Final = 32
#: Longer than a key of 16,384 bits.
_LONGEST: Final = 4096


def full_name(selector: str, domain: str) -> str:
    """Return where the key stands: a bare selector is one of the sender's own domain."""
    return selector if _BELOW in selector else f"{selector}{_BELOW}{domain}"


def domain_of(name: str) -> str:
    """Return the domain that a key signs for."""
    return name.partition(_BELOW)[2]


def unnamed(domain: str) -> Finding:
    """Return that nobody has said with which key the letters are signed."""
    return Finding(part=Part.DKIM, state=State.UNKNOWN, code="dkim_unnamed", name=domain)


def find(*, name: str, dns: Dns) -> Finding:
    """Return what stands at the full name of a key."""
    try:
        records = dns.texts(name)
    except (NoAnswer, NoSuchName):
        return Finding(part=Part.DKIM, state=State.UNKNOWN, code="dkim_no_answer", name=name)
    if not records:
        return Finding(
            part=Part.DKIM,
            state=State.MISSING,
            code="dkim_missing",
            name=name,
            proposal=Record(name=name, value="v=DKIM1; k=rsa; p=…"),
        )
    if len(records) > 1:
        return _finding(name, State.WEAK, "dkim_several", "\n".join(records))
    return _of_one(records[0], name)


def _of_one(record: str, name: str) -> Finding:
    told = tags.read(record)
    if told.get("v", "DKIM1") != "DKIM1" or "p" not in told:
        return _finding(name, State.WEAK, "dkim_not_readable", record)
    key = "".join(told["p"].split())
    if not key:
        return _finding(name, State.WEAK, "dkim_revoked", record)
    bits = _bits(key, told.get("k", "rsa").lower())
    if bits is None:
        return _finding(name, State.WEAK, "dkim_not_readable", record)
    if bits and bits < _LEAST:
        return _finding(name, State.WEAK, "dkim_short", record, bits=str(bits))
    if "y" in told.get("t", "").lower().replace(" ", "").split(":"):
        return _finding(name, State.WEAK, "dkim_testing", record, ok=True)
    return _finding(name, State.GOOD, "dkim_good", record, ok=True)


def _finding(
    name: str, state: State, code: str, found: str, *, ok: bool = False, **facts: str
) -> Finding:
    return Finding(
        part=Part.DKIM,
        state=state,
        code=code,
        name=name,
        found=found[:SHOWN],
        facts=facts,
        is_usable=ok,
    )


def _bits(key: str, kind: str) -> int | None:
    """Return the bits of an RSA key, 0 for a sound key of another kind, None for what is none."""
    if len(key) > _LONGEST or kind not in {"rsa", "ed25519"}:
        return None
    try:
        raw = base64.b64decode(key, validate=True)
        if kind == "ed25519":
            return 0 if len(raw) == _ED25519 else None
        read = load_der_public_key(raw)
    except (binascii.Error, ValueError, UnsupportedAlgorithm):
        return None
    return read.key_size if isinstance(read, RSAPublicKey) else None
