"""The tools of `web/client`, run on the Node of this checkout."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from deployed import ROOT
from deployed.cdk import NODE

CLIENT = ROOT / "web" / "client"
_MODULES = ROOT / "node_modules"


def run_tool(package: str, command: str, *arguments: str, env: Mapping[str, str] | None = None) -> str:
    """What a package's command prints in the client's folder. Raises AssertionError with that if it fails."""
    commands = json.loads((_MODULES / package / "package.json").read_text())["bin"]
    script = commands if isinstance(commands, str) else commands[command]
    return _run([str(NODE / "node"), str(_MODULES / package / script), *arguments], env or {})


def run_node(*arguments: str) -> str:
    """The same of a script."""
    return _run([str(NODE / "node"), *arguments], {})


def pack(folder: Path) -> Path:
    """The archive that would be published, built afresh."""
    shutil.rmtree(CLIENT / "dist", ignore_errors=True)
    run_tool("typescript", "tsc", "--project", "tsconfig.build.json")
    npm = Path(sys.executable).parent / "npm"
    _run([str(npm), "pack", "--silent", "--pack-destination", str(folder)], {})
    (archive,) = folder.glob("*.tgz")
    return archive


def _run(command: list[str], env: Mapping[str, str]) -> str:
    path = os.pathsep.join([str(NODE), os.environ["PATH"]])
    surroundings = {**os.environ, "PATH": path, "NO_COLOR": "1", **env}
    run = subprocess.run(command, cwd=CLIENT, env=surroundings, capture_output=True, text=True, check=False)
    said = run.stdout + run.stderr
    assert run.returncode == 0, said
    return said
