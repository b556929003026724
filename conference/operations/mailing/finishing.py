"""A mailing is done once all of its letters are made, and the fate of the last one is known."""

from collections.abc import Iterable

from django.db.models import Exists, OuterRef

from conference.models import Campaign, Message

_MOVING = (Message.State.QUEUED, Message.State.CLAIMED)


def finish_mailings_of(letters: Iterable[Message]) -> None:
    """Note which of these letters' mailings are done; call it once their ends are committed.

    Whoever ends the last letter of a mailing looks after that, and so sees the end of every other.
    """
    ids = {letter.campaign_id for letter in letters if letter.campaign_id is not None}
    if ids:
        finish_mailings(among=ids)


def finish_mailings(*, among: Iterable[int] | None = None) -> int:
    """Note which mailings (all, or among these numbers) are done; return how many that made."""
    on_their_way = Message.objects.filter(campaign=OuterRef("pk"), state__in=_MOVING)
    sending = Campaign.objects.filter(state=Campaign.State.SENDING, expanded_at__isnull=False)
    if among is not None:
        sending = sending.filter(pk__in=among)
    return (
        sending.exclude(audience="").filter(~Exists(on_their_way)).update(state=Campaign.State.DONE)
    )
