"""Files that are handed out: kept and opened outside the browser, whatever they are."""

from django.http import HttpResponse
from django.utils.http import content_disposition_header


def as_file(content: bytes, *, content_type: str, name: str) -> HttpResponse:
    """Answer with a file of this name, in any script, that no cache keeps."""
    headers = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}
    if disposition := content_disposition_header(as_attachment=True, filename=name):
        headers["Content-Disposition"] = disposition
    return HttpResponse(content, content_type=content_type, headers=headers)
