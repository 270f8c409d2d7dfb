"""What a list shall hold, and in which order: what decides whether a row or a record is part of it. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import NamedTuple

from openhouse.core import clock
from openhouse.core.folding import words
from openhouse.crm.cursors import Cursor, Order, price_place
from openhouse.crm.module import Module
from openhouse.crm.search_terms import LONG, Trait, is_matched, traits_of
from openhouse.storage.keys import NOTHING, Item, deleted_noun

DEFAULT_LIMIT, MAX_LIMIT = 50, 200
_FIRST, _LAST, _END = "0", "\U0010ffff", "~"  # before and after every value; after all that begins alike


class Span(NamedTuple):
    """A range of places."""

    low: str
    high: str


@dataclass(frozen=True, kw_only=True)
class ListQuery:
    """None and empty mean: do not care."""

    limit: int = DEFAULT_LIMIT
    order: Order = Order.NEWEST
    cursor: Cursor | None = None
    statuses: frozenset[str] = frozenset()
    archived: bool | None = None
    owner_id: str | None = None
    since: str | None = None  # the natural date, from and to, both included; in the form it is stored in
    until: str | None = None
    least_cents: int | None = None  # the price, both included
    most_cents: int | None = None
    traits: frozenset[Trait] = frozenset()
    text: str = ""
    deleted: bool = False  # instead of the others

    def noun(self, module: Module) -> str:
        """Under which the records lie in the table."""
        return deleted_noun(module.noun) if self.deleted else module.noun

    @cached_property
    def words(self) -> Sequence[str]:
        return tuple(dict.fromkeys(words(self.text)))

    @property
    def dated(self) -> bool:
        return self.since is not None or self.until is not None

    @property
    def priced(self) -> bool:
        return self.least_cents is not None or self.most_cents is not None

    @property
    def sought(self) -> bool:
        """By what the search index leads to; it knows nothing of what is deleted."""
        return bool(self.words or self.traits) and not self.deleted

    @property
    def narrowed(self) -> bool:
        """By what an index row tells."""
        return bool(self.statuses) or self.archived is not None or self.owner_id is not None or self.dated

    def decides_by_record(self, module: Module) -> bool:
        """Whether a row that may match says little: the record must be read."""
        prices = self.priced and self.order.attribute != "by_price"
        dates = self.dated and (module.ends_by is not None or self.order.attribute in ("by_name", "by_price"))
        return bool(self.words or self.traits) or prices or dates

    def may_match(self, module: Module, row: Item) -> bool:
        """As far as an index row tells, or a whole item, or one of which nothing is known but its key."""
        if "status" not in row:
            return True
        return (
            (not self.statuses or row["status"] in self.statuses)
            and (self.archived is None or row["archived"] == self.archived)
            and (self.owner_id is None or row["owner_id"] == self.owner_id)
            and (not self.dated or "by_date" not in row or self._in_range(module, row["by_date"]))
        )

    def matches(self, module: Module, item: Item) -> bool:
        return (
            self.may_match(module, item)
            and self._meets_dates(module, item)
            and self._has_price(module, item)
            and self.traits <= traits_of(module, item)
            and (not self.words or is_matched(module, item, self.words))
        )

    def spans(self, module: Module) -> list[Span]:
        """The parts of each room that are left to read, in their order; what lasts long may lie before them."""
        if self.order.partial:
            by = self.order.attribute
            bounded = (by == "by_date" and self.dated) or (by == "by_price" and self.priced)
            spans = [self._valued(self.first_begin(module))] + ([] if bounded else [Span(NOTHING, NOTHING + _END)])
        else:
            spans = [Span("", _END)]
        if self.cursor is not None:
            spans = self._from(self.cursor.after, spans)
        return [span for span in spans if span.low <= span.high]

    def first_begin(self, module: Module) -> str | None:
        """The first date of what may be asked for, but for what lasts long."""
        if self.since is None or module.ends_by is None:
            return self.since
        return clock.to_wire(datetime.fromisoformat(self.since) - LONG)

    def may_begin_before(self, module: Module) -> bool:
        """Whether what lasts long may be asked for, and lies before the parts that are read."""
        return self.since is not None and module.ends_by is not None and self.order.attribute == "by_date"

    def is_left(self, place: str) -> bool:
        """Whether the cursor, if there is one, has not come to this place yet. It is among those with a value."""
        if self.cursor is None:
            return True
        after = self.cursor.after
        if self.order.partial and (after < _FIRST) != (place < _FIRST):
            return after >= _FIRST  # those without a value come last
        return place < after if self.order.backwards else place > after

    def in_order(self, place: str) -> tuple[bool, str]:
        """By what places are sorted within those with a value and those without, which come last."""
        return self.order.partial and (place < _FIRST) != self.order.backwards, place

    def _in_range(self, module: Module, by_date: str) -> bool:
        """As far as a row tells: what begins earlier may last until then."""
        low, high = (f"{self.noun(module)}#{bound}" for bound in self._dates(self.since))
        return by_date <= high and (low <= by_date or module.ends_by is not None)

    def _meets_dates(self, module: Module, item: Item) -> bool:
        if not self.dated or module.dated_by is None:
            return True
        begins, (low, high) = item.get(module.dated_by), self._dates(self.since)
        if begins is None or begins > high:
            return False
        if module.ends_by is None:
            return bool(low <= begins)
        return bool(self.since is None or item[module.ends_by] > self.since)

    def _has_price(self, module: Module, item: Item) -> bool:
        if not self.priced or module.priced_by is None:
            return not self.priced
        cents = item.get(module.priced_by)
        return (
            cents is not None
            and (self.least_cents is None or cents >= self.least_cents)
            and (self.most_cents is None or cents <= self.most_cents)
        )

    def _valued(self, since: str | None) -> Span:
        """The places of what has a value to be sorted by."""
        if self.order.attribute == "by_date":
            return Span(*self._dates(since))
        if self.order.attribute == "by_price" and self.priced:
            low = _FIRST if self.least_cents is None else price_place(self.least_cents)
            return Span(low, _LAST if self.most_cents is None else price_place(self.most_cents) + _END)
        return Span(_FIRST, _LAST)

    def _dates(self, since: str | None) -> tuple[str, str]:
        return since or _FIRST, (self.until or "9") + _END

    def _from(self, place: str, spans: list[Span]) -> list[Span]:
        if self.order.partial and place < _FIRST:  # it is among those without a value, which come last
            spans = spans[1:]
        if not spans:
            return []
        first, *rest = spans
        if self.order.backwards:
            return [first._replace(high=min(first.high, place)), *rest]
        return [first._replace(low=max(first.low, place)), *rest]
