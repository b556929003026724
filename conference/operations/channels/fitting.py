"""How long a text is to the networks that carry it, and making one fit (3GPP TS 23.038).

In the alphabet of old phones a text of 160 characters is one message, and a longer one is cut into
parts of 153; with any other character, as in Chinese, it is 70 and 67.
"""

from conference.models import Channel

_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_TWICE = frozenset("^{}\\[~]|€\f")
#: What printers write and old phones do not have.
_PLAIN = str.maketrans(
    {
        "‘": "'",
        "’": "'",
        "“": '"',
        "”": '"',
        "–": "-",
        "—": "-",
        "·": "-",
        "…": "...",
        "\u00a0": " ",
    }
)
#: One message, or two where the script has many characters.
_SMS = 160
_SMS_WIDE = 134
_WECHAT = 500
#: A title that is cut below this says nothing.
_SHORTEST_TITLE = 20


def short_form(title: str, link: str, *, channel: str) -> str:
    """Return the title and the link as a text of fitting length; the link is never cut."""
    title = " ".join(title.split())
    if channel != Channel.SMS:
        return _joined(title, link, _WECHAT)
    if _is_narrow(plain := f"{title} {link}".translate(_PLAIN)):
        return plain if _length(plain) <= _SMS else _joined(title.translate(_PLAIN), link, _SMS)
    return _joined(title, link, _SMS_WIDE)


def segments(text: str) -> int:
    """Return how many messages this text is as an SMS."""
    one, part = (160, 153) if _is_narrow(text) else (70, 67)
    length = _length(text)
    return 1 if length <= one else -(-length // part)


def _joined(title: str, link: str, most: int) -> str:
    mark = "..." if _is_narrow(title) else "…"
    room = max(most - _length(link) - 1, _SHORTEST_TITLE)
    if _length(title) > room:
        while title and _length(title) > room - len(mark):
            title = title[:-1]
        title = f"{title.rstrip()}{mark}"
    return f"{title} {link}".strip()


def _is_narrow(text: str) -> bool:
    return all(each in _BASIC or each in _TWICE for each in text)


def _length(text: str) -> int:
    """Return the length in the units of the alphabet that the text needs."""
    if _is_narrow(text):
        return len(text) + sum(each in _TWICE for each in text)
    return len(text.encode("utf-16-le")) // 2
