"""What a record is found by: its words, and the values that lists are filtered by. Pure.

Everything here reads records as the table holds them: in snake_case, as JSON.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from hashlib import sha256
from itertools import pairwise
from typing import Any, NamedTuple

from openhouse.core.folding import folded, is_found, searched_words
from openhouse.crm.mentions import read_aloud
from openhouse.crm.module import USER, Module
from openhouse.storage.keys import Item, RecordPlace, TermRow, earlier, later

MOST_WORDS = 200  # of one record, in the order of its searched fields
LONG = timedelta(days=1)  # what lasts longer is looked for by itself
LONG_TERM = "=long"  # no word begins so


class Trait(NamedTuple):
    """What lists are filtered by: `name` is the query parameter, `value` in the form that is compared."""

    name: str
    value: str

    @classmethod
    def of(cls, module: Module, name: str, value: str) -> Trait:
        """Ids are compared as they are, all else without case and accents."""
        is_id = module.references.get(module.filtered[name], USER) != USER
        return cls(name, value if is_id else folded(value) or value.casefold())

    @property
    def term(self) -> str:
        return f"={self.name}:{sha256(self.value.encode()).hexdigest()[:16]}"


def words_of(module: Module, item: Item) -> frozenset[str]:
    """None that begins another one: whoever looks for the shorter one finds the longer."""
    ordered = sorted(_all_words(module, item))
    pairs = pairwise([*ordered, ""])  # none of a record without a word, such as a client whose name is a sign
    return frozenset(word for word, following in pairs if not following.startswith(word))


def is_matched(module: Module, item: Item, asked: Iterable[str]) -> bool:
    """Whether each of these words begins one of the record's."""
    return is_found(asked, _all_words(module, item))


def whole_words(module: Module, item: Item, asked: Iterable[str]) -> int:
    """How many of them the record has as they are."""
    known = _all_words(module, item)
    return sum(word in known for word in asked)


def _all_words(module: Module, item: Item) -> Mapping[str, None]:
    found: dict[str, None] = {}
    for word in (word for name in module.searched for text in _texts(item.get(name)) for word in searched_words(text)):
        found[word] = None
        if len(found) == MOST_WORDS:
            break
    return found


def traits_of(module: Module, item: Item) -> frozenset[Trait]:
    return frozenset(
        Trait.of(module, name, text) for name, field in module.filtered.items() for text in _texts(item.get(field))
    )


def is_long(module: Module, item: Item) -> bool:
    if module.dated_by is None or module.ends_by is None:
        return False
    begins, ends = (datetime.fromisoformat(item[name]) for name in (module.dated_by, module.ends_by))
    return ends - begins > LONG


def rows_of(module: Module, item: Item) -> frozenset[TermRow]:
    """All that leads to the record: of each term, those that were created last come first; what is long, by its end."""
    created, id_ = earlier(_milliseconds(item["created_at"])), RecordPlace.of(item).id
    terms = words_of(module, item) | {trait.term for trait in traits_of(module, item)}
    rows = {TermRow(term, created, module.noun, id_) for term in terms}
    if module.ends_by and is_long(module, item):
        rows.add(TermRow(LONG_TERM, later(_milliseconds(item[module.ends_by])), module.noun, id_))
    return frozenset(rows)


def _milliseconds(moment: str) -> int:
    return round(datetime.fromisoformat(moment).timestamp() * 1000)


def _texts(value: Any) -> Iterable[str]:
    """A text, the names of a set, or what the entries of a map hold."""
    if isinstance(value, str):
        return [read_aloud(value)]
    if not isinstance(value, Mapping):
        return []
    return [name if entry is True else str(entry.get("value", "")) for name, entry in value.items()]
