"""Who would get a mailing now, by name, and who would not, with the reason."""

from dataclasses import dataclass

from conference.models import Campaign, IfLacking, Suppression
from conference.operations import suppressing
from conference.operations.campaigning import audiences, files
from conference.operations.campaigning.audiences import Addressee
from conference.operations.campaigning.files import PersonalFile


@dataclass(frozen=True, kw_only=True)
class Recipients:
    """An audience as it stands. ``lacking`` are those who have none of a chosen file, by file.

    They are among ``reached``, or in ``left_out``, as the mailing says. ``settled`` were ticked by
    hand, and have the letter or need none any more.
    """

    reached: list[Addressee]
    without_address: list[Addressee]
    blocked: list[tuple[Addressee, Suppression.Reason]]
    lacking: list[tuple[PersonalFile, list[Addressee]]]
    left_out: list[Addressee]
    settled: list[Addressee]


def recipients_of(campaign: Campaign) -> Recipients:
    """Look through the audience; the number of questions to the database hardly grows with it."""
    kind = audiences.kind_of(campaign)
    found = [(member.pk, kind.addressee(member)) for member in audiences.members(campaign)]
    settled = _settled(campaign, found)
    found = [each for each in found if each[1] not in settled]
    everybody = [each for _pk, each in found]
    stopped = suppressing.suppressed(
        (each.email for each in everybody if each.email),
        conference=campaign.conference,
        optional=campaign.optional,
        in_mailing=True,
    )
    served = {pk for pk, each in found if each.email and each.email not in stopped}
    lacking, left_out = [], set()
    for file in files.personal(campaign):
        without = file.without(audiences.members(campaign).order_by())
        missing = served & set(without.values_list("pk", flat=True))
        if missing:
            lacking.append((file, [each for pk, each in found if pk in missing]))
        if campaign.if_lacking == IfLacking.LEAVE_OUT:
            left_out |= missing
    return Recipients(
        reached=[each for pk, each in found if pk in served - left_out],
        without_address=[each for each in everybody if not each.email],
        blocked=[(each, stopped[each.email]) for each in everybody if each.email in stopped],
        lacking=lacking,
        left_out=[each for pk, each in found if pk in left_out],
        settled=settled,
    )


def _settled(campaign: Campaign, found: list[tuple[int, Addressee]]) -> list[Addressee]:
    by_hand = audiences.kind_of(campaign).by_hand
    if by_hand is None or not found:
        return []
    open_ones = by_hand.still(campaign, audiences.members(campaign))
    still = set(open_ones.values_list("pk", flat=True))
    return [each for pk, each in found if pk not in still]
