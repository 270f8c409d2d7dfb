"""What is in the layers, for AWS and for this machine."""

import re
import shutil
import ssl
import struct
import subprocess
import sys
from functools import partial
from importlib.metadata import version
from importlib.util import MAGIC_NUMBER
from pathlib import Path
from typing import Any

import botocore.loaders
import pytest
from botocore.regions import EndpointResolver

from infra import bytecode, layers
from infra.bytecode import compiler_of
from infra.layers import LayerError, Recipe, build_dependencies, build_function, build_openhouse, unzipped_mb
from openhouse.aws import SERVICES
from tests.infra.assembly import Assembly

AARCH64 = 183  # e_machine of an ELF file
MAGIC_OF_3_13 = 3571  # what its bytecode begins with
LIMIT_MB = 250


def test_the_layer_for_aws_holds_only_binaries_for_its_processor_and_python(aws_layer: Recipe):
    binaries = [*aws_layer.folder.rglob("*.so*")]

    assert binaries
    for binary in binaries:
        assert binary.name.endswith((".cpython-313-aarch64-linux-gnu.so", ".abi3.so"))
        assert struct.unpack_from("<H", binary.read_bytes(), 18) == (AARCH64,)


def test_the_layer_of_tasks_holds_what_is_pinned_alone_and_none_of_the_packages_of_all_functions():
    built = layers.build_task_libraries("aws").folder / "python"

    installed = {folder.name.removesuffix(".dist-info").replace("-", "_") for folder in built.glob("*.dist-info")}
    assert installed == {line.replace("==", "-").replace("-", "_") for line in pins(layers.TASK_REQUIREMENTS)}
    names = {line.partition("==")[0] for line in pins(layers.TASK_REQUIREMENTS)}
    assert names & {line.partition("==")[0] for line in pins()} == set()
    assert binaries_of(built)
    for binary in binaries_of(built):
        assert struct.unpack_from("<H", binary.read_bytes(), 18) == (AARCH64,)
    assert not without_bytecode(built, "cpython-313", MAGIC_OF_3_13)


def binaries_of(folder: Path) -> list[Path]:
    return [*folder.rglob("*.so*")]


def test_a_function_with_its_layers_stays_below_lambdas_limit(aws: Assembly, aws_layer: Recipe):
    of_tasks = layers.build_task_libraries("aws").folder
    size = unzipped_mb(aws_layer.folder) + unzipped_mb(layers.OPENHOUSE) + unzipped_mb(of_tasks)
    print(f"layers unzipped: {size:.1f} MB of {LIMIT_MB}")  # noqa: T201 - shown with -rP and on failure

    assert size + 1 < LIMIT_MB


def test_every_source_has_the_bytecode_of_its_target_and_keeps_it_in_a_zip(aws_layer: Recipe, local_layer: Recipe):
    this = sys.implementation.cache_tag, int.from_bytes(MAGIC_NUMBER[:2], "little")

    assert not without_bytecode(aws_layer.folder, "cpython-313", MAGIC_OF_3_13)
    assert not without_bytecode(local_layer.folder, *this)
    for build in (build_openhouse, partial(build_function, "crm")):
        assert not without_bytecode(build("aws").folder, "cpython-313", MAGIC_OF_3_13)
        assert not without_bytecode(build("local").folder, *this)


@pytest.mark.parametrize("in_webassembly", [True, False])
def test_a_python_writes_what_it_reads_itself(in_webassembly: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """A Python of version 3.13, if there is one here, and the one in WebAssembly, which `make setup` has installed."""
    if in_webassembly:
        monkeypatch.setattr(bytecode, "_version", lambda _python: "")
        version, magic = "3.13", MAGIC_OF_3_13
    else:
        version, magic = "{}.{}".format(*sys.version_info), int.from_bytes(MAGIC_NUMBER[:2], "little")
    (tmp_path / "package").mkdir()
    (tmp_path / "package" / "module.py").write_text("WORDS = {'some', 'words'}\n")
    (tmp_path / "broken.py").write_text("this is no Python\n")

    compiler = compiler_of.__wrapped__(version)
    assert compiler is not None
    compiler.compile(tmp_path, installed_at="/opt/python")

    (compiled,) = tmp_path.rglob("*.pyc")
    assert compiled.parent.parent.name == "package"
    head = compiled.read_bytes()
    assert int.from_bytes(head[:2], "little") == magic
    assert b"/opt/python/package/module.py" in head


def test_without_any_python_of_the_version_a_layer_is_built_all_the_same_and_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.setattr(layers, "BUILT", tmp_path)
    monkeypatch.setattr(layers, "compiler_of", lambda _version: None)

    built = build_function("crm", "aws")

    assert [file.name for file in built.folder.rglob("*") if file.is_file()] == ["handler.py"]
    assert "WARNING: no bytecode for /var/task: there is no Python 3.13 here" in capsys.readouterr().err


def test_another_source_is_another_layer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    before = build_function("crm", "aws")
    shutil.copytree(layers.ROOT / "functions", tmp_path / "functions")
    monkeypatch.setattr(layers, "ROOT", tmp_path)

    assert build_function("crm", "aws") == before
    (tmp_path / "functions" / "crm" / "handler.py").write_text("changed = True\n")
    assert build_function("crm", "aws").digest != before.digest


def test_the_tests_run_with_the_very_versions_that_are_deployed():
    pinned = dict(line.split("==") for line in (*pins(), *pins(layers.TASK_REQUIREMENTS)))

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


@pytest.mark.parametrize(
    "requirement",
    [
        f"openhouse-has-no-such-dependency==1.0 --hash=sha256:{'0' * 64}",
        f"idna=={version('idna')} --hash=sha256:{'0' * 64}",  # not the file that was pinned
        f"idna=={version('idna')}",
    ],
)
def test_a_layer_that_cannot_be_built_leaves_nothing_behind(
    requirement: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    impossible = tmp_path / "requirements.txt"
    impossible.write_text(f"{requirement}\n")
    monkeypatch.setattr(layers, "ROOT", tmp_path)
    monkeypatch.setattr(layers, "REQUIREMENTS", impossible)
    monkeypatch.setattr(layers, "BUILT", tmp_path / "built")

    with pytest.raises(LayerError, match="uv could not install"):
        build_dependencies("local")

    assert not [*(tmp_path / "built").iterdir()]


def test_all_that_is_deployed_carries_the_bytecode_of_the_deployed_python(aws: Assembly):
    assets = [*aws.folder.glob("asset.*")]

    assert len(assets) == len(aws.functions) + 3
    for folder in assets:
        assert not without_bytecode(folder, "cpython-313", MAGIC_OF_3_13)


# Does with the layers whatever functions do with what is large in them, and prints which of their files it opened.
USE = """
import importlib, pkgutil, sys

sys.path[:0] = [{openhouse!r}, {layer!r}]
opened = set()
sys.addaudithook(lambda event, given: opened.add(str(given[0])) if event == "open" else None)

import openhouse

OTHERS = ("openhouse.contract", "openhouse.importing", "openhouse.tasks.imports")  # no function's, or only with tasks'
for module in pkgutil.walk_packages(openhouse.__path__, "openhouse."):
    if not module.name.startswith(OTHERS):
        importlib.import_module(module.name)

import zoneinfo

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa
from openhouse import aws
from openhouse.crm import contact_details, file_types, places
from openhouse.storage.bucket import Bucket

for service in aws.SERVICES:
    aws.client(service)
Bucket(aws.client("s3"), "files").post_address("uploads/harbor/1", type_="image/png", size=1, seconds=1)
aws.trust()
file_types.proven_type("application/pdf", b"%PDF-1.7")
contact_details.phone("(415) 555-0123")
contact_details.email("zoe@example.com")
places.postal_code("02134", "US")
zoneinfo.reset_tzpath([])  # Lambda's system knows no zones
zoneinfo.ZoneInfo("Asia/Tokyo")
key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
jwt.decode(jwt.encode({{"sub": "ava"}}, key, "RS256"), key.public_key(), ["RS256"])
opened |= {{str(getattr(module, "__file__", "")) for module in [*sys.modules.values()]}}
print(*sorted(file for file in opened if file.startswith({layer!r})), sep="\\n")
"""
LARGE = 200_000  # bytes of a folder, without those below it


def test_nothing_large_is_in_the_layer_that_no_function_reads(local_layer: Recipe):
    layer = local_layer.folder / "python"
    program = USE.format(openhouse=str(layers.OPENHOUSE / "python"), layer=str(layer))
    environment = {"AWS_DEFAULT_REGION": "us-east-1", "AWS_ACCESS_KEY_ID": "x", "AWS_SECRET_ACCESS_KEY": "x"}
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-B", "-c", program], env=environment, check=False, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    opened = [Path(line).relative_to(layer) for line in done.stdout.splitlines()]

    packages = {each.name for each in layer.iterdir() if not each.name.endswith((".dist-info", "__pycache__"))}
    read = {file.parts[0] for file in opened} | {file.stem.split(".")[0] + ".py" for file in opened}
    assert packages - read == set()
    folders = {file.parent for file in opened} | {file.parent.parent for file in opened if "__pycache__" in file.parts}
    assert [each for each in large_folders(layer) if each not in folders] == []


def large_folders(layer: Path) -> list[Path]:
    return [
        folder.relative_to(layer)
        for folder in [each for each in layer.rglob("*") if each.is_dir() and ".dist-info" not in str(each)]
        if sum(file.stat().st_size for file in folder.iterdir() if file.is_file()) > LARGE
    ]


def test_botocores_description_of_a_service_is_trimmed_of_nothing_that_a_call_needs(local_layer: Recipe):
    """Every region's address, and what a call is made and read by, are as they were."""
    whole, trimmed = botocore.loaders.create_loader(), botocore.loaders.Loader(include_default_search_paths=False)
    trimmed.search_paths.append(str(local_layer.folder / "python" / "botocore" / "data"))
    assert trimmed.list_available_services("service-2") == [*SERVICES]
    for service in SERVICES:
        for kind in ("service-2", "endpoint-rule-set-1"):
            left, was = trimmed.load_service_model(service, kind), whole.load_service_model(service, kind)
            assert undocumented(left) == undocumented(was)
            assert left.get("clientContextParams") == was.get("clientContextParams")  # read with what is said of them
        of = {
            name: EndpointResolver(loader.load_data("endpoints"))
            for name, loader in (("whole", whole), ("trimmed", trimmed))
        }
        for partition in of["whole"].get_available_partitions():
            regions = of["whole"].get_available_endpoints(service, partition)
            assert of["trimmed"].get_available_endpoints(service, partition) == regions
            for region in regions:
                wanted = of["whole"].construct_endpoint(service, region)
                assert of["trimmed"].construct_endpoint(service, region) == wanted


def undocumented(value: Any) -> Any:
    if isinstance(value, dict):
        return {
            key: undocumented(each)
            for key, each in value.items()
            if key != "documentation" or not isinstance(each, str)
        }
    return [undocumented(each) for each in value] if isinstance(value, list) else value


def test_the_authorities_that_are_left_are_those_of_aws(local_layer: Recipe):
    trust = ssl.create_default_context(cafile=str(local_layer.folder / "python" / "botocore" / "cacert.pem"))
    subjects: list[Any] = [each["subject"] for each in trust.get_ca_certs()]
    names = {dict(part[0] for part in subject).get("commonName") for subject in subjects}

    assert {f"Amazon Root CA {number}" for number in range(1, 5)} < names
    assert "Starfield Services Root Certificate Authority - G2" in names
    assert len(names) < 15


def pins(file: Path | None = None) -> list[str]:
    """Each as `name==version`, without its hashes."""
    return re.findall(r"^[a-z0-9-]+==[^ ]+", (file or layers.REQUIREMENTS).read_text(), re.MULTILINE)


def without_bytecode(folder: Path, tag: str, magic: int) -> list[Path]:
    """The sources that a Python would compile anew, because what lies beside them is missing or not as it needs it."""
    unchecked_hash = 0b01
    sources = [*folder.rglob("*.py")]
    assert sources
    compiled = {file: file.parent / "__pycache__" / f"{file.stem}.{tag}.pyc" for file in sources}
    assert {*compiled.values()} == {*folder.rglob("*.pyc")}
    return [
        source
        for source, file in compiled.items()
        if struct.unpack_from("<HxxI", file.read_bytes()) != (magic, unchecked_hash)
    ]
