"""The Node scripts beside this file, run on the Node of this checkout."""

from __future__ import annotations

import subprocess
from functools import cache
from pathlib import Path

from deployed import ROOT
from deployed.cdk import NODE
from deployed.terminal import CommandFailed

_HERE = Path(__file__).parent


@cache  # a Node takes seconds to start, and the same input always makes the same
def run_script(name: str, text: str = "", *arguments: str) -> str:
    """What a script says when it is given `text`. Raises CommandFailed with its last words if it fails."""
    command = [str(NODE / "node"), str(_HERE / name), *arguments]
    run = subprocess.run(command, input=text, capture_output=True, text=True, cwd=ROOT, check=False)
    if run.returncode:
        raise CommandFailed(f"{name} failed:\n{run.stdout}{run.stderr}")
    return run.stdout
