"""The folders that Lambda layers and functions are made of, built without Docker. Knows nothing of CDK.

`python -m infra.layers --target aws` builds ahead of time; a synth after that needs no network.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import shutil
import subprocess
import sys
import sysconfig
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

from infra import trimming
from infra.bytecode import compiler_of
from infra.configuration import TARGETS, Target
from infra.trimming import trim
from openhouse.aws import SERVICES

ROOT = Path(__file__).resolve().parent.parent
OPENHOUSE = ROOT / "layers" / "openhouse"
REQUIREMENTS = ROOT / "layers" / "dependencies" / "requirements.txt"  # of all functions
TASK_REQUIREMENTS = ROOT / "layers" / "tasks" / "requirements.txt"  # of the function that works on tasks, beside those
BUILT = ROOT / "build" / "layers"

AWS_PYTHON = "3.13"
AWS_PLATFORM = "aarch64-manylinux2014"
AWS_TASK_PLATFORM = "aarch64-manylinux_2_28"  # older ones get no wheels of some; Python 3.13 has 2.34 on Lambda
TRIMMING = Path(trimming.__file__).read_text() + repr(SERVICES)
THIS_PYTHON = f"{sys.version_info.major}.{sys.version_info.minor}"


class LayerError(Exception):
    """The layer could not be built; the message says what to do."""


@dataclass(frozen=True, kw_only=True)
class Recipe:
    """Everything that decides what is in a layer of third-party packages: equal recipes give equal layers."""

    requirements: str
    python: str
    platform: str
    foreign: bool  # the platform is not this machine's, so uv has to be told
    bytecode: bool  # whether there is a Python here that can write what the target reads
    trimming: str  # what takes things out, and what it takes them out by
    revision: int = 3  # raise when this file builds differently from the same inputs

    @classmethod
    def of(cls, target: Target) -> Recipe:
        return cls._of(target, REQUIREMENTS, AWS_PLATFORM, TRIMMING)

    @classmethod
    def of_tasks(cls, target: Target) -> Recipe:
        return cls._of(target, TASK_REQUIREMENTS, AWS_TASK_PLATFORM, "")

    @classmethod
    def _of(cls, target: Target, file: Path, aws_platform: str, trimming: str) -> Recipe:
        requirements = file.read_text()
        if target == "local":
            return cls(
                requirements=requirements,
                python=THIS_PYTHON,
                platform=sysconfig.get_platform(),
                foreign=False,
                bytecode=True,
                trimming=trimming,
            )
        return cls(
            requirements=requirements,
            python=AWS_PYTHON,
            platform=aws_platform,
            foreign=True,
            bytecode=compiler_of(AWS_PYTHON) is not None,
            trimming=trimming,
        )

    @property
    def digest(self) -> str:
        return hashlib.sha256(json.dumps(asdict(self), sort_keys=True).encode()).hexdigest()[:20]

    @property
    def folder(self) -> Path:
        """Where the layer is once it is built; it holds `python/`, as Lambda wants it."""
        return BUILT / self.digest


def build_dependencies(target: Target) -> Recipe:
    """Builds the layer of all functions unless the same one is there already. Raises LayerError."""
    return _build(f"dependencies layer for {target}", Recipe.of(target), REQUIREMENTS, trim)


def build_task_libraries(target: Target) -> Recipe:
    """The same of the layer of tasks."""
    return _build(f"layer of tasks for {target}", Recipe.of_tasks(target), TASK_REQUIREMENTS, lambda _python: None)


def _build(what: str, recipe: Recipe, requirements: Path, shorten: Callable[[Path], None]) -> Recipe:
    if recipe.folder.is_dir():
        return recipe
    started = time.monotonic()
    _say(f"{what}: installing for Python {recipe.python} on {recipe.platform}")

    def make(folder: Path) -> None:
        _install(recipe, requirements, folder / "python")
        shorten(folder / "python")
        _compile(recipe.python, folder / "python", installed_at="/opt/python")

    _build_once(recipe.folder, make)
    _say(f"{what}: {unzipped_mb(recipe.folder):.0f} MB in {time.monotonic() - started:.0f} s")
    return recipe


@dataclass(frozen=True)
class Built:
    """A folder of our own code, with bytecode beside the sources. `digest`: equal ones hold the same."""

    folder: Path
    digest: str


def build_openhouse(target: Target) -> Built:
    """The layer of the shared package."""
    return _build_own(OPENHOUSE, target, sources="python", installed_at="/opt/python")


def build_function(name: str, target: Target) -> Built:
    return _build_own(ROOT / "functions" / name, target, sources=".", installed_at="/var/task")


def _build_own(origin: Path, target: Target, *, sources: str, installed_at: str) -> Built:
    """`sources`: the part of the folder that holds Python, and will lie at `installed_at`."""
    recipe = Recipe.of(target)
    files = sorted(path for path in origin.rglob("*") if path.is_file() and "__pycache__" not in path.parts)
    known = hashlib.sha256(repr((recipe.python, recipe.bytecode, recipe.revision)).encode())
    for file in files:
        known.update(repr((str(file.relative_to(origin)), file.read_bytes())).encode())
    digest = known.hexdigest()[:20]

    def make(folder: Path) -> None:
        shutil.copytree(origin, folder, ignore=shutil.ignore_patterns("__pycache__", "*.pyc"))
        _compile(recipe.python, folder / sources, installed_at=installed_at)

    built = BUILT / f"{origin.name}-{digest}"
    if not built.is_dir():
        _build_once(built, make)
    return Built(built, digest)


def _build_once(place: Path, make: Callable[[Path], None]) -> None:
    """Builds beside the place and renames: a folder with the final name is always whole."""
    BUILT.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=BUILT, prefix=f".{place.name}-", ignore_cleanup_errors=True) as beside:
        unfinished = Path(beside) / "layer"
        make(unfinished)
        try:
            unfinished.rename(place)
        except OSError:
            if not place.is_dir():  # it is there if another process was quicker with the same
                raise


def _compile(version: str, folder: Path, *, installed_at: str) -> None:
    compiler = compiler_of(version)
    if compiler is not None:
        compiler.compile(folder, installed_at=installed_at)
        return
    _say(
        f"WARNING: no bytecode for {installed_at}: there is no Python {version} here, nor node with the npm package "
        "pyodide. Every cold start will compile all that it imports, which takes half a second and more."
    )


def unzipped_mb(folder: Path) -> float:
    """Lambda allows 250 MB for a function and its layers together."""
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file()) / 1e6


def _install(recipe: Recipe, requirements: Path, python: Path) -> None:
    command = [sys.executable, "-m", "uv", "pip", "install", "--python", sys.executable, "--target", str(python)]
    if recipe.foreign:
        command += ["--python-platform", recipe.platform, "--python-version", recipe.python]
    # Without dependency resolution: the file pins the whole set by hash, and what it lacks must not slip in.
    command += [
        "--only-binary",
        ":all:",
        "--no-deps",
        "--require-hashes",
        "--link-mode",
        "copy",
        "--requirements",
        str(requirements),
    ]
    if subprocess.run(command, check=False, stdout=sys.stderr).returncode:  # noqa: S603 - a fixed command, no input
        raise LayerError(f"uv could not install {requirements.relative_to(ROOT)}: its own message is above")
    shutil.rmtree(python / "bin", ignore_errors=True)  # command-line tools, with this machine's paths in them
    (python / ".lock").unlink(missing_ok=True)


def _say(line: str) -> None:
    sys.stderr.write(line + "\n")
    sys.stderr.flush()


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m infra.layers", description="Build the layers of packages ahead.")
    parser.add_argument("--target", choices=TARGETS, action="append", required=True)
    for target in parser.parse_args().target:
        try:
            recipes = (build_dependencies(target), build_task_libraries(target))
        except LayerError as error:
            _say(str(error))
            return 1
        for recipe in recipes:
            _say(f"layer for {target}: ready in {recipe.folder.relative_to(ROOT)}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
