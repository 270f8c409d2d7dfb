"""The TypeScript compiler, on files beside the contract's types."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Mapping
from pathlib import Path

from deployed import ROOT
from deployed.cdk import NODE

CLIENT = ROOT / "web" / "client"
_TSC = ROOT / "node_modules" / "typescript" / "bin" / "tsc"


def compile_client() -> str:
    """What the compiler says of the client as it is."""
    return _tsc(CLIENT / "tsconfig.json")


def compile_beside(contract: str, files: Mapping[str, str], folder: Path) -> str:
    """What it says, under the client's settings, of files that import "./contract.js"."""
    for name, text in {"contract.ts": contract, **files}.items():
        (folder / name).write_text(text)
    settings = {
        "extends": str(CLIENT / "tsconfig.json"),
        "compilerOptions": {"types": []},  # Node's are not to be found from there
        "include": [str(folder)],
    }
    (folder / "tsconfig.json").write_text(json.dumps(settings))
    return _tsc(folder / "tsconfig.json")


def _tsc(project: Path) -> str:
    command = [str(NODE / "node"), str(_TSC), "--pretty", "false", "--project", str(project)]
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd=project.parent).stdout
