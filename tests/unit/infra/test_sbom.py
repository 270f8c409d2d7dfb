"""The bill of materials, and that what is installed is what was pinned."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from infra.sbom import LAYERS, ROOT, pins, text

ALLOWED = {  # of libraries that are used as they are, behind a service or in a page
    *("MIT", "MIT License", "MIT-0", "MIT No Attribution License (MIT-0)", "ISC", "0BSD", "Unlicense"),
    *("The Unlicense (Unlicense)", "BSD-3-Clause", "BSD-2-Clause", "BSD License", "Apache-2.0"),
    *("Apache Software License", "Apache-2.0 OR BSD-3-Clause", "PSF-2.0", "MPL-2.0", "OFL-1.1"),
    "LGPL-2.1-or-later",  # nameparser, a library of its own in a layer
}


@pytest.fixture(scope="module")
def bill() -> dict[str, Any]:
    return dict(json.loads(text()))


def test_everything_that_is_deployed_is_in_it_with_its_version_and_hash(bill):
    listed = {(each["name"], each["version"]) for each in bill["components"]}
    for layer in LAYERS:
        for name, version, hashes in pins(ROOT / "layers" / layer / "requirements.txt"):
            assert (name, version) in listed
            assert hashes
    assert {"react", "@mui/material", "botocore", "pydantic"} <= {name for name, _ in listed}
    assert "vite" not in {name for name, _ in listed}, "what builds the page is no part of it"
    assert all(each["hashes"] and each["purl"] for each in bill["components"])


def test_the_same_pins_make_the_same_bill(bill):
    assert json.loads(text()) == bill


def test_every_licence_is_one_that_was_looked_at(bill):
    found = {
        license_.get("expression") or license_["license"].get("id") or license_["license"]["name"]
        for each in bill["components"]
        for license_ in each.get("licenses", [{"expression": f"none of {each['name']}"}])
    }
    assert found <= ALLOWED


@pytest.mark.parametrize(
    "path", ["requirements.txt", *(f"layers/{layer}/requirements.txt" for layer in LAYERS)], ids=str
)
def test_every_python_package_is_pinned_with_its_hashes(path):
    pinned = [*pins(ROOT / path)]
    lines = [line for line in (ROOT / path).read_text().splitlines() if re.match(r"[A-Za-z0-9]", line)]
    assert len(pinned) == len(lines)
    assert [name for name, _, hashes in pinned if not hashes] == []


def test_every_npm_package_is_pinned_with_its_hash_and_runs_nothing_when_it_is_installed():
    packages = json.loads((ROOT / "package-lock.json").read_text())["packages"]
    foreign = {path: each for path, each in packages.items() if "node_modules/" in path and not each.get("link")}
    assert [path for path, each in foreign.items() if not each.get("integrity", "").startswith("sha512-")] == []
    assert "ignore-scripts=true" in (ROOT / ".npmrc").read_text().splitlines()
