"""Who would get a mailing now, by name, and who would not, with the reason."""

from dataclasses import dataclass

from conference.models import Campaign, Suppression
from conference.operations import suppressing
from conference.operations.campaigning import audiences
from conference.operations.campaigning.audiences import Addressee


@dataclass(frozen=True, kw_only=True)
class Recipients:
    """An audience as it stands."""

    reached: list[Addressee]
    without_address: list[Addressee]
    blocked: list[tuple[Addressee, Suppression.Reason]]


def recipients_of(campaign: Campaign) -> Recipients:
    """Look through the audience; the number of questions to the database hardly grows with it."""
    kind = audiences.kind_of(campaign)
    everybody = [kind.addressee(member) for member in audiences.members(campaign)]
    stopped = suppressing.suppressed(
        (each.email for each in everybody if each.email),
        conference=campaign.conference,
        optional=campaign.optional,
        in_mailing=True,
    )
    return Recipients(
        reached=[each for each in everybody if each.email and each.email not in stopped],
        without_address=[each for each in everybody if not each.email],
        blocked=[(each, stopped[each.email]) for each in everybody if each.email in stopped],
    )
