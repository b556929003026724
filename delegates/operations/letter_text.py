"""The text of a delegate's letter, as it is shown on the delegate's own pages.

A letter carries secret addresses. Those that are the delegate's own work, without being readable
on the screen; anybody else's are not usable here, however they got into the text.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.urls import Resolver404, resolve, reverse

from conference.models import Message
from conference.operations import mailing
from delegates.models import Delegate, PersonalLink

_ADDRESS = re.compile(r"https?://[^\s<>\"'，。；：！？（）「」《》]+")
#: What ends a sentence and not an address.
_TRAILING = ".,;:!?)]}"
_PARAGRAPH = re.compile(r"\n[ \t]*\n+")


@dataclass(frozen=True, kw_only=True)
class Piece:
    """A piece of text; with ``href`` it leads somewhere, with ``is_home`` to the own pages."""

    text: str
    href: str = ""
    is_home: bool = False


def paragraphs(message: Message, *, delegate: Delegate) -> list[list[Piece]]:
    """Return the letter's text in paragraphs, each in pieces of text and addresses."""
    blocks = [block.strip() for block in _PARAGRAPH.split(message.body_text.replace("\r\n", "\n"))]
    own = _own_links(_tokens(_ADDRESS.findall(message.body_text)), delegate)
    return [list(_pieces(block, own)) for block in blocks if block]


def _pieces(block: str, own: dict[str, str]) -> Iterable[Piece]:
    end = 0
    for found in _ADDRESS.finditer(block):
        address = found.group().rstrip(_TRAILING)
        if found.start() > end:
            yield Piece(text=block[end : found.start()])
        yield _piece_of(address, own)
        end = found.start() + len(address)
    if end < len(block):
        yield Piece(text=block[end:])


def _piece_of(address: str, own: dict[str, str]) -> Piece:
    token = _token_of(address)
    if not token:
        return Piece(text=address, href=address)
    purpose = own.get(PersonalLink.hash_of(token))
    if purpose == PersonalLink.Purpose.DELEGATE:
        # Whoever reads this is there already: no need of the key once more.
        return Piece(text="", href=reverse("programme:me"), is_home=True)
    hidden = mailing.without_links(address.replace(token, "…"))
    return Piece(text=hidden, href=address if purpose else "")


def _token_of(address: str) -> str:
    """Return the secret in an address of ours, at whatever host we were at the time; else ""."""
    try:
        return str(resolve(urlsplit(address).path).kwargs.get("token", ""))
    except (Resolver404, ValueError):
        return ""


def _tokens(addresses: Iterable[str]) -> set[str]:
    return {token for each in addresses if (token := _token_of(each.rstrip(_TRAILING)))}


def _own_links(tokens: set[str], delegate: Delegate) -> dict[str, str]:
    """Return the purposes of the links that open something of this delegate, by their hash."""
    if not tokens:
        return {}
    links = PersonalLink.objects.filter(
        token_hash__in=[PersonalLink.hash_of(token) for token in tokens]
    ).select_related("invitation")
    return {
        link.token_hash: link.purpose
        for link in links
        if link.delegate_id == delegate.pk
        or (link.invitation is not None and link.invitation.delegate_id == delegate.pk)
    }
