"""What a deployment consists of that others have made: a bill of materials, in CycloneDX.

Read from what is pinned: the requirements of both layers and package-lock.json, as far as the app's page holds it.
`python -m infra.sbom FILE` writes it; the same pins make the same file.
"""

from __future__ import annotations

import base64
import json
import re
import sys
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from cyclonedx.contrib.license.factories import LicenseFactory
from cyclonedx.model import HashAlgorithm, HashType, Property
from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.output.json import JsonV1Dot6
from packageurl import PackageURL

ROOT = Path(__file__).parents[1]
LAYERS = ("dependencies", "tasks")
_PINNED = re.compile(r"^([A-Za-z0-9._-]+)==([^\s;\\]+)")
_SHA256 = re.compile(r"--hash=sha256:([0-9a-f]{64})")


def bill() -> Bom:
    bom = Bom(components=[*python_components(), *npm_components()])
    bom.serial_number = uuid5(NAMESPACE_URL, " ".join(sorted(str(each.purl) for each in bom.components)))
    bom.metadata.component = Component(name="openhouse", type=ComponentType.APPLICATION, bom_ref="openhouse")
    bom.register_dependency(bom.metadata.component, bom.components)
    return bom


def python_components() -> Iterator[Component]:
    """Of both layers, each once, with the hash of every file that may be installed."""
    known: set[str] = set()
    for layer in LAYERS:
        for name, version, hashes in pins(ROOT / "layers" / layer / "requirements.txt"):
            if name not in known:
                known.add(name)
                yield _component("pypi", name, version, _python_license(name), [_sha256(each) for each in hashes])


def pins(path: Path) -> Iterator[tuple[str, str, list[str]]]:
    """Of a file that `make requirements` has written: name, version and SHA-256 hashes."""
    for block in re.split(r"\n(?=\S)", path.read_text(encoding="utf-8")):
        if found := _PINNED.match(block):
            yield found[1].lower(), found[2], _SHA256.findall(block)


def npm_components() -> Iterator[Component]:
    """What the page that browsers load is made of; what builds it is left out."""
    lock = json.loads((ROOT / "package-lock.json").read_text(encoding="utf-8"))
    for path, package in sorted(lock["packages"].items()):
        if "integrity" in package and not package.get("dev") and not package.get("devOptional"):
            name = path.rpartition("node_modules/")[2]
            algorithm, _, digest = package["integrity"].partition("-")
            content = base64.b64decode(digest).hex()
            hashed = HashType(alg=HashAlgorithm(algorithm.replace("sha", "SHA-")), content=content)
            yield _component("npm", name, package["version"], package.get("license", ""), [hashed])


def _sha256(digest: str) -> HashType:
    return HashType(alg=HashAlgorithm.SHA_256, content=digest)


def _component(kind: str, name: str, version: str, license_: str, hashes: list[HashType]) -> Component:
    namespace, _, short = name.rpartition("/")
    purl = PackageURL(kind, namespace or None, short, version)
    # A component has one hash of each kind; of those of its other files the first stands for all.
    return Component(
        name=name,
        version=version,
        type=ComponentType.LIBRARY,
        bom_ref=str(purl),
        purl=purl,
        licenses=[LicenseFactory().make_from_string(license_)] if license_ else [],
        hashes=hashes[:1],
        properties=[Property(name="openhouse:files", value=str(len(hashes)))],
    )


def _python_license(name: str) -> str:
    """What the installed package says of itself: an expression, else the last of its classifiers."""
    told: Any = metadata.metadata(name)
    if expression := told.get("License-Expression"):
        return str(expression)
    classified = [each for each in told.get_all("Classifier") or () if each.startswith("License :: OSI Approved :: ")]
    return classified[-1].rpartition(" :: ")[2] if classified else str(told.get("License") or "").splitlines()[0]


def text() -> str:
    """Without the time at which it is written: it is of the pins."""
    document = json.loads(JsonV1Dot6(bill()).output_as_string())
    document["metadata"].pop("timestamp", None)
    return json.dumps(document, indent=2) + "\n"


if __name__ == "__main__":
    target = Path(sys.argv[1])
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(text(), encoding="utf-8")
