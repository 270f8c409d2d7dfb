"""Finding records by their words and traits, in the rooms of whoever asks, of all modules at once or of one.

Read of each room, an index row being some 130 bytes: of each word 100 rows, and 400 others if each word has more (one
that has no more leads to all there are). Then the commits of the last seconds, which the index may lack; then, one by
one, the records themselves: they alone decide. So it costs the same however many records there are.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from itertools import chain, islice
from typing import Any, NamedTuple

from openhouse.core.folding import words
from openhouse.core.principal import Principal
from openhouse.crm.module import Module, Record
from openhouse.crm.record_items import from_item
from openhouse.crm.search_terms import LONG_TERM, Trait, is_matched, whole_words
from openhouse.rooms.room_log import RoomLog
from openhouse.storage.keys import Item, TermRow, later, record_key, term_range
from openhouse.storage.table import Table, batches

DEFAULT_FOUND, MOST_FOUND = 20, 50
ROWS_READ = (100, 400)  # of one term in one room: mostly the first are all, or all that is needed
MOST_TERMS = 4  # that are looked up: the longest ones
MOST_LOOKED_AT, LOOKED_AT_ONCE = 200, 50  # records
LAG = timedelta(seconds=10)  # that the index may be late by without anybody noticing
MOST_RECENT, MOST_TOUCHED = 16, 50  # commits of a room within that time that are looked at, and what they have touched


class Lookup(NamedTuple):
    """A term; or, not `whole`, all that begin so. `first`: the place among its rows from which on they count."""

    term: str
    whole: bool = False
    first: str = ""


class Hit(NamedTuple):
    """A record that may be what is asked for. `terms`: how many it is known to have. `place`: its row's."""

    room: str
    noun: str
    id: str
    terms: int
    place: str = ""


@dataclass(frozen=True)
class Hits:
    """`complete`: what is asked for is among them, or there is none."""

    found: Sequence[Hit]
    complete: bool


@dataclass(frozen=True, kw_only=True)
class SearchQuery:
    """`words`: as `folding.words` makes them of a text."""

    words: Sequence[str]
    modules: Sequence[Module]
    archived: bool | None = None
    limit: int = DEFAULT_FOUND


def lookups_of(asked: Sequence[str], traits: Iterable[Trait] = ()) -> list[Lookup]:
    """The terms that lead to what has all of them: traits, and of the words the longest."""
    by_length = sorted(dict.fromkeys(asked), key=len, reverse=True)
    long_enough = [word for word in by_length if len(word) > 1] or by_length
    return [
        *(Lookup(trait.term, whole=True) for trait in sorted(traits)),
        *(Lookup(word) for word in long_enough[:MOST_TERMS]),
    ]


def long_ones(since: datetime) -> list[Lookup]:
    """What lasts long and ends after that."""
    return [Lookup(LONG_TERM, whole=True, first=later(round(since.timestamp() * 1000)))]


class Search:
    """`parallel_map`: a `map`, such as that of a thread pool, for asking many rooms at once."""

    def __init__(self, table: Table, log: RoomLog, *, parallel_map: Callable[..., Iterable[Any]] = map) -> None:
        self._table = table
        self._log = log
        self._parallel_map = parallel_map

    def page(self, principal: Principal, query: SearchQuery) -> tuple[list[tuple[Module, Record]], bool]:
        """What has all of the words, and whether there may be more. First what is not archived, then what has most of
        the words as they are, then what was created last.
        """
        if not query.words:
            return [], False
        modules = {module.noun: module for module in query.modules}
        hits = self.hits(principal.rooms, lookups_of(query.words), modules.keys())
        found: dict[tuple[str, str], Item] = {}
        looked_at = 0
        for some in _in_parts(hits.found[:MOST_LOOKED_AT]):
            looked_at += len(some)
            for hit, item in self.items(some):
                module = modules[hit.noun]
                fits = query.archived is None or item["archived"] == query.archived
                if fits and is_matched(module, item, query.words):
                    found[hit.noun, hit.id] = item
            if len(found) >= query.limit:
                break
        ranked = sorted(found.items(), key=lambda each: each[1]["created_at"], reverse=True)
        ranked.sort(key=lambda each: _rank(modules[each[0][0]], each[1], query.words))
        records = [(modules[noun], from_item(modules[noun], item)) for (noun, _), item in ranked[: query.limit]]
        more = not hits.complete or looked_at < len(hits.found) or len(found) > query.limit
        return records, more

    def hits(self, rooms: Sequence[str], lookups: Sequence[Lookup], nouns: Iterable[str]) -> Hits:
        """Those of these nouns that may have all terms: the likelier ones first, and of those what was created last."""
        wanted = frozenset(nouns)
        of_rooms = [_IndexOfRoom(room, lookups, wanted) for room in rooms]
        for most in ROWS_READ:
            asked = [rows for index in of_rooms if not index.is_complete for rows in index.rows]
            for rows, page in zip(asked, self._parallel_map(partial(self._page, most), asked), strict=True):
                rows.add(page, most)
        # Read after the index: what was written before either is in one of both.
        changed = self._parallel_map(partial(self._changed_lately, wanted), rooms)
        found = chain.from_iterable(map(_IndexOfRoom.hits, of_rooms, changed))
        ordered = sorted(found, key=lambda hit: (-hit.terms, hit.place))
        return Hits(ordered, all(index.is_complete for index in of_rooms))

    def items(self, hits: Sequence[Hit]) -> Iterator[tuple[Hit, Item]]:
        """The records as they are now, of those that are where they were seen."""
        keys = {(key["pk"], key["sk"]): hit for hit in hits for key in [record_key(hit.room, hit.noun, hit.id)]}
        asked = batches([{"pk": pk, "sk": sk} for pk, sk in keys])
        for item in chain.from_iterable(self._parallel_map(self._table.get_many, asked)):
            yield keys[item["pk"], item["sk"]], item

    def _page(self, most: int, rows: _Rows) -> list[TermRow]:
        """The next `most` of these."""
        known = rows.last is not None  # it comes first
        found = self._table.query(*rows.range(), page_size=most + known, consistent=False)
        return [TermRow.at(item["sk"]) for item in islice(found, int(known), most + known)]

    def _changed_lately(self, nouns: frozenset[str], room: str) -> dict[tuple[str, str], None]:
        """Nouns and ids, the last first."""
        found: dict[tuple[str, str], None] = {}
        for commit in self._log.recent(room, self._log.now() - LAG, MOST_RECENT):
            for event in commit["events"]:
                noun = event["type"].partition(":")[0]
                if noun in nouns and (id_ := event["data"].get(f"{noun}Id")):
                    found[noun, id_] = None
            if len(found) >= MOST_TOUCHED:
                break
        return found


class _Rows:
    """What was read of a term's rows in a room, in order: places by noun and id."""

    def __init__(self, room: str, lookup: Lookup, nouns: frozenset[str]) -> None:
        self._room = room
        self._lookup = lookup
        self._nouns = nouns
        self.places: dict[tuple[str, str], str] = {}
        self.last: TermRow | None = None
        self.at_end = False

    def range(self) -> tuple[str, str, str]:
        """The partition, and the first and the last sort key, of the rest, behind the last row that was read."""
        lookup = self._lookup
        pk, low, high = term_range(self._room, lookup.term, whole=lookup.whole, first=lookup.first)
        return pk, self.last.key(self._room)["sk"] if self.last else low, high

    def add(self, page: Sequence[TermRow], most: int) -> None:
        self.places |= {(row.noun, row.id): row.place for row in page if row.noun in self._nouns}
        self.last = page[-1] if page else self.last
        self.at_end = len(page) < most


class _IndexOfRoom:
    """What was read of it for all terms."""

    def __init__(self, room: str, lookups: Sequence[Lookup], nouns: frozenset[str]) -> None:
        self._room = room
        self.rows = [_Rows(room, lookup, nouns) for lookup in lookups]

    @property
    def is_complete(self) -> bool:
        """A term that has no more rows leads to all that has it."""
        return any(rows.at_end for rows in self.rows)

    def hits(self, changed: Mapping[tuple[str, str], None]) -> Iterator[Hit]:
        """What the index leads to, and what has changed lately: each once."""
        read = [rows.places for rows in self.rows]
        at_end = [set(rows.places) for rows in self.rows if rows.at_end]
        terms = Counter(chain.from_iterable(read))
        places = {named: place for known in read for named, place in known.items()}
        yield from (Hit(self._room, *named, len(self.rows)) for named in changed)
        for named in (set.intersection(*at_end) if at_end else set(places)) - changed.keys():
            yield Hit(self._room, *named, terms[named], places[named])


def _in_parts(hits: Sequence[Hit]) -> Iterator[Sequence[Hit]]:
    for start in range(0, len(hits), LOOKED_AT_ONCE):
        yield hits[start : start + LOOKED_AT_ONCE]


def _rank(module: Module, item: Item, asked: Sequence[str]) -> tuple[bool, int]:
    return item["archived"], -whole_words(module, item, asked)


def asked_words(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(words(text)))
