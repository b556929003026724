"""What accepting held scans would change: the fold with them beside the fold without."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace

from checkin.fold import Fold
from checkin.merge import Fact
from checkin.models import HeldScan, Zone
from checkin.operations.stories import Story, fold_rules, fold_stories, heard_scans, scans_of
from conference.models import Conference
from delegates.models import Delegate


@dataclass(frozen=True, slots=True)
class Change:
    """One person in one zone; ``before`` or ``after`` is None where the person never was."""

    person: Delegate
    zone: Zone
    before: Fold | None
    after: Fold | None

    @property
    def new_conflicts(self) -> list[str]:
        """The kinds of the conflicts that would come, in order."""
        return _more(self.after, self.before)

    @property
    def conflicts_gone(self) -> list[str]:
        """The kinds of the conflicts that would be moot, in order."""
        return _more(self.before, self.after)


@dataclass(frozen=True, slots=True)
class Preview:
    """All that would change, and how many of the persons would stay as they are."""

    changes: list[Change]
    unchanged: int


def preview(*, conference: Conference, held: Sequence[HeldScan]) -> Preview:
    """Return what would change if all of these were accepted. Nothing is written."""
    zones = {zone.pk: zone for zone in Zone.objects.filter(conference=conference)}
    people = Delegate.objects.select_related("delegation").in_bulk(
        {each.delegate_id for each in held if each.delegate_id is not None}
    )
    rules = fold_rules(zones.values())
    standing = scans_of(people, heard_scans())
    without = {story.delegate: story for story in fold_stories(people, standing, rules)}
    together = {
        person: _merged(standing.get(person, []), facts)
        for person, facts in _facts_of(held).items()
    }
    changes: list[Change] = []
    unchanged = 0
    for story in fold_stories(people, together, rules):
        of_person = _changes(people[story.delegate], zones, without[story.delegate], story)
        changes += of_person
        unchanged += not of_person
    return Preview(changes, unchanged)


def _changes(
    person: Delegate, zones: dict[int, Zone], without: Story, story: Story
) -> list[Change]:
    return [
        Change(person, zones[zone], before, after)
        for zone in sorted(without.folds.keys() | story.folds.keys())
        if (before := without.folds.get(zone)) != (after := story.folds.get(zone))
    ]


def _facts_of(held: Sequence[HeldScan]) -> dict[int, list[Fact]]:
    facts: defaultdict[int, list[Fact]] = defaultdict(list)
    for each in held:
        fact = Fact.from_delivery(
            {
                "device": str(each.device_id),
                "quarantine": "accepted",
                "decided": None,
                "record": each.record,
            }
        )
        if fact is not None and each.delegate_id is not None:
            facts[each.delegate_id].append(fact)
    return facts


def _merged(standing: Sequence[Fact], brought: Sequence[Fact]) -> list[Fact]:
    """Return both; of a scan that stands already, the delivery tells what the guard saw."""
    shown = {fact.scan_id: fact.verdict for fact in brought}
    known = {fact.scan_id for fact in standing}
    told = [replace(fact, verdict=shown.get(fact.scan_id) or fact.verdict) for fact in standing]
    return told + [fact for fact in brought if fact.scan_id not in known]


def _more(some: Fold | None, others: Fold | None) -> list[str]:
    known = {clash.id for clash in others.clashes} if others else set()
    return [clash.kind.value for clash in (some.clashes if some else ()) if clash.id not in known]
