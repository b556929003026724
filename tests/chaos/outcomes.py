"""What a single scenario must come to, besides what all of them must."""

from django.utils import timezone

from checkin.models import Conflict, HeldScan, Presence, Scan
from checkin.operations import quarantining
from tests.chaos.proof import Tally
from tests.chaos.world import World


def shown_is(number: int):
    def then(_world: World, tally: Tally) -> None:
        if tally.shown != number or tally.stored != number:
            tally.faults.append(f"{tally.shown} shown, {tally.stored} stored, not {number}")

    return then


def stored_is(number: int):
    def then(world: World, tally: Tally) -> None:
        found = Scan.objects.filter(conference=world.conference).count()
        if found != number:
            tally.faults.append(f"{found} scans, not {number}")

    return then


def conflicts_are(*kinds: str):
    """Just these conflicts are open."""

    def then(world: World, tally: Tally) -> None:
        found = Conflict.objects.filter(conference=world.conference, state=Conflict.State.OPEN)
        raised = sorted(found.values_list("kind", flat=True))
        if raised != sorted(kinds):
            tally.faults.append(f"conflicts {raised}, not {sorted(kinds)}")

    return then


def held_are(number: int):
    """So many scans are held, count for nothing, and count once a person has accepted them."""

    def then(world: World, tally: Tally) -> None:
        held = list(HeldScan.objects.filter(conference=world.conference))
        if len(held) != number:
            tally.faults.append(f"{len(held)} scans are held, not {number}")
        counted = set(Presence.objects.filter(entries__gt=0).values_list("delegate", flat=True))
        admitted = {each.delegate_id for each in held if each.record["shown"] == "admit"}
        if admitted & counted:
            tally.faults.append("a held scan counts")
        quarantining.accept_scans(
            conference=world.conference, scans=[each.pk for each in held], now=timezone.now()
        )
        counted = set(Presence.objects.filter(entries__gt=0).values_list("delegate", flat=True))
        if not admitted <= counted:
            tally.faults.append("an accepted scan does not count")
        shown = dict(Scan.objects.values_list("pk", "shown"))
        if any(shown.get(each.pk) != each.record["shown"] for each in held):
            tally.faults.append("an accepted scan is not what was seen")

    return then


def entries_are(badge: str, zone_name: str, number: int):
    def then(world: World, tally: Tally) -> None:
        rows = Presence.objects.filter(delegate=world.people[badge], zone=world.zones[zone_name])
        entries = sum(row.entries for row in rows)
        if entries != number:
            tally.faults.append(f"{entries} entries of {badge}, not {number}")

    return then
