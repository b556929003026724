"""Every text is there in Chinese, whole, and the compiled catalogues say what their sources say."""

import ast
import gettext
import re
from collections import defaultdict
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).resolve().parents[2]
OWNERS = ("", "conference", "delegates", "sessions", "checkin", "demo")
SOURCES = [
    path
    for owner in OWNERS
    for path in sorted((ROOT / owner / "locale").glob("*/LC_MESSAGES/django.po"))
]
PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|%%|\{\w*\}|</?\w+[^>]*>")
QUOTED = re.compile(r'"((?:[^"\\]|\\.)*)"')
TRANSLATING = re.compile(r"_|n?p?gettext(_lazy|_noop)?")
ESCAPES = {"n": "\n", "t": "\t", '"': '"', "\\": "\\"}


class Entry(NamedTuple):
    """One text of a catalogue."""

    context: str | None
    text: str
    plural: str | None
    translation: str
    is_fuzzy: bool

    @property
    def key(self) -> str:
        """The text as a compiled catalogue knows it."""
        return f"{self.context}\x04{self.text}" if self.context is not None else self.text


def _entries(source: Path) -> list[Entry]:
    """Read a catalogue; obsolete texts count as not there, the header comes first."""
    entries = []
    for block in source.read_text(encoding="utf-8").split("\n\n"):
        fields: dict[str, str] = {}
        flags = ""
        name = ""
        for line in block.splitlines():
            if line.startswith("#"):
                flags += line if line.startswith("#,") else ""
                continue
            if not line.startswith('"'):
                name = line.split(" ", 1)[0]
                fields[name] = ""
            fields[name] += _unquoted(line)
        if "msgid" in fields:
            entries.append(
                Entry(
                    context=fields.get("msgctxt"),
                    text=fields["msgid"],
                    plural=fields.get("msgid_plural"),
                    translation=fields.get("msgstr", fields.get("msgstr[0]", "")),
                    is_fuzzy="fuzzy" in flags,
                )
            )
    return entries


def _unquoted(line: str) -> str:
    quoted = QUOTED.search(line)
    assert quoted, line
    return re.sub(r"\\(.)", lambda found: ESCAPES[found[1]], quoted[1])


def _compiled(source: Path) -> dict[str, str]:
    """Return what the compiled catalogue says to each text, plural texts by their singular."""
    with source.with_suffix(".mo").open("rb") as file:
        catalogue = gettext.GNUTranslations(file)._catalog  # type: ignore[attr-defined]
    return {
        key[0] if isinstance(key, tuple) else key: said for key, said in catalogue.items() if key
    }


def _name(source: Path) -> str:
    return str(source.relative_to(ROOT))


def test_each_part_has_its_catalogue() -> None:
    owners = [
        str(source.relative_to(ROOT)).partition("locale")[0].rstrip("/") for source in SOURCES
    ]

    assert owners == list(OWNERS)


@pytest.mark.parametrize("source", SOURCES, ids=_name)
def test_no_text_is_missing_or_doubtful(source: Path) -> None:
    wanting = [
        entry.key for entry in _entries(source) if entry.is_fuzzy or not entry.translation.strip()
    ]

    assert wanting == []


@pytest.mark.parametrize("source", SOURCES, ids=_name)
def test_the_compiled_catalogue_says_what_its_source_says(source: Path) -> None:
    written = {entry.key: entry.translation for entry in _entries(source) if entry.text}

    assert _compiled(source) == written


@pytest.mark.parametrize("source", SOURCES, ids=_name)
def test_a_translation_keeps_the_placeholders_and_the_markup(source: Path) -> None:
    broken = [
        entry.key
        for entry in _entries(source)
        if entry.text
        and set(PLACEHOLDER.findall(entry.translation))
        != set(PLACEHOLDER.findall(entry.text + (entry.plural or "")))
    ]

    assert broken == []


@pytest.mark.parametrize("source", SOURCES, ids=_name)
def test_a_translation_begins_and_ends_a_line_where_its_text_does(source: Path) -> None:
    broken = [
        entry.key
        for entry in _entries(source)
        if entry.text
        and (entry.text.startswith("\n"), entry.text.endswith("\n"))
        != (entry.translation.startswith("\n"), entry.translation.endswith("\n"))
    ]

    assert broken == []


def test_no_text_stands_inside_an_f_string() -> None:
    # There it is not collected, and is never translated.
    hidden = [
        f"{source.relative_to(ROOT)}:{call.lineno}"
        for owner in (*OWNERS[1:], "config")
        for source in sorted((ROOT / owner).rglob("*.py"))
        for string in ast.walk(ast.parse(source.read_text(encoding="utf-8")))
        if isinstance(string, ast.JoinedStr)
        for call in ast.walk(string)
        if isinstance(call, ast.Call)
        and isinstance(call.func, ast.Name)
        and TRANSLATING.fullmatch(call.func.id)
        and isinstance(call.args[0], ast.Constant)
    ]

    assert hidden == []


def test_all_catalogues_say_the_same_to_the_same_text() -> None:
    # At run time they are one: of two different answers only one would ever be seen.
    answers = defaultdict(set)
    for source in SOURCES:
        for entry in _entries(source):
            if entry.text:
                answers[entry.key].add(entry.translation)

    assert {key: said for key, said in answers.items() if len(said) > 1} == {}
