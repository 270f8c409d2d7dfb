"""The web app: its types, its style, and the tests of what needs no browser."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping

import pytest

from contractgen.fields import field_tables, list_tables
from deployed import ROOT
from deployed.cdk import NODE
from tests.contract.sixth_module import SIX

APP = ROOT / "web" / "app"
TOOLS = ROOT / "node_modules" / ".bin"
DECLARED = ROOT / "build" / "declared"  # Vite serves nothing from outside of the repository


@pytest.mark.parametrize(
    "command",
    [["tsc", "--project", "tsconfig.json"], ["oxlint", "--type-aware", "--deny-warnings"]],
    ids=["types", "style"],
)
def test_its_own_checks_pass(command: list[str]) -> None:
    _run(command)


def test_its_own_tests_pass_also_for_a_module_that_is_only_declared() -> None:
    DECLARED.mkdir(parents=True, exist_ok=True)
    (DECLARED / "fields.ts").write_text(field_tables(SIX))
    (DECLARED / "listed.ts").write_text(list_tables(SIX))
    _run(["vitest", "run"], {"OPENHOUSE_DECLARED": str(DECLARED)})


def _run(command: list[str], told: Mapping[str, str] | None = None) -> None:
    tool, *arguments = command
    path = f"{NODE}{os.pathsep}{TOOLS}{os.pathsep}{os.environ['PATH']}"
    environment = {**os.environ, "PATH": path, **(told or {})}
    run = subprocess.run(
        [str(TOOLS / tool), *arguments], cwd=APP, env=environment, capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stdout + run.stderr
