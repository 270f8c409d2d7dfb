"""What makes two documents the same: a module's natural key, however it is written. For a file's rows among themselves,
and for those among the records that are there.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from typing import Any

from openhouse.crm.module import Module
from openhouse.importing.targets import ADDRESSES, Kind, targets_of

# What decides by itself where both have it: two listings of one address with numbers of their own are two.
_NUMBERS: Mapping[str, str] = {"listings": "mlsNumber", "escrows": "escrowNumber"}
# Beside the address, who bought there: it may be sold again.
_ALSO: Mapping[str, str] = {"escrows": "buyerName"}

_SHORT = {
    word: short
    for short, several in {
        "st": "street str",
        "ave": "avenue av",
        "rd": "road",
        "dr": "drive",
        "ln": "lane",
        "ct": "court crt",
        "blvd": "boulevard",
        "pl": "place",
        "cir": "circle",
        "ter": "terrace",
        "pkwy": "parkway",
        "hwy": "highway",
        "trl": "trail",
        "sq": "square",
        "n": "north",
        "s": "south",
        "e": "east",
        "w": "west",
    }.items()
    for word in several.split()
}
_UNIT = frozenset({"apt", "apartment", "unit", "ste", "suite", "no", "number"})


def keys_of(document: Mapping[str, Any], module: Module) -> tuple[str, ...]:
    """By which a document is found: documents that share none are not the same. None of a document without any."""
    return tuple(dict.fromkeys(_keys(document, module)))


def are_same(one: Mapping[str, Any], other: Mapping[str, Any], module: Module) -> bool:
    number = _NUMBERS.get(module.path, "")
    if one.get(number) and other.get(number):
        return _plain(str(one[number])) == _plain(str(other[number]))
    return not {*keys_of(one, module)}.isdisjoint(keys_of(other, module))


def _keys(document: Mapping[str, Any], module: Module) -> Iterator[str]:
    number = _NUMBERS.get(module.path, "")
    if document.get(number):
        yield f"{number}:{_plain(str(document[number]))}"
    for target in targets_of(module).values():
        if target.kind in (Kind.EMAIL, Kind.PHONE) and not target.part:
            yield from (f"{target.name}:{value.casefold()}" for value in _contacts(document, target.name))
    for name in ADDRESSES:
        if line := document.get(name):
            place = document.get("zip", "")[:5] or document.get("city", "")
            also = document.get(_ALSO.get(module.path, ""), "")
            yield f"{name}:{_address(line)}|{_plain(place)}|{_plain(also)}"


def _contacts(document: Mapping[str, Any], name: str) -> Iterator[str]:
    """The main one and those beside it."""
    if main := document.get(name):
        yield main
    yield from (item["value"] for item in document.get(f"{name}s", {}).values())


def _address(line: str) -> str:
    """`123 N Main Street, Apt. 4` and `123 North Main St #4` are one."""
    words = (_SHORT.get(word, word) for word in re.findall(r"\w+", _plain(line)))
    return " ".join(word for word in words if word not in _UNIT)


def _plain(text: str) -> str:
    letters = (one for one in unicodedata.normalize("NFKD", text) if not unicodedata.combining(one))
    return " ".join("".join(letters).casefold().split())
