"""Pieces zipped apart are one gzip file when put in a row."""

import gzip
import zlib

from hypothesis import given
from hypothesis import strategies as st

from checkin.operations.packing import Packed, Piece


@given(st.lists(st.binary(max_size=2000)))
def test_pieces_in_a_row_are_one_file(parts):
    packed = Packed(Piece.joined(Piece.of(text) for text in parts))
    whole = b"".join(parts)
    assert gzip.decompress(packed.zipped()) == packed.plain() == whole
    assert packed.piece[1:] == (zlib.crc32(whole), len(whole))


@given(st.binary(), st.binary(), st.binary())
def test_rows_of_pieces_are_pieces(one, two, three):
    left = Piece.joined([Piece.joined([Piece.of(one), Piece.of(two)]), Piece.of(three)])
    assert Packed(left).plain() == one + two + three
    assert left.crc == zlib.crc32(one + two + three)


def test_a_browser_that_reads_as_a_stream_gets_the_end_too():
    packed = Packed(Piece.joined([Piece.of(b"a" * 100_000), Piece.of(b"b" * 100_000)]))
    unzip = zlib.decompressobj(wbits=31)
    zipped = packed.zipped()
    got = b"".join(unzip.decompress(zipped[at : at + 100]) for at in range(0, len(zipped), 100))
    assert (got, unzip.eof, unzip.unused_data) == (b"a" * 100_000 + b"b" * 100_000, True, b"")
