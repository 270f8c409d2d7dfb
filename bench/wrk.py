"""wrk, the load generator in C: the one on the PATH, or Debian's package unpacked in `build/`, which needs no root."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from deployed import ROOT

PACKAGES = ("wrk", "libluajit-5.1-2")  # the rest of what it is linked with is on every Debian
UNPACKED = ROOT / "build" / "wrk"
_SECONDS = 120


class WrkMissing(Exception):
    """The message says why there is none."""


@dataclass(frozen=True)
class Wrk:
    """`environment`: the variables it runs with, all of them."""

    command: str
    environment: Mapping[str, str] = field(default_factory=lambda: dict(os.environ))


def find(folder: Path = UNPACKED, *, which: Callable[[str], str | None] = shutil.which) -> Wrk:
    """Raises WrkMissing."""
    if command := which("wrk"):
        return Wrk(command)
    program = folder / "usr" / "bin" / "wrk"
    if not program.exists():
        _unpack(folder, which)
    libraries = ":".join(str(each.parent) for each in folder.glob("usr/lib/*/libluajit-5.1.so.2"))
    found = Wrk(str(program), {**os.environ, "LD_LIBRARY_PATH": libraries})
    said = subprocess.run([found.command, "-v"], env=dict(found.environment), capture_output=True, check=False)
    if not said.stdout.startswith(b"wrk "):
        raise WrkMissing(f"Debian's wrk does not run here: {said.stderr.decode(errors='replace').strip()}")
    return found


def _unpack(folder: Path, which: Callable[[str], str | None]) -> None:
    tools = [name for name in ("apt-get", "dpkg-deb") if not which(name)]
    if tools:
        raise WrkMissing(f"there is no wrk here, nor {' and '.join(tools)} to fetch it with: install wrk")
    folder.mkdir(parents=True, exist_ok=True)
    _run(["apt-get", "download", *PACKAGES], folder)
    for package in [*folder.glob("*.deb")]:
        _run(["dpkg-deb", "-x", str(package), "."], folder)
        package.unlink()


def _run(command: Sequence[str], folder: Path) -> None:
    try:
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=_SECONDS, check=False)
    except subprocess.TimeoutExpired as error:
        raise WrkMissing(f"there is no wrk here, and {command[0]} does not end: install wrk") from error
    if done.returncode:
        last = (done.stderr.strip().splitlines() or ["it says nothing"])[-1]
        raise WrkMissing(f"there is no wrk here, and {command[0]} cannot fetch it: {last}")
