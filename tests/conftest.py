"""How the tests are shared out among the workers of one run."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

ROOT = Path(__file__).parent

# Tests that share something slow to make, of which each run has one: the deployed stack, the synthesised templates.
GROUPS = {"e2e": "deployed", "infra": "synthesised"}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    same: Counter[str] = Counter()
    for item in items:
        same[item.nodeid] += 1
        if (number := same[item.nodeid]) > 1:
            # schemathesis names the tests of all operations alike, and workers know a test by its name
            item._nodeid = f"{item.nodeid}[{number}]"  # type: ignore[attr-defined]
        folder = item.path.relative_to(ROOT).parts[0]
        if group := GROUPS.get(folder):
            item.add_marker(pytest.mark.xdist_group(group))
