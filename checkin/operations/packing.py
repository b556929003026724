"""Long answers put together from pieces that were zipped before.

Each piece is deflated by itself and ends on a whole byte (a full flush), so pieces in a row are
one stream; the check sum of the whole follows from theirs. Thus twenty thousand sealed cards are
zipped once, and not for each phone.
"""

import json
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final, NamedTuple, Self

_HEAD: Final = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff"
#: An empty last block: what makes a row of pieces a whole stream.
_LAST: Final = b"\x03\x00"
_POLYNOMIAL: Final = 0xEDB88320
_ONE: Final = 1 << 31
_RAW: Final = -15
# Most of a snapshot is random to who has no key: short repeats in it are chance, and telling of
# them takes more bytes than they save.
_MEMORY: Final = 9
_COMPACT: Final = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))


def compact_json(value: Any) -> bytes:
    """Return a value as JSON without blanks."""
    return _COMPACT.encode(value).encode()


class Piece(NamedTuple):
    """A part of an answer, deflated; with the check sum and the length of what it was."""

    deflated: bytes
    crc: int
    length: int

    @classmethod
    def of(cls, text: bytes) -> Self:
        """Deflate a text."""
        deflate = zlib.compressobj(6, zlib.DEFLATED, _RAW, _MEMORY, zlib.Z_FILTERED)
        deflated = deflate.compress(text) + deflate.flush(zlib.Z_FULL_FLUSH)
        return cls(deflated, zlib.crc32(text), len(text))

    @classmethod
    def joined(cls, pieces: Iterable["Piece"]) -> Self:
        """Return pieces in a row as one."""
        row = list(pieces)
        crc = length = 0
        for piece in row:
            crc = _multiplied(_shift(piece.length), crc) ^ piece.crc
            length += piece.length
        return cls(b"".join(piece.deflated for piece in row), crc, length)


@dataclass(frozen=True, slots=True)
class Packed:
    """A whole answer."""

    piece: Piece

    def zipped(self) -> bytes:
        """Return it as a gzip file."""
        ends = (self.piece.crc, self.piece.length % 2**32)
        closing = b"".join(number.to_bytes(4, "little") for number in ends)
        return b"".join((_HEAD, self.piece.deflated, _LAST, closing))

    def plain(self) -> bytes:
        """Return it unzipped, for whoever takes nothing else."""
        return zlib.decompressobj(_RAW).decompress(self.piece.deflated + _LAST)


def _multiplied(one: int, other: int) -> int:
    """Return the product of two polynomials over GF(2), modulo that of CRC-32, bits reversed."""
    product, bit = 0, _ONE
    while bit:
        if one & bit:
            product ^= other
        bit >>= 1
        other = other >> 1 ^ _POLYNOMIAL if other & 1 else other >> 1
    return product


@lru_cache(maxsize=1024)
def _shift(length: int) -> int:
    """Return what a check sum is multiplied by when ``length`` bytes follow: x^(8 × length)."""
    power, square = _ONE, 1 << 23
    while length:
        if length & 1:
            power = _multiplied(square, power)
        square = _multiplied(square, square)
        length >>= 1
    return power
