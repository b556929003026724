"""What needs an organiser's hand today: counts of things that stand still without a person."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q
from django.db.models.functions import Lower

from checkin.models import Conflict
from conference.models import Campaign, Conference, Message, Suppression
from conference.operations import mailing
from delegates.models import Accreditation, Delegate, Delegation, ImportBatch, ImportRow, Invitation

#: How long before a deadline a missing answer or list begins to matter.
SOON = timedelta(days=3)


#: For how long a letter that came back is a concern by itself: then its address has been mended,
#: or is counted as one that does not work.
LATELY = timedelta(days=14)
#: A sign that is not among the letters of mail servers.
_FOREIGN = "[^ -~]"


@dataclass(frozen=True, kw_only=True)
class Concern:
    """A kind of thing that waits, and how many there are; ``code`` names the sentence."""

    code: str
    count: int


def concerns(*, conference: Conference, now: datetime) -> list[Concern]:
    """Return what waits for a person, the most pressing first; kinds without any are left out.

    A query or two for each kind, whatever their number.
    """
    today = conference.today(now)
    unanswered = Invitation.objects.filter(
        conference=conference, state__in=[*Invitation.WAITING_STATES, Invitation.State.EXPIRED]
    )
    letters = Message.objects.filter(conference=conference)
    counted = {
        "messages_failed": letters.filter(state=Message.State.FAILED)
        .exclude(campaign__state=Campaign.State.CANCELLED)
        .count(),
        "messages_in_doubt": letters.filter(state=Message.State.UNCERTAIN).count(),
        "letters_back": mailing.come_back(letters, since=now - LATELY).count(),
        "addresses_blocked": _dead_addresses(conference),
        "links_shut": Invitation.objects.shut()
        .filter(conference=conference, answered_at=None)
        .count(),
        "conflicts_open": Conflict.objects.filter(
            conference=conference, state=Conflict.State.OPEN
        ).count(),
        "to_accredit": Accreditation.objects.filter(
            delegate__conference=conference,
            delegate__withdrawn_at=None,
            state=Accreditation.State.SUBMITTED,
        ).count(),
        "answers_overdue": unanswered.filter(deadline__lte=now).count(),
        "answers_due_soon": unanswered.filter(deadline__gt=now, deadline__lte=now + SOON).count(),
        "lists_due": Delegation.objects.filter(
            conference=conference,
            submitted_at=None,
            nominations_close__lte=today + SOON,
            invitations__state=Invitation.State.ACCEPTED,
        )
        .distinct()
        .count(),
        "rows_refused": ImportRow.objects.filter(
            batch__conference=conference,
            action=ImportRow.Action.REFUSED,
            applied_at=None,
        )
        .exclude(batch__state=ImportBatch.State.DISCARDED)
        .count(),
        "without_address": Delegation.objects.filter(conference=conference, focal_email="")
        .exclude(Q(invitations__answered_at__isnull=False))
        .distinct()
        .count(),
        "not_invited": Delegation.objects.filter(conference=conference)
        .exclude(invitations__sent_at__isnull=False)
        .exclude(invitations__answered_at__isnull=False)
        .count(),
    }
    return [Concern(code=code, count=count) for code, count in counted.items() if count]


def _dead_addresses(conference: Conference) -> int:
    """Return how many addresses of this conference's people and focal points do not work."""
    people = Delegate.objects.filter(conference=conference, withdrawn_at=None).order_by()
    focal_points = Delegation.objects.filter(conference=conference).order_by()
    dead = Suppression.objects.filter(
        conference=conference, reason=Suppression.Reason.HARD_BOUNCE
    ).order_by()
    written_alike = dead.filter(
        Q(address__in=people.values_list(Lower("email")))
        | Q(address__in=focal_points.values_list(Lower("focal_email")))
    )
    # A domain in another script is blocked in the form that mail servers speak of.
    foreign = people.filter(email__regex=_FOREIGN).values_list("email")
    foreign = foreign.union(
        focal_points.filter(focal_email__regex=_FOREIGN).values_list("focal_email")
    )
    forms = {Suppression.form_of(address) for (address,) in foreign}
    found = written_alike | dead.filter(address__in=forms)
    return found.values("address").distinct().count()
