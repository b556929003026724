"""The vectors of the check-in protocol, shared with ``tests/js``."""

import json
from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest

from checkin.counting import count, count_unidentified
from checkin.fold import fold_person
from checkin.merge import facts

VECTORS: dict[str, Any] = json.loads(
    (Path(__file__).parent / "cp1-vectors.json").read_text(encoding="utf-8")
)
SECTIONS = {
    "qr_case": "qr",
    "unknown_case": "unknown",
    "badge_case": "badges",
    "card_case": "cards",
    "time_case": "times",
    "verdict_case": "verdicts",
    "conflict_case": "conflict_ids",
    "local_case": "local",
    "history_case": "histories",
}


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run a test that asks for ``…_case`` once for each case of that section."""
    for argument in SECTIONS.keys() & set(metafunc.fixturenames):
        cases = VECTORS[SECTIONS[argument]]
        metafunc.parametrize(argument, cases, ids=[case["name"] for case in cases])


@pytest.fixture(scope="session")
def vector_keys() -> dict[str, Any]:
    """The conference number, its secret and its keys."""
    return VECTORS["keys"]


@pytest.fixture(scope="session")
def outcome():
    """The function that gives what follows from merged deliveries."""
    return _outcome


def _outcome(history, merged):
    """All that follows from merged deliveries, as the vectors write it."""
    zones = {zone["id"]: zone for zone in history["zones"]}
    persons, strangers = defaultdict(list), []
    for scan in facts(merged.values()):
        owner = history["lookups"].get(scan.lookup)
        (persons[owner["person"]] if owner else strangers).append(scan)
    revoked = {lookup: owner["revoked_ms"] for lookup, owner in history["lookups"].items()}
    folds = {
        person: fold_person(
            scans, zones, revoked=revoked, blocked=history["blocked"].get(person, ())
        )
        for person, scans in sorted(persons.items())
    }
    return {
        "presence": [
            {"person": person, "zone": zone, **folded.presence}
            for person, here in folds.items()
            for zone, folded in here.items()
        ],
        "counts": count(
            folds.values(),
            zones,
            now_ms=history["now"],
            unidentified=count_unidentified(strangers),
        ),
        "conflicts": sorted(
            (
                {
                    "id": clash.id,
                    "kind": clash.kind,
                    "person": person,
                    "zone": zone,
                    "scans": list(clash.scans),
                }
                for person, here in folds.items()
                for zone, folded in here.items()
                for clash in folded.clashes
            ),
            key=lambda conflict: conflict["id"],
        ),
    }


@pytest.fixture(scope="session")
def genuine_codes() -> list[str]:
    """Texts of genuine badges."""
    return [case["text"] for case in VECTORS["qr"] if "payload" in case]
