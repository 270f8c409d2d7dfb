"""The folders that Lambda layers are made of, built without Docker. Knows nothing of CDK.

`python -m infra.layers --target aws` builds ahead of time; a synth after that needs no network.
"""

from __future__ import annotations

import argparse
import compileall
import hashlib
import json
import py_compile
import shutil
import subprocess
import sys
import sysconfig
import tempfile
import time
from dataclasses import asdict, dataclass
from pathlib import Path

from infra.configuration import TARGETS, Target

ROOT = Path(__file__).resolve().parent.parent
OPENHOUSE = ROOT / "layers" / "openhouse"
REQUIREMENTS = ROOT / "layers" / "dependencies" / "requirements.txt"
BUILT = ROOT / "build" / "layers"

AWS_PYTHON = "3.13"
AWS_PLATFORM = "aarch64-manylinux2014"
THIS_PYTHON = f"{sys.version_info.major}.{sys.version_info.minor}"


class LayerError(Exception):
    """The layer could not be built; the message says what to do."""


@dataclass(frozen=True, kw_only=True)
class Recipe:
    """Everything that decides what is in the dependencies layer: equal recipes give equal layers."""

    requirements: str
    python: str
    platform: str
    foreign: bool  # the platform is not this machine's, so uv has to be told
    bytecode: bool  # only the target's own interpreter can write bytecode that the target reads
    revision: int = 1  # raise when this file builds differently from the same inputs

    @classmethod
    def of(cls, target: Target) -> Recipe:
        requirements = REQUIREMENTS.read_text()
        if target == "local":
            return cls(
                requirements=requirements,
                python=THIS_PYTHON,
                platform=sysconfig.get_platform(),
                foreign=False,
                bytecode=True,
            )
        return cls(
            requirements=requirements,
            python=AWS_PYTHON,
            platform=AWS_PLATFORM,
            foreign=True,
            bytecode=THIS_PYTHON == AWS_PYTHON,
        )

    @property
    def digest(self) -> str:
        return hashlib.sha256(json.dumps(asdict(self), sort_keys=True).encode()).hexdigest()[:20]

    @property
    def folder(self) -> Path:
        """Where the layer is once it is built; it holds `python/`, as Lambda wants it."""
        return BUILT / self.digest


def build_dependencies(target: Target) -> Recipe:
    """Builds the layer unless the same one is there already. Raises LayerError."""
    recipe = Recipe.of(target)
    if recipe.folder.is_dir():
        return recipe
    BUILT.mkdir(parents=True, exist_ok=True)
    started = time.monotonic()
    _say(f"dependencies layer for {target}: installing for Python {recipe.python} on {recipe.platform}")
    # Built beside its place and renamed into it: a folder with the final name is always whole.
    with tempfile.TemporaryDirectory(dir=BUILT, prefix=f".{recipe.digest}-", ignore_cleanup_errors=True) as beside:
        unfinished = Path(beside) / "layer"
        _install(recipe, unfinished / "python")
        try:
            unfinished.rename(recipe.folder)
        except OSError:
            if not recipe.folder.is_dir():  # it is there if another process was quicker with the same layer
                raise
    _say(f"dependencies layer for {target}: {unzipped_mb(recipe.folder):.0f} MB in {time.monotonic() - started:.0f} s")
    return recipe


def unzipped_mb(folder: Path) -> float:
    """Lambda allows 250 MB for a function and its layers together."""
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file()) / 1e6


def _install(recipe: Recipe, python: Path) -> None:
    command = [sys.executable, "-m", "uv", "pip", "install", "--python", sys.executable, "--target", str(python)]
    if recipe.foreign:
        command += ["--python-platform", recipe.platform, "--python-version", recipe.python]
    # Without dependency resolution: the file pins the whole set, and what it lacks must not slip in unpinned.
    command += ["--only-binary", ":all:", "--no-deps", "--link-mode", "copy", "--requirements", str(REQUIREMENTS)]
    if subprocess.run(command, check=False, stdout=sys.stderr).returncode:  # noqa: S603 - a fixed command, no input
        raise LayerError(f"uv could not install {REQUIREMENTS.relative_to(ROOT)}: its own message is above")
    shutil.rmtree(python / "bin", ignore_errors=True)  # command-line tools, with this machine's paths in them
    (python / ".lock").unlink(missing_ok=True)
    if recipe.bytecode:
        # Hash-based, because zipping resets the timestamps by which Python would otherwise call bytecode stale.
        compileall.compile_dir(
            python,
            quiet=2,
            stripdir=str(python),
            prependdir="/opt/python",
            invalidation_mode=py_compile.PycInvalidationMode.UNCHECKED_HASH,
        )


def _say(line: str) -> None:
    sys.stderr.write(line + "\n")
    sys.stderr.flush()


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m infra.layers", description="Build the dependencies layer ahead.")
    parser.add_argument("--target", choices=TARGETS, action="append", required=True)
    for target in parser.parse_args().target:
        try:
            recipe = build_dependencies(target)
        except LayerError as error:
            _say(str(error))
            return 1
        _say(f"dependencies layer for {target}: ready in {recipe.folder.relative_to(ROOT)}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
