"""Lists of a module's records: sorted, filtered, merged over the caller's rooms.

Cost in read units, with R rooms, for a page of n records (docs/lists.md tells it exactly, tests count it):
- positions: 1 for each room;
- newest first without filters: n + 2 records of each room, 1 for 4 KB;
- in any other order or with filters: n + 2 index rows of each room (200 with filters), 1 for 4 KB, some 16 rows; then 1
  for each 4 KB of every record that passes the filters, rounded up by record;
- by words, tags and the like: what the search index reads (`search.py`), and the records that it leads to. Of what
  many have, rows are looked through as above, and 200 records;
- in more than `FEW_ROOMS` rooms, index rows in any case, and a part of them in each: 1 for each room, and what grows
  with the page. Rooms are begun side by side.
A call looks at no more than `LOOKED_AT` rows, and fetches no more than `FETCHED` records that may lack what is asked
for: its page may be short, the cursor goes on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from heapq import merge as merge_sorted
from itertools import chain, islice
from typing import Any, NamedTuple

from openhouse.core import clock, json_text
from openhouse.core.principal import Principal
from openhouse.crm.cursors import Cursor, Order
from openhouse.crm.list_query import ListQuery, Span
from openhouse.crm.module import PAGE_BYTES, Module, Record
from openhouse.crm.record_items import from_item
from openhouse.crm.search import Hits, Search, long_ones, lookups_of
from openhouse.rooms.room_log import RoomLog
from openhouse.storage.keys import Item, Key, record_key, short
from openhouse.storage.table import Table

LOOKED_AT = 1_000
FETCHED = 200
SORTED_HERE = 100  # records that are fetched to be sorted; of more, rows that are sorted already are looked through
ROWS_AT_ONCE = 200  # of a room, where many may not pass
FEW_ROOMS, LEAST_ROWS = 4, 10
FETCHED_AT_ONCE = 50


class Row(NamedTuple):
    """A place in a list, and the record there: whole, or what an index tells of it."""

    place: str
    item: Item
    whole: bool

    @property
    def at(self) -> tuple[str, str]:
        return self.item["pk"], self.item["sk"]

    @property
    def key(self) -> Key:
        return {"pk": self.item["pk"], "sk": self.item["sk"]}


class Lists:
    """`parallel_map`: a `map`, such as that of a thread pool, for asking many rooms at once."""

    def __init__(
        self, table: Table, log: RoomLog, search: Search, *, parallel_map: Callable[..., Iterable[Any]] = map
    ) -> None:
        self._table = table
        self._log = log
        self._search = search
        self._parallel_map = parallel_map

    def page(self, module: Module, principal: Principal, query: ListQuery) -> dict[str, Any]:
        """`{items, cursor, positions}`. Positions are read before the items: later commits are replayed, not lost."""
        positions = self._log.positions(principal.rooms)
        records, cursor = self.records(module, principal, query)
        page: dict[str, Any] = {"items": [record.wire() for record in records], "positions": positions}
        return {**page, "cursor": cursor.text()} if cursor else page

    def records(self, module: Module, principal: Principal, query: ListQuery) -> tuple[list[Record], Cursor | None]:
        """The records, and where to go on; no cursor when every room has been read to its end."""
        rows, known = self._rows_of(module, principal, query)
        picky = query.decides_by_record(module)
        now = clock.seconds(self._log.now())
        found: dict[str, Record] = {}
        last: Row | None = None
        bytes_ = looked_at = fetched = 0
        full = False
        while not full and not (picky and fetched >= FETCHED):
            some: list[Row] = []
            # Many may lack what is asked for: better to fetch some in vain than to fetch them one by one.
            at_once = FETCHED_AT_ONCE if picky else min(FETCHED_AT_ONCE, query.limit - len(found))
            for row in rows:
                # Never between two rows of one record, which has moved: a cursor passes over all of its place.
                ends = looked_at >= LOOKED_AT or len(some) >= at_once
                if ends and not (last and row.place == last.place):
                    rows = chain([row], rows)
                    break
                looked_at, last = looked_at + 1, row
                if (known is None or row.at in known) and query.may_match(module, row.item):
                    some.append(row)
            if not some:
                break
            fetched += len(some)
            for count, item in enumerate(self._whole(some), 1):
                # What has expired may still be there.
                if item and item.get("ttl", now + 1) > now and query.matches(module, item):
                    record = from_item(module, item)
                    # One that takes another place just then can be met in both.
                    _keep_newest(found, record)
                    bytes_ += json_text.size(item)
                full = len(found) == query.limit or bytes_ > PAGE_BYTES
                if full:
                    last, rows = some[count - 1], chain(some[count:], rows)
                    break
        more = next(rows, None) is not None
        return list(found.values()), Cursor(query.order, last.place) if last and more else None

    def _whole(self, rows: Sequence[Row]) -> Iterator[Item | None]:
        """The record of each as it is now; None if it is not there any more."""
        # Twice there: one that took another place while the rows were read.
        keys = {row.at: row.key for row in rows if not row.whole}
        items = {(item["pk"], item["sk"]): item for item in self._table.get_many(list(keys.values()))}
        for row in rows:
            yield row.item if row.whole else items.get(row.at)

    def _rows_of(
        self, module: Module, principal: Principal, query: ListQuery
    ) -> tuple[Iterator[Row], set[tuple[str, str]] | None]:
        """In order, all that may be asked for; and which of them alone, if that is known."""
        if not query.sought:
            return self._merged(module, principal, query), None
        hits = self._search.hits(principal.rooms, lookups_of(query.words, query.traits), [module.noun])
        if not hits.complete:
            return self._merged(module, principal, query), None
        rows = [Row(hit.id, record_key(hit.room, hit.noun, hit.id), whole=False) for hit in hits.found]
        if query.order is Order.NEWEST:
            left = [row for row in rows if query.is_left(row.place)]
            return iter(sorted(left, key=lambda row: row.place, reverse=True)), None
        if len(rows) <= SORTED_HERE:
            return iter(self._rows_of_hits(module, query, hits)), None
        return self._merged(module, principal, query), {row.at for row in rows}

    def _rows_of_hits(self, module: Module, query: ListQuery, hits: Hits) -> list[Row]:
        """The records themselves, sorted here."""
        attribute = "sk" if query.order is Order.NEWEST else query.order.attribute
        rows = [
            Row(item[attribute].removeprefix(f"{module.noun}#"), item, whole=True)
            for _, item in self._search.items(hits.found)
            if attribute in item
        ]
        left = [row for row in rows if query.is_left(row.place)]
        return sorted(left, key=lambda row: query.in_order(row.place), reverse=query.order.backwards)

    def _merged(self, module: Module, principal: Principal, query: ListQuery) -> Iterator[Row]:
        """All rooms' rows, span by span; what lasts long and lies before them, at its place."""
        before = self._long_rows(module, principal, query) if query.may_begin_before(module) else []
        walked = self._walked(module, principal, query)
        return chain(walked, before) if query.order.backwards else chain(before, walked)

    def _long_rows(self, module: Module, principal: Principal, query: ListQuery) -> list[Row]:
        """Of what lasts long: that which begins before the rows that are walked through, and ends after `since`."""
        since, first = query.since, query.first_begin(module)
        if since is None or first is None or query.deleted:
            return []
        hits = self._search.hits(principal.rooms, long_ones(datetime.fromisoformat(since)), [module.noun])
        return [row for row in self._rows_of_hits(module, query, hits) if row.place < first]

    def _walked(self, module: Module, principal: Principal, query: ListQuery) -> Iterator[Row]:
        rooms = principal.rooms
        index, at_once = _index(query, len(rooms)), _rows_at_once(module, query, len(rooms))
        for span in query.spans(module):
            rows = [self._rows(module, room, query, span, index, at_once) for room in rooms]
            begun = self._parallel_map(_begun, rows)
            yield from merge_sorted(*begun, key=lambda row: row.place, reverse=query.order.backwards)

    def _rows(
        self, module: Module, room: str, query: ListQuery, span: Span, index: str | None, at_once: int
    ) -> Iterator[Row]:
        noun = query.noun(module)
        ends = map(short, span) if index == Order.NEWEST.attribute else span  # there, places are ids
        low, high = (record_key(room, noun, end) for end in ends)
        found = self._table.query(
            low["pk"],
            low["sk"],
            high["sk"],
            index=index,
            backwards=query.order.backwards,
            page_size=at_once,
        )
        for item in found:
            place = item["sk" if query.order is Order.NEWEST else query.order.attribute].removeprefix(f"{noun}#")
            if query.cursor is None or place != query.cursor.after:
                yield Row(place, item, whole=index is None)


def _rows_at_once(module: Module, query: ListQuery, rooms: int) -> int:
    """Of each room. Who is in many rooms finds a page by a part of it in each; a room that has more is asked again."""
    most = ROWS_AT_ONCE if query.narrowed or query.decides_by_record(module) else query.limit + 2
    return most if rooms <= FEW_ROOMS else min(most, max(LEAST_ROWS, FEW_ROOMS * most // rooms))


def _begun(rows: Iterator[Row]) -> Iterator[Row]:
    """The same rows, the first few of which have been read."""
    return chain(list(islice(rows, 1)), rows)


def _index(query: ListQuery, rooms: int) -> str | None:
    """None: whole records are read, which takes no second look, but costs as much as they are large."""
    whole = query.order is Order.NEWEST and not query.narrowed and rooms <= FEW_ROOMS
    return None if whole else query.order.attribute


def _keep_newest(found: dict[str, Record], record: Record) -> None:
    """Puts the record among those found, by id, unless a newer copy is there already."""
    known = found.get(record.id)
    if known is None or known.version < record.version:
        found[record.id] = record
