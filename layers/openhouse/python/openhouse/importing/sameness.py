"""Which of the known records a row of a file is, by what its module says that such records have alike. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from itertools import product
from typing import Any

from pydantic.alias_generators import to_camel

from openhouse.core.folding import alike
from openhouse.crm.module import Module

_UNIT_WORDS = frozenset({"apt", "apartment", "unit", "ste", "no"})  # `#4B` and `Apt 4B` are one


@dataclass(frozen=True)
class Facts:
    """What tells a record from others. `keys`: the values of each key, none where it lacks one of the key's fields."""

    keys: tuple[frozenset[str], ...]
    otherwise: str
    apart: tuple[str, ...]

    @classmethod
    def of(cls, module: Module, value_of: Callable[[str], Any]) -> Facts:
        """`value_of(field)`: as JSON, of a field in snake_case."""
        same_by = module.same_by
        keys = tuple(frozenset(_values(module, key, value_of)) for key in same_by.keys)
        names = [_plain(value_of(name)) for name in same_by.otherwise]
        return cls(keys, "|".join(names) if any(names) else "", tuple(_plain(value_of(name)) for name in same_by.apart))

    @classmethod
    def of_document(cls, module: Module, document: Mapping[str, Any]) -> Facts:
        """In wire form."""
        return cls.of(module, lambda name: document.get(_in_wire(name)))


@dataclass
class Known:
    """`line`: where the file has it, too; 0 if it does not."""

    id: str
    facts: Facts
    line: int = 0


@dataclass(frozen=True)
class Found:
    """`same`: what a row may be; `near`: what is like it, and another one all the same."""

    same: tuple[Known, ...] = ()
    near: tuple[Known, ...] = ()


@dataclass
class Records:
    """What is known already."""

    module: Module
    by_id: dict[str, Known] = field(default_factory=dict)
    _by_key: defaultdict[tuple[int, str], list[Known]] = field(default_factory=lambda: defaultdict(list))

    def add(self, id_: str, facts: Facts, line: int = 0) -> None:
        known = self.by_id[id_] = Known(id_, facts, line)
        for number, values in enumerate(facts.keys):
            for value in values:
                self._by_key[number, value].append(known)
        if facts.otherwise and not any(facts.keys):
            self._by_key[-1, facts.otherwise].append(known)

    def find(self, facts: Facts) -> Found:
        same: dict[str, Known] = {}
        near: dict[str, Known] = {}
        for known in self._alike(facts):
            (near if _differs(known.facts.apart, facts.apart) else same)[known.id] = known
        return Found(tuple(same.values()), tuple(near.values()))

    def _alike(self, facts: Facts) -> Iterator[Known]:
        any_key = self.module.same_by.any_key
        for number, values in enumerate(facts.keys):
            found = [known for value in sorted(values) for known in self._by_key.get((number, value), ())]
            undecided = [known for known in found if any_key or not _is_decided(known.facts, facts, number)]
            yield from undecided
            if undecided and not any_key:
                return
        if facts.otherwise and not any(facts.keys):
            yield from self._by_key.get((-1, facts.otherwise), ())


def _is_decided(one: Facts, other: Facts, number: int) -> bool:
    """Whether both have a key before this one: they would have been found by that."""
    return any(one.keys[before] and other.keys[before] for before in range(number))


def _differs(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """`95838` and `95838 1234` do not."""
    pairs = zip(one, other, strict=True)
    return any(mine and its and not (mine.startswith(its) or its.startswith(mine)) for mine, its in pairs)


def _values(module: Module, key: tuple[str, ...], value_of: Callable[[str], Any]) -> Iterator[str]:
    parts = [[*_values_of(module, name, value_of)] for name in key]
    yield from ("|".join(each) for each in product(*parts) if all(each))


def _values_of(module: Module, name: str, value_of: Callable[[str], Any]) -> Iterator[str]:
    """Of a field, or of all that are looked up under one name."""
    fields = [each for each, kind in module.looked_up.items() if kind == name] or [name]
    for each in fields:
        value = value_of(each)
        if isinstance(value, Mapping):
            yield from (str(item["value"]).casefold() for item in value.values())
        elif name in module.looked_up.values():
            yield str(value or "").casefold()
        else:
            yield _plain(value)


_in_wire = cache(to_camel)  # of few names, for every row


def _plain(value: Any) -> str:
    if value is None:
        return ""
    text = alike(str(value)) or str(value).casefold()
    return " ".join(word for word in text.split() if word not in _UNIT_WORDS)
