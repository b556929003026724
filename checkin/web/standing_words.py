"""Where somebody stands in a zone, in words."""

from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from checkin.effective_time import instant
from conference.venue_time import written_clock


def standing_words(*, inside: bool, in_ms: int | None, entries: int, zone: ZoneInfo) -> str:
    """Return whether the person is inside and since when, and how often he or she came in."""
    counted = ngettext("%(count)d entry", "%(count)d entries", entries) % {"count": entries}
    where = _("outside")
    if inside and in_ms is not None:
        where = _("inside since %(time)s") % {"time": written_clock(instant(in_ms), zone)}
    return f"{where} · {counted}"
