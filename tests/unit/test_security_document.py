"""docs/security.md names a test for each of its claims, and these exist."""

from __future__ import annotations

import ast
import re
from functools import cache

import pytest

from deployed import ROOT

TEXT = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
NAMED = re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", TEXT)
CLAIMS = TEXT.partition("\n## Claims\n")[2].partition("\n## ")[0]
ROWS = [line for line in CLAIMS.splitlines() if line.startswith("| ") and not line.startswith("| claim |")]


@cache
def names_in(path: str) -> frozenset[str]:
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    return frozenset(node.name for node in tree.body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))


@pytest.mark.parametrize("row", ROWS, ids=[row.split("|")[1].strip()[:60] for row in ROWS])
def test_every_claim_names_a_test(row: str) -> None:
    _, claim, tests, _ = row.split("|")
    assert claim.strip()
    assert re.fullmatch(r" `tests/[\w/]+\.py::test_\w+`(, `tests/[\w/]+\.py::test_\w+`)* ", tests)


def test_every_named_test_exists() -> None:
    assert [f"{path}::{name}" for path, name in NAMED if name not in names_in(path)] == []
    assert len(NAMED) > 60
