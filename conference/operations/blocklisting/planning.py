"""What each row of a list would do: block, nothing as that is so already, or wait with a reason."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import models
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from conference.models import Conference, Suppression
from conference.operations.blocklisting.reading import Row

Reason = Suppression.Reason
_LONGEST = 320
_AT_ONCE = 500
_NOT_AN_ADDRESS = _("This is not an e-mail address.")
_NO_REASON = _("This reason is not known. Take of: %(known)s.")
_NO_TIME = _("This is not a time. Write it as in 2026-03-02 or 2026-03-02T09:30.")
_IN_FUTURE = _("This time has not come yet.")


class Action(models.TextChoices):
    """What a row does."""

    BLOCK = "block", pgettext_lazy("row of a list", "blocks")
    KNOWN = "known", pgettext_lazy("row of a list", "blocked already")
    REPEATED = "repeated", pgettext_lazy("row of a list", "stands above already")
    WAITS = "waits", pgettext_lazy("row of a list", "waits")


@dataclass(frozen=True, kw_only=True)
class Planned:
    """One row, what it does, and for one that waits why. ``since`` is None where it says none."""

    row: Row
    action: str
    address: str = ""
    reason: str = ""
    since: datetime | None = None
    faults: list[str | Promise] = field(default_factory=list)

    @property
    def action_label(self) -> str:
        """What the row does, in words."""
        return str(Action(self.action).label)

    @property
    def reason_label(self) -> str:
        """The reason in words; as it stands in the list where it is not known."""
        known = self.reason in Reason.values
        return str(Reason(self.reason).label) if known else self.reason


def plan(*, conference: Conference, rows: Sequence[Row], now: datetime) -> list[Planned]:
    """Return what each row would do now. Asked again after it was done, all is known."""
    read = [_read(conference, row, now) for row in rows]
    known = _known(conference, [each.address for each in read if not each.faults])
    planned, above = [], set()
    for each in read:
        key = (each.address, each.reason)
        if each.faults:
            action = Action.WAITS
        elif key in known:
            action = Action.KNOWN
        elif key in above:
            action = Action.REPEATED
        else:
            action = Action.BLOCK
            above.add(key)
        planned.append(
            Planned(
                row=each.row,
                action=action,
                address=each.address,
                reason=each.reason,
                since=each.since,
                faults=each.faults,
            )
        )
    return planned


def _read(conference: Conference, row: Row, now: datetime) -> Planned:
    faults: list[str | Promise] = []
    address = Suppression.form_of(row.address)
    if not _is_address(address):
        faults.append(_NOT_AN_ADDRESS)
    reason = _reason(row.reason)
    if not reason:
        known = ", ".join(Reason.values)
        faults.append(str(_NO_REASON) % {"known": known})
    since = _moment(row.since, conference)
    if row.since and since is None:
        faults.append(_NO_TIME)
    elif since is not None and since > now:
        faults.append(_IN_FUTURE)
    return Planned(
        row=row,
        action=Action.WAITS,
        address=address,
        reason=reason or row.reason,
        since=since,
        faults=faults,
    )


def _is_address(address: str) -> bool:
    try:
        validate_email(address)
    except ValidationError:
        return False
    return len(address) <= _LONGEST


def _reason(told: str) -> str:
    """Return a reason's code for its code or its words in either language; by hand if none."""
    if not told:
        return Reason.BY_HAND
    wanted = told.strip().lower().replace(" ", "_")
    by_words = {str(reason.label).lower(): reason.value for reason in Reason}
    return wanted if wanted in Reason.values else by_words.get(told.strip().lower(), "")


def _moment(told: str, conference: Conference) -> datetime | None:
    """Return a moment; without a zone it is one by the clocks of the venue."""
    try:
        found = parse_datetime(told)
        if found is None and (day := parse_date(told)):
            found = datetime(day.year, day.month, day.day, tzinfo=conference.zone)
        if found is not None and found.tzinfo is None:
            found = found.replace(tzinfo=conference.zone)
    except (ValueError, OverflowError):
        return None
    return found


def _known(conference: Conference, addresses: list[str]) -> set[tuple[str, str]]:
    found: set[tuple[str, str]] = set()
    for start in range(0, len(addresses), _AT_ONCE):
        rows = Suppression.objects.filter(
            conference=conference, address__in=addresses[start : start + _AT_ONCE]
        )
        found |= set(rows.values_list("address", "reason"))
    return found
