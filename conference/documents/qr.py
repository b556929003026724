"""QR codes as drawings: for paper as an SVG file, for pages as an inline SVG element."""

from io import BytesIO

import segno

# The quiet zone that ISO/IEC 18004 asks for, in modules.
QUIET_ZONE = 4


def qr_svg_file(text: str) -> bytes:
    """Return the code of ``text`` as an SVG document, error correction M, quiet zone included."""
    drawing = BytesIO()
    _code(text).save(
        drawing, kind="svg", border=QUIET_ZONE, xmldecl=True, svgns=True, light="#fff", nl=False
    )
    return drawing.getvalue()


def qr_svg_inline(text: str, *, label: str) -> str:
    """Return the code of ``text`` as an ``<svg>`` element that fills its box.

    It carries no style attribute, as the content security policy asks; ``label`` is what a
    screen reader says and must be plain text.
    """
    code = _code(text)
    path = "".join(
        f"M{column} {row}h{length}"
        for row, cells in enumerate(code.matrix, start=QUIET_ZONE)
        for column, length in _runs(cells)
    )
    side = code.symbol_size(scale=1, border=QUIET_ZONE)[0]
    return (
        f'<svg class="qr" viewBox="0 0 {side} {side}" role="img" aria-label="{_escaped(label)}">'
        f'<rect width="{side}" height="{side}" fill="#fff"/>'
        f'<path d="{path}" transform="translate(0 .5)" stroke="#000"/></svg>'
    )


def _code(text: str) -> segno.QRCode:
    return segno.make(text, error="m", micro=False, boost_error=False)


def _runs(cells: bytes | bytearray) -> list[tuple[int, int]]:
    """Return start and length of the dark runs of one row."""
    runs: list[tuple[int, int]] = []
    start = 0
    for position, dark in enumerate([*cells, 0]):
        if dark:
            continue
        if position > start:
            runs.append((start + QUIET_ZONE, position - start))
        start = position + 1
    return runs


def _escaped(text: str) -> str:
    return (
        text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")
    )
