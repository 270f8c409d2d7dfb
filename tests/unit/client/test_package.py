"""The client as a package of its own: what `pip install clients/python` brings."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the built wheel is installed, and nothing else."""
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(folder)]
    subprocess.run(build, cwd=ROOT / "clients" / "python", check=True, capture_output=True)
    (wheel,) = folder.glob("*.whl")
    zipfile.ZipFile(wheel).extractall(folder / "site")
    return folder / "site"


def run(site: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(site)}
    return subprocess.run(
        [sys.executable, *arguments], cwd=site, env=environment, capture_output=True, text=True, check=False
    )


def test_the_wheel_imports_without_the_rest_of_the_repository(site: Path) -> None:
    script = "import sys, openhouse_client as c; print(c.__file__); print(sys.modules.keys() & {'openhouse', 'local'})"
    ran = run(site, "-c", script)
    assert ran.stdout.splitlines() == [str(site / "openhouse_client" / "__init__.py"), "set()"], ran.stderr


@pytest.fixture(scope="module")
def checked(site: Path) -> str:
    """What mypy says of a script, and of the README's example: asked once, as it reads all of typeshed each time."""
    example = (ROOT / "clients" / "python" / "README.md").read_text().split("```python\n")[1].split("```")[0]
    (site / "example.py").write_text(example)
    (site / "script.py").write_text(
        "from openhouse_client import Position\nreveal_type(Position('e', 1).next.seq)\nPosition(1, 'x')\n"
    )
    scripts = ["script.py", "example.py"]
    return run(site, "-m", "mypy", "--strict", "--config-file=", "--cache-dir", os.devnull, *scripts).stdout


def test_the_wheel_is_typed(checked: str) -> None:
    assert "script.py:2: note: Revealed type is" in checked
    assert "Any" not in checked
    assert "script.py:3: error: Argument 1" in checked


def test_the_example_of_the_readme_is_valid(checked: str) -> None:
    assert "script.py" in checked
    assert "example.py" not in checked
    assert "checked 2 source files" in checked
