"""The card that only the badge itself opens on a phone (CP1, section 1)."""

import hmac
import json
from typing import Any, Literal, NotRequired, TypedDict, cast

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from delegates.documents import base64url
from delegates.documents.badge_keys import card_key_of, lookup_of

_NONCE = 12
_COMPACT = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))
_NOTHING: tuple[object, ...] = (None, "", [], {})

#: What the door must know of a person at a glance.
Flag = Literal["vip", "desk", "escort"]


class Text(TypedDict, total=False):
    """A text for people; either language may be missing."""

    en: str
    zh: str


# Written as a call because ``class`` is a keyword.
Card = TypedDict(
    "Card",
    {
        "name": str,
        "native_name": NotRequired[str],
        "delegation": NotRequired[int | None],
        "title": NotRequired[Text],
        "class": int,
        "zones": NotRequired[list[int]],
        "valid": NotRequired[list[int | None]],
        "flags": NotRequired[list[Flag]],
        "attention": NotRequired[int | None],
    },
)
Card.__doc__ = """All that a phone may know of a person.

``valid`` is ``[from_ms | null, until_ms | null]``, half open; ``zones`` are those besides the ones
open to the class; ``delegation`` and ``attention`` are numbers in the snapshot's rules.
"""


def card_json(card: Card) -> bytes:
    """Return the card in compact JSON, members in the order given, the empty ones left out."""
    members = {name: value for name, value in card.items() if value not in _NOTHING}
    return _COMPACT.encode(members).encode()


def seal_card(card: Card, secret: bytes) -> str:
    """Return the card sealed for the badge with this secret.

    The nonce is drawn from key and content: the same card gives the same bytes in every snapshot,
    and no nonce serves two contents.
    """
    key, plain = card_key_of(secret), card_json(card)
    nonce = hmac.digest(key, plain, "sha256")[:_NONCE]
    sealed = AESGCM(key).encrypt(nonce, plain, bytes.fromhex(lookup_of(secret)))
    return base64url.encode(nonce + sealed)


def open_card(sealed: str, secret: bytes) -> Card | None:
    """Return the card, or None if it does not open with this secret or is not a JSON object."""
    try:
        data = base64url.decode(sealed)
        aad = bytes.fromhex(lookup_of(secret))
        plain = AESGCM(card_key_of(secret)).decrypt(data[:_NONCE], data[_NONCE:], aad)
        card: Any = json.loads(plain.decode(), parse_constant=_refuse)
    except (ValueError, InvalidTag):
        return None
    return cast("Card", card) if isinstance(card, dict) else None


def _refuse(constant: str) -> None:
    """Refuse ``NaN`` and its like, which Python reads but JSON does not have."""
    message = f"{constant} is not JSON"
    raise ValueError(message)
