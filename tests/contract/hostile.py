"""What people send who mean no good, or whose program is broken: texts, values, documents, bytes, tables of files.

Most begin with something that is fine, so that it gets far, and are changed in a place or two.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from hypothesis import strategies as st

from openhouse.storage.keys import Item, Key
from openhouse.storage.marshalling import marshal
from openhouse.storage.writes import Put, Update, Write
from tests.memory_table import MemoryTable

_CONTROLS = ("\x00", "\x1b[31mred\x1b[0m", "\x9b31m", "\r\nX: y", "\u202eevil", "\u2028", "\ufeff", "\ud800")
_KEYS = (
    "#",
    ":",
    "/",
    "..",
    "../../etc/passwd",
    "%2e%2e%2f",
    "D#user:root",
    "broker:other",
    "team:west",
    "R#team:west",
)
_CODE = ("=1+1", "@SUM(A1)", "-1", "'; DROP TABLE x; --", "<script>alert(1)</script>", "${jndi:ldap://x}", "{{7*7}}")
_WORDS = (
    "__proto__",
    "constructor",
    "null",
    "true",
    "NaN",
    "1e999",
    "-0",
    "0" * 400,
    "9" * 400,
    "\u0665",
    "\U0010ffff",
)
_LONG = ("🏡" * 400, "x" * 5_000, "a b " * 2_000, "é\u0301" * 50, "\u0130" * 20, "javascript:alert(1)")
_TIMES = ("2026-02-30T00:00:00Z", "0000-01-01", "9999-12-31T23:59:59.999999Z", "2026-13-01")
TEXTS = ("", " ", "\t", "\n", *_CONTROLS, *_KEYS, *_CODE, *_WORDS, *_LONG, *_TIMES)
NUMBERS: tuple[Any, ...] = (
    *(0, 1, -1, 2**31, 2**53, 2**53 + 1, 2**63, 10**38, 10**126, 10**400, -(10**400)),
    *(0.1, -0.0, 1e308, 1e-308, 5e-324, 0.1 + 0.2, 1.0),
)
OTHERS: tuple[Any, ...] = (None, True, False, [], {}, [[]], [{}], {"": ""}, [None] * 300, {"a": {"b": {"c": {}}}})

texts = st.sampled_from(TEXTS) | st.text(max_size=20)
scalars = texts | st.sampled_from(NUMBERS) | st.integers() | st.floats(allow_nan=False) | st.sampled_from(OTHERS)
documents = st.recursive(scalars, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4))


def places(document: Any, place: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Of everything in it, itself first."""
    yield place
    if isinstance(document, dict):
        for name, value in document.items():
            yield from places(value, (*place, name))
    elif isinstance(document, list):
        for index, value in enumerate(document):
            yield from places(value, (*place, index))


@st.composite
def spoilt(draw: st.DrawFn, document: Any) -> Any:
    """A document that was fine, changed in up to three places."""
    document = copy.deepcopy(document)
    for _ in range(draw(st.integers(0, 3))):
        place = draw(st.sampled_from([*places(document)]))
        if not place:
            return copy.deepcopy(draw(documents))  # those that are drawn are the same each time
        inside = document
        for step in place[:-1]:
            inside = inside[step]
        _change(draw, inside, place[-1])
    return document


def _change(draw: st.DrawFn, inside: Any, step: Any) -> None:
    match draw(st.sampled_from(["replace", "replace", "replace", "drop", "name", "wrap", "many", "deep"])):
        case "replace":
            inside[step] = copy.deepcopy(draw(documents))
        case "drop":
            del inside[step]
        case "name" if isinstance(inside, dict):
            inside[draw(texts)] = inside[step]
        case "wrap":
            inside[step] = [inside[step]]
        case "many":
            inside[step] = [inside[step]] * draw(st.sampled_from([2, 60, 600]))
        case "deep":
            inside[step] = nested(draw(st.sampled_from([31, 33, 900])))


def nested(depth: int) -> Any:
    value: Any = "x"
    for _ in range(depth):
        value = [value]
    return value


_BROKEN: Mapping[str, Callable[[str], bytes | str]] = {
    "twice": lambda text: f'{{"a": 1, "a": 2, {text[1:]}',
    "NaN": lambda text: text.replace("1", "NaN").replace("2", "-Infinity"),
    "after": lambda text: f"{text} {text}",
    "UTF-16": lambda text: text.encode("utf-16"),
    "deep": lambda _text: "[" * 100_000,
    "no UTF-8": lambda text: text.encode() + b"\xff\xfe",
}


@st.composite
def written(draw: st.DrawFn, document: Any) -> bytes | str:
    """As JSON, or nearly."""
    text = json.dumps(draw(spoilt(document)))
    how = draw(st.sampled_from(["as it is"] * 8 + ["cut", "bytes", *_BROKEN]))
    if how == "cut":
        return text[: draw(st.integers(0, len(text)))]
    if how == "bytes":
        return draw(st.binary(max_size=60))
    return _BROKEN[how](text) if how in _BROKEN else text


class StrictTable(MemoryTable):
    """It takes what DynamoDB takes: keys of a length, texts that are UTF-8, numbers of 38 digits, items of 400 KB."""

    def get(self, key: Key, *, consistent: bool = True) -> Item | None:
        check_key(key)
        return super().get(key, consistent=consistent)

    def get_many(self, keys: Sequence[Key], *, only_keys: bool = False, consistent: bool = True) -> list[Item]:
        for key in keys:
            check_key(key)
        return super().get_many(keys, only_keys=only_keys, consistent=consistent)

    def query(self, pk: str, low: str, high: str, **how: Any) -> Iterator[Item]:
        check_key({"pk": pk, "sk": low})
        check_key({"pk": pk, "sk": high})
        if low > high:
            raise ValueError(f"the bounds are the wrong way round: {low!r} to {high!r}")
        return super().query(pk, low, high, **how)

    def _do(self, write: Write) -> None:
        check_key(write.key)
        if isinstance(write, Put | Update):
            check_item({**write.key, **(write.item if isinstance(write, Put) else write.values)})
        super()._do(write)

    def write_all(self, items: Iterable[Item], keys: Iterable[Key]) -> None:
        items = [*items]
        for item in items:
            check_item(item)
        super().write_all(items, keys)


def check_key(key: Mapping[str, str]) -> None:
    """https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html"""
    for name, most in (("pk", 2_048), ("sk", 1_024)):
        if not 1 <= len(key[name].encode()) <= most:
            raise ValueError(f"{name} has {len(key[name].encode())} bytes")


def check_item(item: Item) -> None:
    check_key(item)
    for value in _values(marshal(item)):
        number = value.get("N")
        if number is not None and (len(number.lstrip("-0.").rstrip("0")) > 40 or abs(float(number)) > 9.9e125):
            raise ValueError(f"{number:.50} is no number for DynamoDB")
    if len(json.dumps(item, ensure_ascii=False).encode()) > 400_000:
        raise ValueError("the item has more than 400 KB")


def _values(marshalled: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    for value in marshalled.values():
        yield value
        if "M" in value:
            yield from _values(value["M"])
        for each in value.get("L", ()):
            yield from _values({"": each})
