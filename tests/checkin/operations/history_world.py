"""A history of the vectors as rows, told to the server over its own interface."""

import itertools
from collections import defaultdict
from datetime import UTC, datetime, timedelta
from uuid import UUID

from django.utils import timezone

from checkin.models import Block, Conflict, Gate, Presence, Zone
from checkin.operations import enrolling_devices
from checkin.operations.quarantining import accept_scans, reject_scans
from delegates.models import Badge
from docs.cp1_client.history import one_set
from tests.checkin.conftest import enrolled_phone, make_conference, make_delegation, make_person

_slugs = (f"history-{number}" for number in itertools.count(1))
FAR_AWAY = datetime(2100, 1, 1, tzinfo=UTC)


class World:
    """The conference of a history: its zones, persons, badges, blocks and enrolled phones."""

    def __init__(self, history):
        self.history = history
        self.conference = make_conference(next(_slugs))
        records = [each["record"] for each in history["deliveries"]]
        self.zones = {
            zone["id"]: Zone.objects.create(
                conference=self.conference,
                name_en=f"Zone {zone['id']}",
                reentry=zone["reentry"],
                resets=zone["resets"],
            ).pk
            for zone in history["zones"]
        }
        self.gates = {
            gate: self._make_gate(gate).pk for gate in sorted({each["gate"] for each in records})
        }
        self.persons = self._make_persons()
        self.phones = self._enrol(sorted({each["device"] for each in history["deliveries"]}))

    def _make_gate(self, number):
        gate = Gate.objects.create(conference=self.conference, name_en=f"Gate {number}")
        gate.zones.set(self.zones.values())
        return gate

    def _make_persons(self):
        delegation = make_delegation(self.conference)
        persons = {}
        for lookup, owner in self.history["lookups"].items():
            name = owner["person"]
            if name not in persons:
                persons[name] = make_person(delegation, badge=False, given_name=name)
            person, revoked_ms = persons[name], owner["revoked_ms"]
            # Two issues of which none is ever revoked are one more than the database keeps.
            is_second = revoked_ms is None and person.badges.filter(revoked_at=None).exists()
            Badge.objects.create(
                conference=self.conference,
                delegate=person,
                badge_class=person.accreditation.badge_class,
                issue=person.badges.count() + 1,
                lookup=lookup,
                issued_at=timezone.now(),
                revoked_at=FAR_AWAY if is_second else instant(revoked_ms),
            )
        for name, windows in self.history["blocked"].items():
            for since, until in windows:
                Block.objects.create(
                    delegate=persons[name], since=instant(since), until=instant(until)
                )
        return {person.pk: name for name, person in persons.items()}

    def _enrol(self, names):
        """Enrol a phone for each name; ids must be in the order of the names, as the fold asks."""
        gates = Gate.objects.filter(conference=self.conference)
        phones = [
            enrolled_phone(self.conference, gate.name_en)
            for gate, _ in zip(itertools.cycle(gates), names, strict=False)
        ]
        phones.sort(key=lambda phone: str(phone.device.pk))
        return dict(zip(names, phones, strict=True))

    def record(self, delivery):
        """Return the record as this conference numbers its zones and gates."""
        told = delivery["record"]
        return told | {"zone": self.zones[told["zone"]], "gate": self.gates[told["gate"]]}

    def tell(self, deliveries, chance, *, most_uploads=4):
        """Upload deliveries in a random order, each phone in a few batches of its own."""
        by_phone = defaultdict(list)
        for delivery in deliveries:
            by_phone[delivery["device"]].append(self.record(delivery))
        uploads = []
        for name, records in by_phone.items():
            chance.shuffle(records)
            cuts = sorted(chance.randint(0, len(records)) for _ in range(most_uploads - 1))
            for start, end in itertools.pairwise([0, *cuts, len(records)]):
                uploads.append((name, records[start:end]))
        chance.shuffle(uploads)
        for name, records in uploads:
            answer = self.phones[name].send(*records)
            assert answer.status_code == 200, answer.content
            for record, result in zip(records, answer.json()["results"], strict=True):
                assert result["scan_id"] == record["scan_id"]
                assert result["result"] in {"stored", "duplicate"}, result

    def quarantine(self, deliveries, chance):
        """Revoke the phones of these deliveries, let them bring what they held, and settle it."""
        by_phone, settled = defaultdict(list), []
        for delivery in deliveries:
            by_phone[delivery["device"]].append(self.record(delivery))
            settled.append((delivery["record"]["scan_id"], delivery["quarantine"]))
        for name, records in by_phone.items():
            phone = self.phones[name]
            enrolling_devices.revoke(device=phone.device, now=timezone.now())
            chance.shuffle(records)
            told = phone.post("scans/quarantine/", {"scans": records + records}).json()["results"]
            assert [each["result"] for each in told[len(records) :]] == ["duplicate"] * len(records)
        chance.shuffle(settled)
        for scan, verdict in settled:
            settle = {"accepted": accept_scans, "rejected": reject_scans}.get(verdict)
            if settle:
                settle(conference=self.conference, scans=[UUID(scan)], now=timezone.now())

    def presence(self):
        """Return the rows of presence as the vectors write them."""
        zones = {pk: number for number, pk in self.zones.items()}
        gates = {pk: number for number, pk in self.gates.items()}
        rows = [
            {
                "person": self.persons[row.delegate_id],
                "zone": zones[row.zone_id],
                "inside": row.inside,
                "in_ms": row.in_ms,
                "in_scan": row.in_scan and str(row.in_scan),
                "gate": gates[row.gate_id] if row.gate_id else None,
                "at_ms": row.at_ms,
                "at_scan": row.at_scan and str(row.at_scan),
            }
            for row in Presence.objects.filter(conference=self.conference)
            if row.at_ms is not None
        ]
        return sorted(rows, key=lambda row: (row["person"], row["zone"]))

    def entries(self):
        """Return the sum of entries of each zone."""
        told = dict.fromkeys(self.zones, 0)
        for number, pk in self.zones.items():
            for row in Presence.objects.filter(zone=pk):
                told[number] += row.entries
        return told

    def conflicts(self, *states):
        """Return the conflicts in these states, or all, as the vectors write them."""
        zones = {pk: number for number, pk in self.zones.items()}
        rows = Conflict.objects.filter(conference=self.conference).order_by("pk")
        return [
            {
                "id": row.pk,
                "kind": row.kind,
                "person": self.persons[row.delegate_id],
                "zone": zones[row.zone_id],
                "scans": row.scans,
            }
            for row in (rows.filter(state__in=states) if states else rows)
        ]


def instant(ms):
    """Return ms since the epoch as a datetime, exactly."""
    return None if ms is None else datetime.fromtimestamp(0, UTC) + timedelta(milliseconds=ms)


def is_tellable(history):
    """Whether all that guards saw is among the records: what servers decided cannot be told."""
    seen = [{**each, "decided": None} for each in history["deliveries"]]
    return all(scan["verdict"] for scan in one_set(seen)) and all(
        each["record"]["zone"] in {zone["id"] for zone in history["zones"]}
        for each in history["deliveries"]
    )
