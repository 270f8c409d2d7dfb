"""Bytecode for the Python that a target runs. Knows nothing of CDK.

A layer cannot be written to on Lambda: without bytecode in it, every cold start compiles all that it imports. Bytecode
is the same on every processor, but each minor version of Python has its own, and only such a Python writes it:
the one that runs this, one on the PATH, or CPython in WebAssembly, which npm installs as `pyodide`.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Sequence
from functools import cache
from pathlib import Path

_HERE = Path(__file__).resolve().parent
_IN_WEBASSEMBLY = _HERE / "compile.mjs"
_PYODIDE = _HERE.parent / "node_modules" / "pyodide" / "pyodide-lock.json"

# Hash-based and unchecked, because zipping resets the timestamps by which Python would call bytecode stale.
_COMPILE = """
import compileall, py_compile, sys
compileall.compile_dir(
    sys.argv[1], quiet=2, stripdir=sys.argv[1], prependdir=sys.argv[2],
    invalidation_mode=py_compile.PycInvalidationMode.UNCHECKED_HASH,
)
"""


class Compiler:
    """`command`: what compiles the sources below a folder, its first argument, that will lie at the second."""

    def __init__(self, command: Sequence[str]) -> None:
        self._command = tuple(command)

    def compile(self, folder: Path, *, installed_at: str) -> None:
        """A source that this Python does not understand stays without bytecode. Raises OSError or SubprocessError."""
        subprocess.run([*self._command, str(folder), installed_at], check=True, stdout=sys.stderr)  # noqa: S603


@cache
def compiler_of(version: str) -> Compiler | None:
    """Of a minor version such as `3.13`; None if there is none here."""
    for python in (sys.executable, shutil.which(f"python{version}")):
        if python and _version(python) == version:
            return Compiler([python, "-c", _COMPILE])
    node = shutil.which("node", path=str(Path(sys.executable).parent)) or shutil.which("node")
    if node and _version_in_webassembly().startswith(f"{version}."):
        return Compiler([node, str(_IN_WEBASSEMBLY)])
    return None


def _version(python: str) -> str:
    """Nothing if it fails, as a version manager's stand-in for a Python that is not chosen does."""
    command = [python, "-c", "import sys; print('%d.%d' % sys.version_info[:2])"]
    try:
        done = subprocess.run(command, check=False, capture_output=True, text=True, timeout=60)  # noqa: S603
    except (OSError, subprocess.SubprocessError):
        return ""
    return done.stdout.strip() if done.returncode == 0 else ""


def _version_in_webassembly() -> str:
    """As its package says: to start it takes seconds. Nothing if it is not installed."""
    try:
        return str(json.loads(_PYODIDE.read_text())["info"]["python"])
    except OSError:
        return ""
