"""What is in the layers, for AWS and for this machine."""

import struct
import sys
from importlib.metadata import version
from pathlib import Path

import pytest

from infra import layers
from infra.layers import LayerError, Recipe, build_dependencies, unzipped_mb
from tests.infra.assembly import Assembly

AARCH64 = 183  # e_machine of an ELF file
LIMIT_MB = 250


def test_the_layer_for_aws_holds_only_binaries_for_its_processor_and_python(aws_layer: Recipe):
    binaries = [*aws_layer.folder.rglob("*.so*")]

    assert binaries
    for binary in binaries:
        assert binary.name.endswith((".cpython-313-aarch64-linux-gnu.so", ".abi3.so"))
        assert struct.unpack_from("<H", binary.read_bytes(), 18) == (AARCH64,)


def test_a_function_with_its_layers_stays_below_lambdas_limit(aws: Assembly, aws_layer: Recipe):
    size = unzipped_mb(aws_layer.folder) + unzipped_mb(layers.OPENHOUSE)
    print(f"layers unzipped: {size:.1f} MB of {LIMIT_MB}")  # noqa: T201 - shown with -rP and on failure

    assert size + 1 < LIMIT_MB


def test_bytecode_is_the_targets_own_and_survives_zipping(aws_layer: Recipe, local_layer: Recipe):
    assert not wrong_bytecode(aws_layer, "cpython-313")
    assert not wrong_bytecode(local_layer, sys.implementation.cache_tag)
    assert [*local_layer.folder.rglob("*.pyc")]


def test_the_tests_run_with_the_very_versions_that_are_deployed():
    pinned = dict(line.split("==") for line in pins())

    assert pinned
    assert pinned == {name: version(name) for name in pinned}


def test_a_layer_holds_what_is_pinned_and_nothing_else(aws_layer: Recipe):
    pinned = {line.replace("==", "-").replace("-", "_") for line in pins()}
    installed = {
        folder.name.removesuffix(".dist-info").replace("-", "_") for folder in aws_layer.folder.glob("*/*.dist-info")
    }

    assert installed == pinned
    assert not (aws_layer.folder / "python" / "bin").exists()


def test_another_pin_or_another_target_is_another_layer(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    before = Recipe.of("aws")
    assert Recipe.of("aws").folder == before.folder
    assert Recipe.of("local").folder != before.folder

    changed = tmp_path / "requirements.txt"
    changed.write_text(before.requirements.replace("pydantic==", "pydantic==9"))
    monkeypatch.setattr(layers, "REQUIREMENTS", changed)

    assert Recipe.of("aws").folder != before.folder


def test_a_layer_that_cannot_be_built_leaves_nothing_behind(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    impossible = tmp_path / "requirements.txt"
    impossible.write_text("openhouse-has-no-such-dependency==1.0\n")
    monkeypatch.setattr(layers, "ROOT", tmp_path)
    monkeypatch.setattr(layers, "REQUIREMENTS", impossible)
    monkeypatch.setattr(layers, "BUILT", tmp_path / "built")
    monkeypatch.setenv("UV_OFFLINE", "1")

    with pytest.raises(LayerError, match="uv could not install"):
        build_dependencies("local")

    assert not [*(tmp_path / "built").iterdir()]


def test_what_is_deployed_of_our_own_code_carries_no_bytecode(aws: Assembly):
    ours = [folder for folder in aws.folder.glob("asset.*") if not [*folder.glob("python/pydantic")]]

    assert len(ours) == len(aws.functions) + 1
    assert not [file for folder in ours for file in folder.rglob("*.pyc")]


def pins() -> list[str]:
    return [line for line in layers.REQUIREMENTS.read_text().splitlines() if line and not line.startswith("#")]


def wrong_bytecode(recipe: Recipe, tag: str) -> list[Path]:
    unchecked_hash = 0b01
    return [
        file
        for file in recipe.folder.rglob("*.pyc")
        if not file.name.endswith(f".{tag}.pyc") or struct.unpack_from("<I", file.read_bytes(), 4) != (unchecked_hash,)
    ]
