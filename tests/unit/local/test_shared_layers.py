"""Layers as the emulator's workers find them."""

from __future__ import annotations

import zipfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from local.emulator_process import SharedLayers


@pytest.fixture(autouse=True)
def scratch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))


def archive(path: Path, **files: str) -> Path:
    path.parent.mkdir(exist_ok=True)
    with zipfile.ZipFile(path, "w") as made:
        for name, content in files.items():
            made.writestr(name, content)
    return path


def unpacked(worker: Path, **files: str) -> Path:
    """As MiniStack does it for a worker: looks at each name, and unpacks them all."""
    target = worker / "layer_0"
    target.mkdir(parents=True)
    with SharedLayers(archive(worker / "layer_0.zip", **files)) as layer:
        assert layer.namelist() == []  # nothing to look at
        layer.extractall(target)
    return target


def test_a_layer_is_unpacked_once_for_all_workers(tmp_path: Path) -> None:
    one, other = (unpacked(tmp_path / name, **{"python/a.py": "A = 1"}) for name in ("one", "other"))
    assert (one / "python" / "a.py").read_text() == "A = 1"
    assert one.resolve() == other.resolve()


def test_no_worker_finds_a_part_of_a_layer_that_another_is_unpacking(tmp_path: Path) -> None:
    files = {f"python/module_{number}.py": "" for number in range(2_000)}

    def seen(name: str) -> int:
        return len([*(unpacked(tmp_path / name, **files) / "python").iterdir()])

    with ThreadPoolExecutor(4) as workers:
        assert {*workers.map(seen, ["one", "two", "three", "four"])} == {len(files)}


def test_layers_that_differ_lie_apart(tmp_path: Path) -> None:
    first, second = unpacked(tmp_path / "one", a="1"), unpacked(tmp_path / "other", a="2")
    assert ((first / "a").read_text(), (second / "a").read_text()) == ("1", "2")


def test_no_name_leads_out_of_a_layer(tmp_path: Path) -> None:
    target = unpacked(tmp_path / "one", **{"../../escaped": "x"})
    assert [path.name for path in target.iterdir()] == ["escaped"]


def test_the_code_of_a_function_is_its_workers_own(tmp_path: Path) -> None:
    with SharedLayers(archive(tmp_path / "code.zip", **{"handler.py": "A = 1"})) as code:
        assert code.namelist() == ["handler.py"]
        code.extractall(tmp_path / "code")
    assert not (tmp_path / "code").is_symlink()
    assert (tmp_path / "code" / "handler.py").read_text() == "A = 1"
