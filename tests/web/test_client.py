"""The browser client: its own tests, the recordings of the simulator that it follows, its style, size and package."""

from __future__ import annotations

import re
import tarfile
from pathlib import Path

import pytest

from contractgen.fields import list_tables
from deployed import ROOT
from tests.contract.sixth_module import SIX
from tests.simulator.recording import record
from tests.web.list_vectors import list_vectors
from tests.web.node_tools import CLIENT, pack, run_node, run_tool

SEEDS = range(201, 701)  # 500 of them, with whatever is rare among what they show
WORLD = Path(__file__).with_name("example_world.mjs")
EXAMPLE = re.compile(r"```(tsx?)\n(.*?)```", re.DOTALL)
TELLING = (CLIENT / "README.md", ROOT / "docs" / "frontend.md")  # what has examples of it


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return pack(tmp_path_factory.mktemp("package"))


def test_it_does_what_its_tests_say_and_follows_every_recording_of_the_simulator(tmp_path: Path) -> None:
    record(tmp_path / "recordings", SEEDS)
    vectors, listed = tmp_path / "lists.json", tmp_path / "listed.ts"
    vectors.write_text(list_vectors(SIX))
    listed.write_text(list_tables(SIX))
    told = {"RECORDINGS": tmp_path / "recordings", "LIST_VECTORS": vectors, "LISTED": listed}
    run_tool("vitest", "vitest", "run", env={f"OPENHOUSE_{name}": str(path) for name, path in told.items()})


def test_it_is_written_as_its_linter_wants_it() -> None:
    run_tool("oxlint", "oxlint", "--type-aware", "--deny-warnings")


def test_it_is_as_small_as_it_promises_to_be(archive: Path) -> None:
    assert archive.exists()  # so it is built
    run_tool("size-limit", "size-limit")


def test_its_package_is_one_that_bundlers_and_compilers_can_use(archive: Path) -> None:
    run_tool("publint", "publint", "run", str(archive), "--strict")
    run_tool("@arethetypeswrong/cli", "attw", str(archive), "--profile", "esm-only", "--no-emoji")


def test_its_package_holds_what_is_built_and_nothing_else(archive: Path) -> None:
    with tarfile.open(archive) as package:
        names = {name.removeprefix("package/") for name in package.getnames()}
    built = {name for name in names if name.startswith("dist/")}
    assert names - built == {"LICENSE", "README.md", "package.json"}
    sources = {path.stem for path in (CLIENT / "src").rglob("*.ts")}
    assert {Path(name).name.removesuffix(".js").removesuffix(".d.ts") for name in built} == sources


@pytest.fixture(scope="module")
def examples(archive: Path, tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Each in a file of its own, beside the client as it is built: those of the README first."""
    assert archive.exists()
    folder = tmp_path_factory.mktemp("examples")
    (folder / "node_modules" / "@openhouse").mkdir(parents=True)
    (folder / "node_modules" / "@openhouse" / "client").symlink_to(CLIENT)
    for name in ("react", "react-dom", "@types", "@tanstack"):
        (folder / "node_modules" / name).symlink_to(CLIENT.parents[1] / "node_modules" / name)
    (folder / "package.json").write_text('{"type": "module"}')
    files: list[Path] = []
    found = [each for document in TELLING for each in EXAMPLE.findall(document.read_text())]
    for number, (kind, example) in enumerate(found):
        files.append(folder / f"example{number}.{kind}")
        files[-1].write_text(f"{example}\nexport {{}};\n")
    return files


def test_the_examples_of_its_readme_and_its_guide_compile_against_what_is_built(examples: list[Path]) -> None:
    assert [path.suffix for path in examples] == [".ts", ".ts", ".ts", ".ts", ".tsx"]
    settings = ["--ignoreConfig", "--strict", "--noEmit", "--target", "es2023", "--module", "nodenext", "--types", ""]
    run_tool("typescript", "tsc", *settings, "--jsx", "react-jsx", *map(str, examples))


def test_the_first_example_shows_a_list_and_what_somebody_else_changes_in_it(examples: list[Path]) -> None:
    shown = run_node("--import", str(WORLD), str(examples[0]))
    assert shown.splitlines() == ["1 is closed, says ava", "connected", "1 Davis closed"]
