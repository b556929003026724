"""E-mail addresses and phone numbers as people write them into lists."""

import re

import phonenumbers
from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from delegates.models import Country
from delegates.operations.importing.cells import EXACT, Cell, is_nothing, one_line, text_of
from delegates.operations.importing.findings import Finding, finding

_ADDRESS = re.compile(r"[\w.!#$%&'*+/=?^`{|}~-]+@[\w-]+(?:\.[\w-]+)+", re.ASCII)
_AROUND_AT = re.compile(r"\s*@\s*")
_TYPOS: dict[str, str] = {
    "gmial.com": "gmail.com",
    "gmai.com": "gmail.com",
    "gmail.con": "gmail.com",
    "gamil.com": "gmail.com",
    "hotmial.com": "hotmail.com",
    "yaho.com": "yahoo.com",
    "outlok.com": "outlook.com",
    "163.con": "163.com",
    "qq.con": "qq.com",
}
_SCIENTIFIC = re.compile(r"^\+?\d(?:\.\d+)?e\+?\d+$", re.IGNORECASE)
_WHOLE_FLOAT = re.compile(r"^\+?(\d{6,})\.0+$")
_BETWEEN_PHONES = re.compile(r"[/;,、，；\n]|\bor\b|或")
_REGIONS: dict[str, str] = {Country.CHINA: "CN", Country.UNITED_STATES: "US"}


def read_email(cell: Cell, column: str) -> tuple[str, list[Finding]]:
    """Return the first address in the cell and what there is to say; empty if there is none."""
    text = one_line(text_of(cell))
    if is_nothing(text):
        return "", []
    spaced = _AROUND_AT.sub("@", text.replace("mailto:", " ").replace("MAILTO:", " "))
    addresses = [address.strip(".'/") for address in _ADDRESS.findall(spaced)]
    valid = list(dict.fromkeys(address for address in addresses if _is_valid(address)))
    if not valid:
        return "", [finding("bad_email", column, text=text)]
    found: list[Finding] = []
    if len(valid) > 1:
        found.append(finding("several_emails", column, text="; ".join(valid)))
    name, _at, domain = valid[0].rpartition("@")
    if better := _TYPOS.get(domain.casefold()):
        found.append(finding("typo_email", column, text=valid[0], better=f"{name}@{better}"))
    return valid[0], found


def read_phone(cell: Cell, *, country: str, column: str) -> tuple[str, str, list[Finding]]:
    """Return the phone as given, in E.164 (or empty), and what there is to say.

    ``country`` is the delegation's, a hint where the number has no country code.
    """
    text, found = _as_digits(cell, column)
    if is_nothing(text):
        return "", "", found
    if found and found[0].level != "note":
        return text[:60], "", found
    region = _REGIONS.get(country, "")
    for part in _BETWEEN_PHONES.split(text):
        number, guessed = _parsed(part, region)
        if number:
            if guessed:
                found.append(finding("guessed_phone", column, text=number))
            return text[:60], number, found
    found.append(finding("unread_phone", column, text=text))
    return text[:60], "", found


def _as_digits(cell: Cell, column: str) -> tuple[str, list[Finding]]:
    """Return the text of a phone cell, rebuilt where the spreadsheet made a number of it."""
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        if float(cell).is_integer() and 0 < cell < EXACT:
            return str(int(cell)), [finding("rebuilt_phone", column, text=str(int(cell)))]
        return str(cell), [finding("lost_digits", column, text=str(cell))]
    text = one_line(text_of(cell))
    if _SCIENTIFIC.match(text):
        return text, [finding("lost_digits", column, text=text)]
    if whole := _WHOLE_FLOAT.match(text):
        return whole[1], [finding("rebuilt_phone", column, text=whole[1])]
    return text, []


def _parsed(text: str, region: str) -> tuple[str, bool]:
    """Return a number in E.164 and whether its country was guessed; empty if it is none."""
    text = text.strip()
    if text.startswith("00"):
        text = "+" + text[2:]
    for guess in _guesses(text, region):
        try:
            number = phonenumbers.parse(text, guess)
        except phonenumbers.NumberParseException:
            continue
        if phonenumbers.is_valid_number(number) or (
            text.startswith("+") and (phonenumbers.is_possible_number(number))
        ):
            written = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
            return written, not text.startswith("+")
    return "", False


def _guesses(text: str, region: str) -> list[str]:
    """Return the countries to try: the hint, and the other where the digits look like it.

    Both have eleven digits: a Chinese mobile, and a U.S. number with its 1 in front.
    """
    digits = re.sub(r"\D", "", text)
    looks = []
    if re.fullmatch(r"1[3-9]\d{9}", digits):
        looks.append("CN")
    if re.fullmatch(r"1?[2-9]\d{9}", digits):
        looks.append("US")
    return list(dict.fromkeys([region or "ZZ", *looks]))


def _is_valid(address: str) -> bool:
    try:
        validate_email(address)
    except ValidationError:
        return False
    return len(address) <= 254
