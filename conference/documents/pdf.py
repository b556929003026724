"""PDF documents, drawn by Typst from the sources in ``templates/documents``."""

import json
import struct
from functools import cache
from pathlib import Path
from typing import Any, Literal

import pylopdf_fonts_zh_cn
import typst
from django.conf import settings

_FIRST_HAN_LIKE = 0x2E80


def render(template: str, data: Any) -> bytes:
    """Return the PDF of ``templates/documents/<template>`` with ``data``.

    ``data`` is anything JSON can hold; the template reads it with
    ``json(bytes(sys.inputs.data))``. Only the fonts that come with the program are used, so a
    document looks the same on every machine.
    """
    return _drawn(template, data, "pdf")


def picture(template: str, data: Any) -> bytes:
    """Return the only page of the same document as an SVG, its letters as outlines."""
    return _drawn(template, data, "svg")


def undrawable(text: str) -> str:
    """Return the East Asian characters of ``text`` for which the fonts have no drawing."""
    return "".join(
        letter
        for letter in dict.fromkeys(text)
        if ord(letter) >= _FIRST_HAN_LIKE and ord(letter) not in _han_coverage()
    )


def _drawn(template: str, data: Any, form: Literal["pdf", "svg"]) -> bytes:
    folder = Path(settings.BASE_DIR) / "templates" / "documents"
    document: bytes = typst.compile(
        str(folder / template),
        root=str(folder),
        font_paths=_fonts(),
        format=form,
        sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
    )
    return document


@cache
def _fonts() -> typst.Fonts:
    return typst.Fonts(
        include_system_fonts=False,
        include_embedded_fonts=True,
        font_paths=[str(Path(pylopdf_fonts_zh_cn.sans_path()).parent)],
    )


@cache
def _han_coverage() -> frozenset[int]:
    """Return the code points in the format 12 table of the font's character map (OpenType)."""
    font = Path(pylopdf_fonts_zh_cn.sans_path()).read_bytes()
    start = _cmap_start(font)
    points: set[int] = set()
    for number in range(struct.unpack_from(">H", font, start + 2)[0]):
        offset = start + struct.unpack_from(">I", font, start + 8 + 8 * number)[0]
        if struct.unpack_from(">H", font, offset)[0] != 12:
            continue
        for group in range(struct.unpack_from(">I", font, offset + 12)[0]):
            first, last = struct.unpack_from(">II", font, offset + 16 + 12 * group)
            points.update(range(first, last + 1))
    return frozenset(points)


def _cmap_start(font: bytes) -> int:
    tables = struct.unpack_from(">H", font, 4)[0]
    records = (struct.unpack_from(">4sIII", font, 12 + 16 * number) for number in range(tables))
    return next(int(offset) for tag, _sum, offset, _length in records if tag == b"cmap")
