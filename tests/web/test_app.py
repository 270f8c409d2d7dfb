"""The web app: its types, its style, and the tests of what needs no browser."""

from __future__ import annotations

import subprocess

import pytest

from deployed import ROOT
from deployed.cdk import NODE

APP = ROOT / "web" / "app"


@pytest.mark.parametrize("script", ["check", "lint", "test"])
@pytest.mark.timeout(600)  # a few seconds of work, for a machine that has other things to do as well
def test_its_own_checks_pass(script: str) -> None:
    command = [str(NODE / "npm"), "run", "--silent", script]
    run = subprocess.run(command, cwd=APP, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout + run.stderr
