"""Files that people upload: known by what they are, named so that any machine can keep them."""

import io
import unicodedata
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

_PDF_END_WITHIN = 2048
_JPEG_FRAMES: Final = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_PNG_BEGIN: Final = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"
_PNG_END: Final = b"\x00\x00\x00\x00IEND\xaeB`\x82"
#: Names that Windows keeps for itself, whatever ending follows.
_RESERVED: Final = frozenset(
    {"CON", "PRN", "AUX", "NUL"}
    | {f"{port}{number}" for port in ("COM", "LPT") for number in range(1, 10)}
)
_FORBIDDEN: Final = frozenset('<>:"|?*/\\')
#: The most a name may have without its ending; many systems count 255 bytes for all of it.
_LONGEST, _MOST_BYTES = 80, 180


def is_pdf(content: bytes) -> bool:
    """Tell whether the content begins and ends as a PDF does."""
    return content.startswith(b"%PDF-") and b"%%EOF" in content[-_PDF_END_WITHIN:]


def is_jpeg(content: bytes) -> bool:
    """Walk the segments up to the first frame, as every reader of JPEG does."""
    if not content.startswith(b"\xff\xd8\xff") or b"\xff\xd9" not in content[-1024:]:
        return False
    at = 2
    while at + 4 <= len(content) and content[at] == 0xFF:
        marker = content[at + 1]
        if marker == 0xFF:
            at += 1
        elif marker in _JPEG_FRAMES:
            return True
        else:
            at += 2 + int.from_bytes(content[at + 2 : at + 4], "big")
    return False


def is_png(content: bytes) -> bool:
    """Tell whether the content begins and ends as a PNG does (RFC 2083)."""
    return content.startswith(_PNG_BEGIN) and content.endswith(_PNG_END)


def _is_office(main_part: str) -> Callable[[bytes], bool]:
    """Tell Office Open XML by its main part (ISO/IEC 29500-2); nothing in it is unpacked."""

    def look(content: bytes) -> bool:
        try:
            with zipfile.ZipFile(io.BytesIO(content)) as package:
                parts = set(package.namelist())
        except (zipfile.BadZipFile, ValueError, NotImplementedError):
            return False
        has_macros = any(part.lower().endswith("vbaproject.bin") for part in parts)
        return {"[Content_Types].xml", main_part} <= parts and not has_macros

    return look


@dataclass(frozen=True, kw_only=True)
class FileType:
    """A type of file that is taken: its media type, its ending, and how it is known."""

    content_type: str
    ending: str
    is_it: Callable[[bytes], bool]


_OFFICE = "application/vnd.openxmlformats-officedocument"
TYPES: Final = (
    FileType(content_type="application/pdf", ending="pdf", is_it=is_pdf),
    FileType(content_type="image/jpeg", ending="jpg", is_it=is_jpeg),
    FileType(content_type="image/png", ending="png", is_it=is_png),
    FileType(
        content_type=f"{_OFFICE}.wordprocessingml.document",
        ending="docx",
        is_it=_is_office("word/document.xml"),
    ),
    FileType(
        content_type=f"{_OFFICE}.spreadsheetml.sheet",
        ending="xlsx",
        is_it=_is_office("xl/workbook.xml"),
    ),
    FileType(
        content_type=f"{_OFFICE}.presentationml.presentation",
        ending="pptx",
        is_it=_is_office("ppt/presentation.xml"),
    ),
)


def type_of(content: bytes) -> FileType | None:
    """Return what the content is, whatever it is called; None for what is not taken."""
    return next((each for each in TYPES if each.is_it(content)), None)


def safe_name(name: str, ending: str) -> str:
    """Return a file name in any script that every system takes, with this ending.

    Folders, control characters and marks that turn the direction of writing are left out, as is
    the ending that the sender gave; what has no name left is called "file".
    """
    last = unicodedata.normalize("NFC", name).replace("\\", "/").rpartition("/")[2]
    kept = "".join(
        letter if not letter.isspace() else " "
        for letter in last
        if letter not in _FORBIDDEN
        and (letter.isspace() or not unicodedata.category(letter).startswith("C"))
    )
    stem = " ".join(_without_ending(kept).split()).strip(". ")[:_LONGEST]
    while len(stem.encode()) > _MOST_BYTES:
        stem = stem[:-1]
    stem = stem.strip(". ") or "file"
    if stem.partition(".")[0].upper() in _RESERVED:
        stem = f"_{stem}"
    return f"{stem}.{ending}"


def _without_ending(name: str) -> str:
    stem, dot, ending = name.rpartition(".")
    return stem if dot and 0 < len(ending) <= 5 and ending.isascii() and ending.isalnum() else name
