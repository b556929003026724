"""Reads all that a browser keeps of a phone on the disk: each file, and what lies packed in it.

Chromium keeps IndexedDB and storage in LevelDB, whose tables are packed by Snappy: a name could
hide in there from a plain search. So tables are taken apart and their blocks unpacked.
"""

import zlib
from collections.abc import Iterator
from pathlib import Path

FOOTER = 48
MAGIC = bytes.fromhex("57fb808b247547db")
SNAPPY = 1
TRAILER = 5


def contents(profile: Path) -> Iterator[tuple[str, bytes]]:
    """Yield everything under this folder by the name of its file, unpacked ones besides."""
    for path in sorted(profile.rglob("*")):
        if not path.is_file() or path.is_symlink():
            continue
        raw = path.read_bytes()
        name = path.relative_to(profile).as_posix()
        yield name, raw
        if path.suffix in {".ldb", ".sst"}:
            yield f"{name} (blocks)", b"".join(blocks(raw))
        yield from ((f"{name} (gzip)", text) for text in gzipped(raw))


def blocks(table: bytes) -> Iterator[bytes]:
    """Yield the data blocks of a LevelDB table, unpacked."""
    if len(table) < FOOTER or table[-8:] != MAGIC:
        return
    footer = table[-FOOTER:]
    _meta, place = _handle(footer, 0)
    index, _place = _handle(footer, place)
    for value in _values(_block(table, index)):
        handle, _place = _handle(value, 0)
        yield _block(table, handle)


def unsnap(packed: bytes) -> bytes:
    """Unpack Snappy's raw form."""
    size, place = _number(packed, 0)
    out = bytearray()
    while place < len(packed):
        tag = packed[place]
        place += 1
        if tag & 3 == 0:
            length, place = _literal(packed, tag, place)
            out += packed[place : place + length]
            place += length
            continue
        if tag & 3 == 1:
            length, offset = (tag >> 2 & 7) + 4, (tag >> 5) << 8 | packed[place]
            place += 1
        else:
            wide = 2 if tag & 3 == 2 else 4
            length, offset = (tag >> 2) + 1, int.from_bytes(packed[place : place + wide], "little")
            place += wide
        for _ in range(length):
            out.append(out[-offset])
    assert len(out) == size
    return bytes(out)


def gzipped(raw: bytes) -> Iterator[bytes]:
    """Yield what lies gzipped in a file, as answers of servers do in caches."""
    place = raw.find(b"\x1f\x8b\x08")
    while place != -1:
        try:
            yield zlib.decompressobj(31).decompress(raw[place:])
        except zlib.error:
            yield b""
        place = raw.find(b"\x1f\x8b\x08", place + 1)


def _literal(packed: bytes, tag: int, place: int) -> tuple[int, int]:
    length = tag >> 2
    if length < 60:
        return length + 1, place
    wide = length - 59
    return int.from_bytes(packed[place : place + wide], "little") + 1, place + wide


def _block(table: bytes, handle: tuple[int, int]) -> bytes:
    offset, size = handle
    body = table[offset : offset + size]
    return unsnap(body) if table[offset + size] == SNAPPY else body


def _values(block: bytes) -> Iterator[bytes]:
    restarts = int.from_bytes(block[-4:], "little")
    end = len(block) - 4 - 4 * restarts
    place = 0
    while place < end:
        _shared, place = _number(block, place)
        key, place = _number(block, place)
        length, place = _number(block, place)
        place += key
        yield block[place : place + length]
        place += length


def _handle(raw: bytes, place: int) -> tuple[tuple[int, int], int]:
    offset, place = _number(raw, place)
    size, place = _number(raw, place)
    return (offset, size), place


def _number(raw: bytes, place: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = raw[place]
        place += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value, place
        shift += 7
