"""What no function needs is taken out of the dependencies layer: what is left is what a cold start reads or could read.

botocore comes with the descriptions of more than 400 services, which it lists for each client that it makes, and trusts
some 140 certificate authorities, which OpenSSL parses for each client. Of both, what our clients use is left.
"""

from __future__ import annotations

import gzip
import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from openhouse.aws import SERVICES

_ADDRESSED_AS = {"stepfunctions": "states"}  # those whose addresses have another name

_OF_A_SERVICE = ("service-2", "endpoint-rule-set-1")  # not examples, paginators and waiters

# Amazon's own, which sign for AWS's addresses (https://www.amazontrust.com/repository/), those that signed for them
# before, and those that sign in some partitions.
AUTHORITIES = re.compile(r"Amazon Root CA \d|Starfield .*|DigiCert Global Root .*|Baltimore CyberTrust Root")

# Never imported. Patterns as of pathlib, below the layer's Python.
NEVER_IMPORTED = (
    "cffi",  # builds modules; cryptography needs `_cffi_backend` alone
    "pydantic/v1",
    "pydantic/mypy.py",
    "phonenumbers/shortdata/region_*.py",  # emergency numbers and the like
    "aws_lambda_powertools/event_handler/openapi/swagger_ui/*.js",
    "aws_lambda_powertools/event_handler/openapi/swagger_ui/*.css",
    "aws_lambda_powertools/utilities/[!_jd]*",
    "**/*.pyi",
    "**/*.pxd",
)


def trim(python: Path) -> None:
    """`python`: the folder of a layer in which the packages lie, not compiled yet."""
    for pattern in NEVER_IMPORTED:
        for path in [*python.glob(pattern)]:
            shutil.rmtree(path) if path.is_dir() else path.unlink()
    botocore = python / "botocore"
    _trim_descriptions(botocore / "data")
    authorities = botocore / "cacert.pem"
    authorities.write_text("".join(_trusted(authorities.read_text("utf-8"))), "utf-8")


def _trim_descriptions(data: Path) -> None:
    for folder in [each for each in data.iterdir() if each.is_dir()]:
        if folder.name not in SERVICES:
            shutil.rmtree(folder)
            continue
        *older, newest = sorted(folder.iterdir())
        for each in older:
            shutil.rmtree(each)
        for file in [*newest.iterdir()]:
            if file.name.startswith(_OF_A_SERVICE):
                _rewrite(file, _undocumented)
            else:
                file.unlink()
    _rewrite(data / "endpoints.json", _of_our_services)


def _rewrite(file: Path, change: Any) -> None:
    """In place, but not compressed: that makes it quicker to read."""
    packed = file.suffix == ".gz"
    document = json.loads(gzip.decompress(file.read_bytes()) if packed else file.read_bytes())
    file.unlink()
    (file.with_suffix("") if packed else file).write_text(json.dumps(change(document), separators=(",", ":")))


def _undocumented(document: Any) -> Any:
    """But for what botocore reads as if it could not be missing."""
    read = {name: document[name] for name in ("clientContextParams",) if name in document}
    return _without_documentation(document) | read


def _without_documentation(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _without_documentation(each) for key, each in value.items() if not _is_documentation(key, each)}
    return [_without_documentation(each) for each in value] if isinstance(value, list) else value


def _is_documentation(key: str, value: Any) -> bool:
    return key == "documentation" and isinstance(value, str)


def _of_our_services(endpoints: Any) -> Any:
    for partition in endpoints["partitions"]:
        services = partition["services"]
        names = {_ADDRESSED_AS.get(name, name) for name in SERVICES}
        partition["services"] = {name: services[name] for name in sorted(names) if name in services}
    return endpoints


def _trusted(authorities: str) -> Iterator[str]:
    """Each with the comments before it, by its label."""
    for entry in re.findall(
        r"(?:^#.*\n)+-----BEGIN CERTIFICATE-----\n[^-]+-----END CERTIFICATE-----\n", authorities, re.MULTILINE
    ):
        label = re.search(r'^# Label: "(.*)"$', entry, re.MULTILINE)
        if label and AUTHORITIES.fullmatch(label[1]):
            yield entry + "\n"
