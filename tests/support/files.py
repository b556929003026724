"""Small files that are what they say, for tests of uploads."""

import io
import zipfile

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF\n"
#: A PNG by its two ends; ``fill`` stands for its picture.
PNG = (
    b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x02\x00\x00\x00"
    b"fill\x00\x00\x00\x00IEND\xaeB`\x82"
)
JPEG = b"\xff\xd8\xff\xe0\x00\x04ab\xff\xc0\x00\x04cd" + b"\x00" * 20 + b"\xff\xd9"


def office_file(*parts: str) -> bytes:
    """Return a package of Office Open XML with these parts, all of them empty."""
    package = io.BytesIO()
    with zipfile.ZipFile(package, "w") as archive:
        for part in ("[Content_Types].xml", *parts):
            archive.writestr(part, "")
    return package.getvalue()
