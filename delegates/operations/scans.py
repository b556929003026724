"""Scans of reply slips: taken by what they are, not by what they are called."""

import hashlib
from typing import Final

from delegates.errors import ScanRefused
from delegates.models import AnswerScan, InvitationStep

LARGEST: Final = 5 * 1024 * 1024
_PDF_END_WITHIN = 2048
_JPEG_FRAMES: Final = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}


def type_of(content: bytes) -> str:
    """Return what the content is. Raises ScanRefused unless it is a whole, small PDF or JPEG."""
    if len(content) > LARGEST:
        raise ScanRefused
    if content.startswith(b"%PDF-") and b"%%EOF" in content[-_PDF_END_WITHIN:]:
        return AnswerScan.Type.PDF
    if _is_jpeg(content):
        return AnswerScan.Type.JPEG
    raise ScanRefused


def keep(*, step: InvitationStep, content: bytes) -> AnswerScan:
    """Keep the scan with the answer that came on it. Raises ScanRefused as ``type_of`` does."""
    return AnswerScan.objects.create(
        step=step,
        content=content,
        content_type=type_of(content),
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
    )


def _is_jpeg(content: bytes) -> bool:
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
