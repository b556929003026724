"""Scans of reply slips: taken by what they are, not by what they are called."""

import hashlib
from typing import Final

from conference.documents import uploads
from delegates.errors import ScanRefused
from delegates.models import AnswerScan, InvitationStep

LARGEST: Final = 5 * 1024 * 1024


def type_of(content: bytes) -> str:
    """Return what the content is. Raises ScanRefused unless it is a whole, small PDF or JPEG."""
    if len(content) > LARGEST:
        raise ScanRefused
    if uploads.is_pdf(content):
        return AnswerScan.Type.PDF
    if uploads.is_jpeg(content):
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
