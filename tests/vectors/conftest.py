"""The vectors of the check-in protocol, shared with ``tests/js``."""

import json
from pathlib import Path
from typing import Any

import pytest

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
