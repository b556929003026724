"""What holds for every style sheet, script and template."""

import hashlib
import json
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
STATIC = ROOT / "static"
SHEETS = sorted((STATIC / "css").glob("*.css"))
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
PAGES = [
    path
    for path in TEMPLATES
    if not {"mail", "documents"} & set(path.relative_to(ROOT / "templates").parts)
]
VENDORED = [
    path for path in sorted((STATIC / "vendor").rglob("*")) if path.suffix in {".css", ".js"}
]


def named(paths: list[Path]) -> list[object]:
    return [pytest.param(path, id=str(path.relative_to(ROOT))) for path in paths]


def test_dark_is_the_same_by_choice_and_by_system():
    tokens = (STATIC / "css/tokens.css").read_text()
    by_system, by_choice = (
        re.findall(r"(--[\w-]+): ([^;]+);", block)
        for block in re.findall(r'(?:"light"\]\)|"dark"\]) \{(.*?)\n *\}', tokens, re.DOTALL)
    )

    assert len(by_system) > 50
    assert by_system == by_choice


@pytest.mark.parametrize("sheet", named([path for path in SHEETS if path.name != "tokens.css"]))
def test_colours_stand_in_the_tokens_only(sheet):
    colours = r"#[0-9a-fA-F]{3,8}\b(?=[^{]*;)|\brgb\((?!0 0 0)|\bhsl\(|\boklch\("

    assert re.findall(colours, sheet.read_text()) == []


@pytest.mark.parametrize("sheet", named(SHEETS))
def test_every_token_that_is_used_exists(sheet):
    tokens = (STATIC / "css/tokens.css").read_text()
    used = set(re.findall(r"var\((--(?!tblr)[\w-]+)\)", sheet.read_text()))
    own = set(re.findall(r"(--[\w-]+):", sheet.read_text()))

    assert used - own - set(re.findall(r"(--[\w-]+):", tokens)) == set()


@pytest.mark.parametrize("template", named(PAGES))
def test_no_template_styles_or_scripts_inline(template):
    text = template.read_text()

    assert re.findall(r"\sstyle=|<style|\son(?!ly=)\w+=|javascript:|\bhx-on", text) == []
    scripts = re.findall(r"<script\b([^>]*)>", text)
    assert [tag for tag in scripts if "src=" not in tag and "application/json" not in tag] == []


@pytest.mark.parametrize("template", named(PAGES))
def test_no_template_loads_from_another_host(template):
    assert re.findall(r'(?:src|href)="(?:https?:)?//[^"]*"', template.read_text()) == []


@pytest.mark.parametrize("file", named(VENDORED))
def test_no_vendored_file_loads_from_another_host(file):
    without_comments = re.sub(
        r"/\*.*?\*/|^\s*//.*$", "", file.read_text(), flags=re.DOTALL | re.MULTILINE
    )

    assert re.findall(r"https?://(?!www\.w3\.org/)[^\s\"'`)]+", without_comments) == []
    assert "sourceMappingURL" not in without_comments


def test_vendored_files_are_the_ones_in_the_manifest():
    vendor = STATIC / "vendor"
    manifest = json.loads((vendor / "MANIFEST.json").read_text())
    listed = {path: digest for entry in manifest for path, digest in entry["files"].items()}
    found = {
        str(path.relative_to(vendor)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in vendor.rglob("*")
        if path.is_file() and path.parent != vendor
    }

    assert found == listed
    assert all(f"{folder.name}/LICENSE" in listed for folder in vendor.iterdir() if folder.is_dir())


def test_every_icon_that_a_template_names_is_in_the_sprite():
    sprite = (STATIC / "vendor/icons/icons.svg").read_text()
    drawn = set(re.findall(r'<symbol id="([^"]+)"', sprite))
    named_by = {
        name: str(path.relative_to(ROOT))
        for path in TEMPLATES
        for name in re.findall(r'{% icon "([^"]+)"|icon_name="([^"]+)"', path.read_text())
        for name in name
        if name
    }

    assert {name: path for name, path in named_by.items() if name not in drawn} == {}


def test_every_tone_of_a_state_has_its_own_shape():
    sprite = (STATIC / "vendor/icons/icons.svg").read_text()
    symbols = dict(re.findall(r'<symbol id="state-(\w+)"[^>]*>(.*?)</symbol>', sprite))

    assert set(symbols) == {"good", "waiting", "warn", "bad", "info", "neutral", "closed"}
    assert len(set(symbols.values())) == len(symbols)
