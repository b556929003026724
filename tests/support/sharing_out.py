"""How the tests are shared out among workers: long ones first, so that none is waited for."""

from typing import Any

import pytest
from xdist.scheduler import LoadScopeScheduling

#: Files whose tests are long and have nothing in common: any worker may take the next of them.
DIVIDED = frozenset(
    {
        "tests/api/test_any_input.py",
        "tests/browser/test_every_page.py",
        "tests/house/test_run.py",
    }
)
#: From the least to the most; a browser's file is none to be left alone with at the end.
_LONG = ("browser", "slow", "journey")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the files that hold something long; workers take files in this order."""
    weight: dict[Any, int] = {}
    for item in items:
        long = [rank for rank, name in enumerate(_LONG, 1) if item.get_closest_marker(name)]
        weight[item.path] = max(weight.get(item.path, 0), *long, 0)
    items.sort(key=lambda item: -weight[item.path])


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> LoadScopeScheduling:
    """Give a worker one file after the other, or of some files one test."""
    return _Shares(config, log)


class _Shares(LoadScopeScheduling):
    def _split_scope(self, nodeid: str) -> str:
        file, _, _test = nodeid.partition("::")
        return nodeid if file in DIVIDED else file
