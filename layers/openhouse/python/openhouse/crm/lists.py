"""Lists of a module's records: sorted, filtered, merged over the caller's rooms.

Cost in read units, with R rooms, for a page of n records (docs/lists.md tells it exactly, tests count it):
- positions: 1 for each room;
- newest first without filters: n + 2 records of each room, 1 for 4 KB; with `q` alone: 200 records of each room;
- in any other order or with filters: n + 2 index rows of each room (200 with filters or `q`), 1 for 4 KB, some 16 rows;
  then 1 for each 4 KB of every record that passes the filters, rounded up by record; with `q` also of those without
  the text;
- in more than `FEW_ROOMS` rooms, index rows in any case, and a part of them in each: 1 for each room, and what grows
  with the page. Rooms are begun side by side.
A call looks at no more than `LOOKED_AT` records: its page may be short, the cursor goes on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from heapq import merge as merge_sorted
from itertools import chain, islice
from typing import Any, NamedTuple

from openhouse.core import clock, json_text
from openhouse.core.principal import Principal
from openhouse.crm.cursors import Cursor, Order
from openhouse.crm.module import PAGE_BYTES, Module, Record
from openhouse.crm.record_items import from_item
from openhouse.rooms.room_log import RoomLog
from openhouse.storage.keys import UNDATED, Item, Key, deleted_noun, record_key
from openhouse.storage.table import Table

DEFAULT_LIMIT, MAX_LIMIT = 50, 200
LOOKED_AT = 1_000
ROWS_AT_ONCE = 200  # of a room, where many may not pass
FEW_ROOMS, LEAST_ROWS = 4, 10
FETCHED_AT_ONCE = 50
_FIRST_DATE, _LAST_DATE, _END = "0", "9", "~"  # before and after every date, and after all that begins alike


class Span(NamedTuple):
    """A range of places."""

    low: str
    high: str


@dataclass(frozen=True, kw_only=True)
class ListQuery:
    """What a list shall hold, and in which order. None and empty mean: do not care."""

    limit: int = DEFAULT_LIMIT
    order: Order = Order.NEWEST
    cursor: Cursor | None = None
    statuses: frozenset[str] = frozenset()
    archived: bool | None = None
    owner_id: str | None = None
    since: str | None = None  # the natural date, from and to, both included; in the form it is stored in
    until: str | None = None
    text: str = ""
    deleted: bool = False  # instead of the others

    def noun(self, module: Module) -> str:
        """Under which the records lie in the table."""
        return deleted_noun(module.noun) if self.deleted else module.noun

    @property
    def dated(self) -> bool:
        return self.since is not None or self.until is not None

    @property
    def narrowed(self) -> bool:
        """By what an index row tells."""
        return bool(self.statuses) or self.archived is not None or self.owner_id is not None or self.dated

    def may_match(self, module: Module, row: Item) -> bool:
        """As far as an index row tells, or a whole item."""
        return (
            (not self.statuses or row["status"] in self.statuses)
            and (self.archived is None or row["archived"] == self.archived)
            and (self.owner_id is None or row["owner_id"] == self.owner_id)
            and (not self.dated or self._in_range(module, row["by_date"]))
        )

    def matches(self, module: Module, item: Item) -> bool:
        return self.may_match(module, item) and (not self.text or self._found_in(module, item))

    def _in_range(self, module: Module, by_date: str) -> bool:
        low, high = (record_key("", self.noun(module), bound)["sk"] for bound in self._dates)
        return low <= by_date <= high

    def _found_in(self, module: Module, item: Item) -> bool:
        text = self.text.casefold()
        return any(text in str(item.get(name, "")).casefold() for name in module.searched)

    @property
    def _dates(self) -> tuple[str, str]:
        return self.since or _FIRST_DATE, (self.until or _LAST_DATE) + _END

    @property
    def spans(self) -> list[Span]:
        """The parts of each room that are left to read, in their order."""
        if self.order.by_date:
            spans = [Span(*self._dates)] + ([] if self.dated else [Span(UNDATED, UNDATED + _END)])
        else:
            spans = [Span("", _END)]
        if self.cursor is not None:
            spans = self._from(self.cursor.after, spans)
        return [span for span in spans if span.low <= span.high]

    def _from(self, place: str, spans: list[Span]) -> list[Span]:
        if self.order.by_date and place < _FIRST_DATE:  # it is among those without a date, which come last
            spans = spans[1:]
        if not spans:
            return []
        first, *rest = spans
        if self.order.backwards:
            return [first._replace(high=min(first.high, place)), *rest]
        return [first._replace(low=max(first.low, place)), *rest]


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

    def __init__(self, table: Table, log: RoomLog, *, parallel_map: Callable[..., Iterable[Any]] = map) -> None:
        self._table = table
        self._log = log
        self._parallel_map = parallel_map

    def page(self, module: Module, principal: Principal, query: ListQuery) -> dict[str, Any]:
        """`{items, cursor, positions}`. Positions are read before the items: later commits are replayed, not lost."""
        positions = self._log.positions(principal.rooms)
        records, cursor = self._records(module, principal, query)
        page: dict[str, Any] = {"items": [record.wire() for record in records], "positions": positions}
        return {**page, "cursor": cursor.text()} if cursor else page

    def _records(self, module: Module, principal: Principal, query: ListQuery) -> tuple[list[Record], Cursor | None]:
        """The records, and where to go on; no cursor when every room has been read to its end."""
        rows: Iterator[Row] = self._merged(module, principal, query)
        now = clock.seconds(self._log.now())
        found: dict[str, Record] = {}
        last: Row | None = None
        bytes_ = looked_at = 0
        full = False
        while not full:
            some: list[Row] = []
            # Many may lack the text: then it is better to fetch some in vain than to fetch them one by one.
            at_once = FETCHED_AT_ONCE if query.text else min(FETCHED_AT_ONCE, query.limit - len(found))
            for row in islice(rows, LOOKED_AT - looked_at):
                looked_at, last = looked_at + 1, row
                if query.may_match(module, row.item):
                    some.append(row)
                if len(some) == at_once:
                    break
            if not some:
                break
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

    def _merged(self, module: Module, principal: Principal, query: ListQuery) -> Iterator[Row]:
        """All rooms' rows, span by span."""
        rooms = principal.rooms
        index, at_once = _index(query, len(rooms)), _rows_at_once(query, len(rooms))
        for span in query.spans:
            rows = [self._rows(module, room, query, span, index, at_once) for room in rooms]
            begun = self._parallel_map(_begun, rows)
            yield from merge_sorted(*begun, key=lambda row: row.place, reverse=query.order.backwards)

    def _rows(
        self, module: Module, room: str, query: ListQuery, span: Span, index: str | None, at_once: int
    ) -> Iterator[Row]:
        noun = query.noun(module)
        low, high = record_key(room, noun, span.low), record_key(room, noun, span.high)
        found = self._table.query(
            low["pk"],
            low["sk"],
            high["sk"],
            index=index,
            backwards=query.order.backwards,
            page_size=at_once,
        )
        for item in found:
            place = item[index or "sk"].removeprefix(f"{noun}#")
            if query.cursor is None or place != query.cursor.after:
                yield Row(place, item, whole=index is None)


def _rows_at_once(query: ListQuery, rooms: int) -> int:
    """Of each room. Who is in many rooms finds a page by a part of it in each; a room that has more is asked again."""
    most = ROWS_AT_ONCE if query.narrowed or query.text else query.limit + 2
    return most if rooms <= FEW_ROOMS else min(most, max(LEAST_ROWS, FEW_ROOMS * most // rooms))


def _begun(rows: Iterator[Row]) -> Iterator[Row]:
    """The same rows, the first few of which have been read."""
    return chain(list(islice(rows, 1)), rows)


def _index(query: ListQuery, rooms: int) -> str | None:
    """None: whole records are read, which takes no second look, but costs as much as they are large."""
    if query.order.by_date:
        return "by_date"
    if query.order is Order.CHANGED:
        return "by_changed"
    return "by_created" if query.narrowed or rooms > FEW_ROOMS else None


def _keep_newest(found: dict[str, Record], record: Record) -> None:
    """Puts the record among those found, by id, unless a newer copy is there already."""
    known = found.get(record.id)
    if known is None or known.version < record.version:
        found[record.id] = record
