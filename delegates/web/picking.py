"""Ticking whom a letter goes to: which delegations are in sight, and who is ticked, seen or not.

Looking further sends the whole form, so that nothing ticked is lost by a search or another group;
whoever is ticked and not in sight travels along in hidden fields.
"""

from dataclasses import dataclass
from typing import Final

from django.http import QueryDict
from django.utils.translation import gettext as _

from conference import asked
from conference.access import ConferenceRequest
from conference.models import Campaign
from conference.operations import campaigning
from delegates.models import Delegation
from delegates.operations import reminding
from delegates.operations.progress import DelegationProgress

#: Presses by which somebody looks further, and keeps nothing.
LOOKING: Final = ("look", "tick")
_TICKED: Final = "ticked"


@dataclass(frozen=True, kw_only=True)
class Picking:
    """The page as it is looked at: the group shown, the words searched for, rows and ticks.

    ``settled`` have the letter or need none any more: ticking them sends nothing.
    """

    groups: dict[str, list[DelegationProgress]]
    show: str
    wanted: str
    rows: list[DelegationProgress]
    ticked: set[int]
    settled: set[int]

    @property
    def chips(self) -> list[tuple[str, str, int]]:
        """Each group with its name and how many are in it."""
        labels = {
            "not_invited": _("Not invited"),
            "not_answered": _("Not answered"),
            "all": _("All"),
            _TICKED: _("Ticked"),
        }
        return [(code, labels[code], len(group)) for code, group in self.groups.items()]

    @property
    def out_of_sight(self) -> list[int]:
        """Who is ticked and not among the rows, in order of precedence."""
        in_sight = {row.delegation.pk for row in self.rows}
        return [
            row.delegation.pk for row in self.groups[_TICKED] if row.delegation.pk not in in_sight
        ]


def is_looking(sent: QueryDict) -> bool:
    """Tell whether the form was sent to look further only."""
    return any(press in sent for press in LOOKING)


def look(
    request: ConferenceRequest, campaign: Campaign, everybody: list[DelegationProgress]
) -> Picking:
    """Return what to show of ``everybody``, as the form that was sent, or the address, asks."""
    is_sent = request.method == "POST"
    sent = request.POST if is_sent else request.GET
    groups = {
        "not_invited": [row for row in everybody if not row.is_invited],
        "not_answered": [row for row in everybody if row.is_invited and not row.is_answered],
        "all": everybody,
    }
    usual = "not_answered" if campaign.purpose == reminding.MAIL_PURPOSE else "not_invited"
    reachable = _reachable(campaign, everybody)
    if is_sent:
        ticked = _with_address(everybody) & set(asked.numbers(sent.getlist("delegations")))
    else:
        ticked = reachable & _kept(campaign, groups[usual])
    if sent.get("tick") == "none":
        ticked = set()
    groups[_TICKED] = [row for row in everybody if row.delegation.pk in ticked]
    show = sent.get("look") or sent.get("show", "")
    show = show if show in groups else usual
    # Who asks for those ticked wants to see them all.
    wanted = "" if sent.get("look") == _TICKED else asked.words(sent, "q")
    rows = [row for row in groups[show] if not wanted or row.matches(wanted)]
    if sent.get("tick") == "here":
        ticked |= reachable & {row.delegation.pk for row in rows}
        groups[_TICKED] = [row for row in everybody if row.delegation.pk in ticked]
    return Picking(
        groups=groups,
        show=show,
        wanted=wanted,
        rows=rows,
        ticked=ticked,
        settled=_with_address(everybody) - reachable,
    )


def _kept(campaign: Campaign, usual: list[DelegationProgress]) -> set[int]:
    """Return who is ticked to begin with: who was chosen before, else whom it is meant for."""
    chosen = campaign.narrowed.get(campaigning.CHOSEN)
    # Who was left out on purpose is not ticked again.
    return _with_address(usual) if chosen is None else set(chosen)


def _with_address(rows: list[DelegationProgress]) -> set[int]:
    return {row.delegation.pk for row in rows if row.delegation.focal_email}


def _reachable(campaign: Campaign, rows: list[DelegationProgress]) -> set[int]:
    """Return those who have an address and whom the letter has not reached yet."""
    kind = campaigning.kind_of(campaign)
    assert kind.by_hand is not None
    found = Delegation.objects.filter(pk__in=_with_address(rows))
    return set(kind.by_hand.still(campaign, found).values_list("pk", flat=True))
