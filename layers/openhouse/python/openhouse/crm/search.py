"""Finding records by their words and traits, in the rooms of whoever asks, of all modules at once or of one.

Read of each room, an index row being some 130 bytes: of each word, 100 rows at a time, until one word has no more (it
leads to all there are) or each has been read for 500. Then the commits of the last seconds, which the index may lack;
then, one by one, the records themselves: they alone decide. So it costs the same however many records there are.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
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
ROWS_AT_ONCE, MOST_ROWS = 100, 500  # of one term in one room
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
        of_rooms = list(self._parallel_map(lambda room: self._of_room(room, lookups, wanted), rooms))
        found = sorted(chain.from_iterable(each.found for each in of_rooms), key=lambda hit: (-hit.terms, hit.place))
        return Hits(found, all(each.complete for each in of_rooms))

    def items(self, hits: Sequence[Hit]) -> Iterator[tuple[Hit, Item]]:
        """The records as they are now, of those that are where they were seen."""
        keys = {(key["pk"], key["sk"]): hit for hit in hits for key in [record_key(hit.room, hit.noun, hit.id)]}
        asked = batches([{"pk": pk, "sk": sk} for pk, sk in keys])
        for item in chain.from_iterable(self._parallel_map(self._table.get_many, asked)):
            yield keys[item["pk"], item["sk"]], item

    def _of_room(self, room: str, lookups: Sequence[Lookup], nouns: frozenset[str]) -> Hits:
        indexed = self._in_index(room, lookups, nouns)
        # Read after the index: what was written before either is in one of both.
        recent = [Hit(room, *named, len(lookups)) for named in self._changed_lately(room, nouns)]
        known = {(hit.noun, hit.id) for hit in recent}
        return Hits([*recent, *(hit for hit in indexed.found if hit[1:3] not in known)], indexed.complete)

    def _in_index(self, room: str, lookups: Sequence[Lookup], nouns: frozenset[str]) -> Hits:
        pages = [self._rows(room, lookup) for lookup in lookups]
        read: list[dict[tuple[str, str], str]] = [{} for _ in lookups]  # places by noun and id
        at_end: list[dict[tuple[str, str], str]] = []
        for _ in range(MOST_ROWS // ROWS_AT_ONCE):
            for page, known in zip(pages, read, strict=True):
                rows = list(islice(page, ROWS_AT_ONCE))
                known |= {(row.noun, row.id): row.place for row in rows if row.noun in nouns}
                if len(rows) < ROWS_AT_ONCE:
                    at_end.append(known)
                    if not known:
                        return Hits([], complete=True)
            if at_end:
                break
        terms = Counter(chain.from_iterable(read))
        places = {named: place for known in read for named, place in known.items()}
        possible = set.intersection(*map(set, at_end)) if at_end else set(places)
        return Hits([Hit(room, *named, terms[named], places[named]) for named in possible], complete=bool(at_end))

    def _rows(self, room: str, lookup: Lookup) -> Iterator[TermRow]:
        pk, low, high = term_range(room, lookup.term, whole=lookup.whole, first=lookup.first)
        for item in self._table.query(pk, low, high, page_size=ROWS_AT_ONCE, consistent=False):
            yield TermRow.at(item["sk"])

    def _changed_lately(self, room: str, nouns: frozenset[str]) -> dict[tuple[str, str], None]:
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


def _in_parts(hits: Sequence[Hit]) -> Iterator[Sequence[Hit]]:
    for start in range(0, len(hits), LOOKED_AT_ONCE):
        yield hits[start : start + LOOKED_AT_ONCE]


def _rank(module: Module, item: Item, asked: Sequence[str]) -> tuple[bool, int]:
    return item["archived"], -whole_words(module, item, asked)


def asked_words(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(words(text)))
