"""What the scanner needs to start without a line, and under which version.

The list is made from the files that are really there, so that a change of any of them, or of a word
on the page, is a new version for every phone.
"""

import json
import posixpath
import re
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles import finders
from django.templatetags.static import static

#: What the page names itself; under its hashed name where the storage hashes.
NAMED = (
    "checkin/app.js",
    "checkin/scanner.css",
    "css/tokens.css",
    "css/base.css",
    "css/components.css",
    "css/forms.css",
    "img/favicon.svg",
    "img/icon-32.png",
    "img/icon-180.png",
    "img/icon-192.png",
    "js/theme.js",
    "vendor/icons/icons.svg",
    "vendor/noto-sans-sc/noto-sans-sc.css",
    "vendor/source-sans-3/source-sans-3.css",
    "vendor/source-sans-3/files/source-sans-3-latin-ext-wght-normal.woff2",
    "vendor/source-sans-3/files/source-sans-3-latin-wght-normal.woff2",
    "vendor/zxing-wasm/zxing_reader.wasm",
)
#: Kept only where they are asked for: a phone with Chinese fonts of its own never does.
ON_DEMAND = "vendor/noto-sans-sc/files"
WORKER = "checkin/sw.js"
ENTRY = "checkin/app.js"
# Modules import each other by their plain names, whatever the storage does to other names.
_IMPORT = re.compile(r"""(?:from\s*|import\s*\(?\s*)["'](\.[^"']+\.js)["']""")


@dataclass(frozen=True, slots=True)
class File:
    """A file to keep; ``sha256`` is empty where what is served is not the source, byte by byte."""

    url: str
    sha256: str


def files() -> list[File]:
    """Return all files that the page needs, each under the address it is asked for by."""
    found = [_named(path) for path in NAMED]
    found += [_plain(path) for path in _modules()]
    return found


def worker_script(*, page: str, shells: dict[str, str]) -> str:
    """Return the service worker with the list it keeps; ``shells`` is the page by language."""
    kept = files()
    source = _path_of(WORKER).read_text(encoding="utf-8")
    # An address that the storage has hashed tells its content by itself.
    contents = [(each.url, each.sha256) for each in kept]
    named = sha256(json.dumps([source, contents, shells], sort_keys=True).encode()).hexdigest()
    told = {
        "version": named[:16],
        "page": page,
        "static": settings.STATIC_URL,
        "languages": sorted(shells),
        "fonts": [static(f"{ON_DEMAND}/{name}") for name in _fonts()],
        "files": [{"url": each.url, "sha256": each.sha256} for each in kept],
    }
    return f"const PLENARY = {json.dumps(told)};\n{source}"


def _fonts() -> list[str]:
    """Return the parts of the Chinese font."""
    return sorted(each.name for each in _path_of(ON_DEMAND).glob("*.woff2"))


def _modules() -> list[str]:
    """Return every module that the entry leads to, itself left out."""
    found: set[str] = set()
    waiting = [ENTRY]
    while waiting:
        path = waiting.pop()
        source = _path_of(path).read_text(encoding="utf-8")
        for name in _IMPORT.findall(source):
            imported = posixpath.normpath(posixpath.join(posixpath.dirname(path), name))
            if imported not in found:
                found.add(imported)
                waiting.append(imported)
    return sorted(found - {ENTRY})


def _named(path: str) -> File:
    url = static(path)
    is_plain = url == settings.STATIC_URL + path
    return File(url, _hash_of(_path_of(path)) if is_plain else "")


def _plain(path: str) -> File:
    return File(settings.STATIC_URL + path, _hash_of(_path_of(path)))


def _path_of(path: str) -> Path:
    found = finders.find(path)
    if not isinstance(found, str):
        raise FileNotFoundError(path)
    return Path(found)


def _hash_of(path: Path) -> str:
    state = path.stat()
    return _hash_once(path, state.st_mtime_ns, state.st_size)


@cache
def _hash_once(path: Path, _changed_ns: int, _size: int) -> str:
    return sha256(path.read_bytes()).hexdigest()
