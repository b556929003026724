"""Cells as text: folding of widths and spaces, and the marks of damaged text."""

import re
import unicodedata
from datetime import date, datetime, time, timedelta
from typing import Any

from delegates.operations.importing.findings import Finding, finding

Cell = str | int | float | bool | datetime | date | time | timedelta | None

# Whole numbers up to here are exact in a spreadsheet's floating-point cell.
EXACT = 2**53

_ZERO_WIDTH = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\u00ad]")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_SPACES = re.compile(r"[^\S\n]+")
_HAN = r"\u2e80-\u2fdf\u3005\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
HAN = re.compile(f"[{_HAN}]")
HAN_RUN = re.compile(f"[{_HAN}]+(?:[\\s·・•‧.][{_HAN}]+|[·・•‧][A-Za-z]*[{_HAN}]+)*")
_BETWEEN_HAN = re.compile(f"(?<=[{_HAN}])\\s+(?=[{_HAN}])")
_DAMAGED = ("锟斤拷", "�", "烫烫", "ï¿½")
_PRIVATE = re.compile("[\ue000-\uf8ff\U000f0000-\U0010fffd]")
_ERRORS = frozenset({"#REF!", "#N/A", "#NAME?", "#VALUE!", "#DIV/0!", "#NUM!", "#NULL!"})
_FORMULA_LIKE = ("=", "+", "-", "@")
_DITTO = frozenset(
    {"同上", "同前", "ditto", "do.", "same as above", "as above", '"', "〃", "″", "''"}
)
_NOTHING = frozenset({"-", "--", "—", "——", "–", "/", "\\", "n/a", "na", "none", "无", "nil", "*"})


def text_of(cell: Cell) -> str:
    """Return the cell as plain text, folded: one width, plain spaces, no invisible characters."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < EXACT:
        return str(int(cell))
    if isinstance(cell, datetime):
        return cell.isoformat(sep=" ", timespec="minutes")
    if isinstance(cell, date | time):
        return cell.isoformat()
    return fold(str(cell))


def fold(text: str) -> str:
    """Fold a text: NFKC, no zero-width or control characters, single spaces, trimmed lines."""
    # Before NFKC, which would make a space of a lone accent: a name has one kind of apostrophe.
    text = text.replace("`", "'").replace("´", "'")
    text = unicodedata.normalize("NFKC", _ZERO_WIDTH.sub("", text)).replace("\r", "\n")
    # After it, as it makes one out of the letter ŉ.
    text = text.replace("ʼ", "'")
    text = _CONTROL.sub("", text)
    lines = (_SPACES.sub(" ", line).strip() for line in text.split("\n"))
    return "\n".join(line for line in lines if line)


def one_line(text: str) -> str:
    """Return the folded text with its line ends as spaces."""
    return " ".join(text.split())


def key_of(text: str) -> str:
    """Return what two texts have in common whatever their case, accents and punctuation."""
    plain = unicodedata.normalize("NFKD", fold(text).casefold())
    return "".join(letter for letter in plain if letter.isalnum())


def has_han(text: str) -> bool:
    """Return whether there is a Chinese character in the text."""
    return HAN.search(text) is not None


def close_up_han(text: str) -> str:
    """Remove spaces between Chinese characters, which only fill the column."""
    return _BETWEEN_HAN.sub("", text)


def is_ditto(text: str) -> bool:
    """Return whether the cell says “as above”."""
    return text.casefold() in _DITTO


def is_nothing(text: str) -> bool:
    """Return whether the cell is empty or holds a dash or the word for none."""
    return not text or text.casefold() in _NOTHING


def without_guard(text: str) -> str:
    """Take away the apostrophe that our own exports put before a formula-like text."""
    return text[1:] if text.startswith("'") and text.lstrip("'")[:1] in _FORMULA_LIKE else text


def clean(text: str, column: str) -> tuple[str, list[Finding]]:
    """Return a folded cell as it is to be used, and what there is to say about it."""
    text = without_guard(text)
    if text.upper() in _ERRORS:
        return "", [finding("error_value", column, text=text)]
    found: list[Finding] = []
    if any(mark in text for mark in _DAMAGED):
        found.append(finding("broken_text", column, text=text))
    elif (better := repaired(text)) is not None:
        found.append(finding("mojibake", column, text=text, better=better))
    if _PRIVATE.search(text):
        found.append(finding("private_use", column, text=text))
    if text.startswith(("=", "@")):
        found.append(finding("formula", column, text=text))
    return text, found


def repaired(text: str) -> str | None:
    """Return what a text was before its UTF-8 was taken for Western letters, if that is so."""
    for encoding in ("latin-1", "cp1252"):
        try:
            better = text.encode(encoding).decode("utf-8")
        except UnicodeError:
            continue
        if better != text:
            return better
    return None


def as_stored(cell: Any) -> str:
    """Return the cell as it is kept beside what was read from it."""
    return text_of(cell)[:2000]
