"""How far each delegation of the rehearsal is, from not invited to people who have arrived."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from conference.models import Conference, User
from delegates.models import Accreditation, Delegate, Delegation, Invitation, Quota
from delegates.operations.stepping import HOLDS_A_PLACE
from demo.loading import credentials, delegations, letters
from demo.parties import SECRETARIAT
from demo.people import Person

REFUSED_KEY = "us-il-04"

WITH_PEOPLE = {"partly_nominated", "submitted", "partly_decided", "accredited", "arriving"}
INVITATION_STATES = {
    "sent": Invitation.State.SENT,
    "opened": Invitation.State.OPENED,
    "tentative": Invitation.State.TENTATIVE,
    "declined": Invitation.State.DECLINED,
}


@dataclass(frozen=True, kw_only=True)
class Cast:
    """The rehearsal's delegations and people, by the demo's keys."""

    conference: Conference
    delegations: dict[str, Delegation]
    delegates: dict[str, Delegate]
    people: dict[str, Person]

    def of(self, party: str) -> list[str]:
        """Return the keys of a party's people, in the order of its list."""
        return [key for key in self.delegates if self.people[key].party == party]


def bring_to_stages(
    everyone: Cast, stages: dict[str, str], *, organiser: User, now: datetime
) -> None:
    """Bring each delegation to its stage: names, answers, decisions, badges, places taken."""
    _send_home(everyone, stages)
    _invite(everyone, stages, organiser, now)
    _decide(everyone, stages, organiser, now)
    _substitute_head(everyone, now)
    _grant_places(everyone)
    letters.load_mailing(everyone.conference, author=organiser)


def _send_home(everyone: Cast, stages: dict[str, str]) -> None:
    """Remove the people of delegations that have not named anybody yet."""
    leaving = []
    for key, person in everyone.people.items():
        stage = stages[person.party]
        if key not in everyone.delegates:
            continue
        place = int(key.rsplit("-", 1)[1])
        too_early = stage not in WITH_PEOPLE
        # Some names are in, the head's is not: the list says what is missing.
        not_named = stage == "partly_nominated" and place not in {2, 3, 4}
        if too_early or not_named:
            leaving.append(key)
    Delegate.objects.filter(pk__in=[everyone.delegates.pop(key).pk for key in leaving]).delete()


def _invite(everyone: Cast, stages: dict[str, str], organiser: User, now: datetime) -> None:
    sent_at, opened_at, answered_at = (now - timedelta(days=days) for days in (18, 15, 12))
    closes = everyone.conference.last_day
    deadline = datetime.combine(closes, time(23, 59), everyone.conference.zone)
    campaign = letters.load_letter(everyone.conference, author=organiser, sent_at=sent_at)
    invitations = []
    for party, delegation in everyone.delegations.items():
        stage = stages[party]
        delegation.nominations_close = closes
        if stage in {"submitted", "partly_decided", "accredited", "arriving"}:
            delegation.submitted_at = now - timedelta(days=8)
        if stage == "not_invited":
            continue
        state = INVITATION_STATES.get(stage, Invitation.State.ACCEPTED)
        is_answered = state not in {Invitation.State.SENT, Invitation.State.OPENED}
        invitations.append(
            Invitation(
                conference=everyone.conference,
                delegation=delegation,
                # Nobody writes a letter to the house itself.
                campaign=None if party == SECRETARIAT else campaign,
                addressee_name=delegation.focal_name,
                addressee_email=delegation.focal_email,
                language=delegation.focal_language,
                state=state,
                deadline=deadline,
                sent_at=sent_at,
                opened_at=None if state == Invitation.State.SENT else opened_at,
                answered_at=answered_at if is_answered else None,
                answer_count=int(is_answered),
                answered_by=delegation.focal_email if is_answered else "",
                answer_note="Elections that week." if state == Invitation.State.DECLINED else "",
            )
        )
    made = Invitation.objects.bulk_create(invitations)
    letters.load_messages(made, now=now)
    letters.load_steps(made)
    Delegation.objects.bulk_update(
        everyone.delegations.values(), ["nominations_close", "submitted_at"]
    )


def _decide(everyone: Cast, stages: dict[str, str], organiser: User, now: datetime) -> None:
    """Nominate, submit, approve or refuse; the approved get their badge."""
    classes = {made.code: made for made in everyone.conference.badge_classes.all()}
    approved = []
    decisions = []
    for key, delegate in everyone.delegates.items():
        state = _state(key, stages[everyone.people[key].party])
        is_decided = state in {Accreditation.State.APPROVED, Accreditation.State.REFUSED}
        decisions.append(
            Accreditation(
                delegate=delegate,
                badge_class=classes[everyone.people[key].badge_class],
                state=state,
                decided_by=organiser if is_decided else None,
                decided_at=now - timedelta(days=5) if is_decided else None,
                reason="The list names two persons for one place."
                if state == Accreditation.State.REFUSED
                else "",
            )
        )
        if state == Accreditation.State.APPROVED:
            approved.append(delegate)
    Accreditation.objects.bulk_create(decisions)
    credentials.load_badges(
        everyone.conference, approved, issued_at=now - timedelta(days=5), printed_at=None
    )


def _state(key: str, stage: str) -> str:
    """Return how far one person is; in lists decided in part, the first three are approved."""
    if stage == "partly_nominated":
        return Accreditation.State.NOMINATED
    if stage == "submitted":
        return Accreditation.State.SUBMITTED
    if stage == "partly_decided":
        if key == REFUSED_KEY:
            return Accreditation.State.REFUSED
        return (
            Accreditation.State.APPROVED
            if int(key.rsplit("-", 1)[1]) <= 3
            else Accreditation.State.SUBMITTED
        )
    return Accreditation.State.APPROVED


def _substitute_head(everyone: Cast, now: datetime) -> None:
    """Bring back the head who was replaced on the day before: withdrawn, with a successor."""
    former = next(person for person in everyone.people.values() if person.mark == "head_withdrawn")
    successor = next(
        key for key, person in everyone.people.items() if person.mark == "head_substitute"
    )
    delegate = delegations.new_delegate(
        everyone.conference, everyone.delegations[former.party], former
    )
    delegate.withdrawn_at = now - timedelta(days=1)
    delegate.arrival_at = delegate.departure_at = None
    delegate.substituted_by = everyone.delegates[successor]
    delegate.save()
    Accreditation.objects.create(
        delegate=delegate,
        badge_class=everyone.delegates[successor].accreditation.badge_class,
        state=Accreditation.State.SUBSTITUTED,
        decided_at=now - timedelta(days=1),
        reason="Replaced on the day before.",
    )


def _grant_places(everyone: Cast) -> None:
    """Let the places taken be those of the people who are on the lists now."""
    taken: defaultdict[tuple[int, int], int] = defaultdict(int)
    for decision in Accreditation.objects.filter(
        delegate__conference=everyone.conference,
        state__in=HOLDS_A_PLACE,
    ).select_related("delegate"):
        taken[decision.delegate.delegation_id, decision.badge_class_id] += 1
    quotas = list(Quota.objects.filter(delegation__conference=everyone.conference))
    for quota in quotas:
        quota.taken = taken.pop((quota.delegation_id, quota.badge_class_id), 0)
    Quota.objects.bulk_update(quotas, ["taken"])
    Quota.objects.bulk_create(
        Quota(delegation_id=delegation, badge_class_id=badge_class, granted=count, taken=count)
        for (delegation, badge_class), count in taken.items()
    )
