"""From changes of records to what a commit writes: items, events, the brokerage's numbers, the rooms' figures."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, Self, TypeVar

from openhouse.core.errors import Invalid
from openhouse.core.merge_patch import Document
from openhouse.core.principal import Principal
from openhouse.crm.changes import Change, with_number
from openhouse.crm.likenesses import Likenesses, likeness_writes
from openhouse.crm.locks import end_by
from openhouse.crm.record_items import writes_of
from openhouse.crm.references import References
from openhouse.crm.stats import Counted, Stats, figure_updates
from openhouse.rooms.draft import ITEMS_PER_COMMIT, Addition, Draft, Event
from openhouse.storage.keys import Key, counter_key
from openhouse.storage.table import MAX_TRANSACTION_ITEMS, Table
from openhouse.storage.writes import ABSENT, Update, Write, equals

T = TypeVar("T")

ITEMS_TO_TELL = 1 + ITEMS_PER_COMMIT  # somebody, in a room of their own


class Notified(Protocol):
    """What people are told of some changes."""

    def of(self, changes: Sequence[Change], most: int | None) -> Addition:
        """Of the first few of the changes. `most`: so many people alone."""


class Notices(Protocol):
    """Who is to be told of changes that concern them, in the commit of the changes themselves."""

    def prepare(self, principal: Principal, changes: Sequence[Change], now: datetime) -> Notified:
        """Reads what it depends on; nothing, if the changes concern nobody else."""


class CommitBuilder:
    def __init__(
        self, table: Table, references: References, likenesses: Likenesses, stats: Stats, notices: Notices
    ) -> None:
        self._table = table
        self._references = references
        self._likenesses = likenesses
        self._stats = stats
        self._notices = notices

    def judge(self, principal: Principal, changes: Sequence[Change]) -> list[Change | Invalid]:
        """Each change, guarded by what it relies on, or why it cannot be: it names what its author cannot reach."""
        return self._references.judge(principal, changes)

    def prepare(self, principal: Principal, changes: Sequence[Change], now: datetime) -> PreparedChanges:
        """Reads what the changes share with others, and gives new records the brokerage's next numbers.

        A record may be in one change only. Those that are numbered are of one module.
        """
        counter: Counter | None = None
        if numbered := [change for change in changes if _is_numbered(change)]:
            module = numbered[0].module
            key = counter_key(principal.brokerage_id, module.noun, now.year)
            item = self._table.get(key)
            counter = Counter(key, item["count"] if item else 0)
            assert module.numbering is not None
            texts = (module.numbering.text(now.year, count) for count in itertools.count(counter.count + 1))
            changes = [with_number(change, next(texts)) if _is_numbered(change) else change for change in changes]
        pieces = [_Piece.of(change, principal.brokerage_id) for change in changes]
        notified = self._notices.prepare(principal, changes, now)
        return PreparedChanges(pieces, counter, self._stats.of_changes(changes), notified)

    def warnings(self, principal: Principal, change: Change) -> list[Document]:
        """Hints about a change that refuse nothing: `{field, message}` in wire form."""
        if change.after is None:
            return []
        hints = [*change.module.warnings(change.after), *self._likenesses.warnings(principal, change)]
        return [{"field": field, "message": message} for field, message in hints]


@dataclass(frozen=True)
class Counter:
    """The brokerage's last number of a year. `count` is 0 where there is none yet."""

    key: Key
    count: int

    def raised(self, by: int) -> Write:
        """In the transaction of what is numbered: no failure leaves a gap."""
        return Update(self.key, {"count": self.count + by}, equals(count=self.count) if self.count else ABSENT)


@dataclass(frozen=True)
class _Piece:
    """What one change comes to, beside what it shares with others: the record, its history, its look-ups, its lock."""

    change: Change
    events: Sequence[tuple[str, Event]]
    writes: Sequence[Write]

    @classmethod
    def of(cls, change: Change, brokerage_id: str) -> Self:
        events = change.events()
        writes = [*writes_of(change, brokerage_id), *likeness_writes(change, brokerage_id)]
        if end := end_by(change):
            events += [(room, event) for room, told in end.events.items() for event in told]
            writes.append(end.write)
        return cls(change, events, writes)


@dataclass(frozen=True)
class PreparedChanges:
    """Changes with their numbers, and what was read for them: the first few are drafted without reading again."""

    pieces: Sequence[_Piece]
    counter: Counter | None
    counted: Counted
    notified: Notified

    @property
    def changes(self) -> list[Change]:
        return [piece.change for piece in self.pieces]

    def draft(self, result: T, *also: Write, first: int | None = None) -> Draft[T]:
        """One commit per room, of all the changes or of the `first` few.

        Changes that cannot be made in smaller parts are made in any case: people are told as far as there is room.
        """
        pieces = self.pieces[:first]
        changes = [piece.change for piece in pieces]
        figures = figure_updates(changes, self.counted)
        events: dict[str, list[Event]] = {}
        for room, event in [*(event for piece in pieces for event in piece.events), *figures.events]:
            events.setdefault(room, []).append(event)
        written = [write for piece in pieces for write in piece.writes]
        numbered = sum(map(_is_numbered, changes))
        numbers = [self.counter.raised(numbered)] if self.counter and numbered else []
        guards = {tuple(guard.key.values()): guard for change in changes for guard in change.guards}
        writes = [*written, *figures.writes, *numbers, *also, *guards.values()]
        taken = ITEMS_PER_COMMIT * len(events) + len(writes)
        divisible = first is not None and first > 1
        told = self.notified.of(changes, None if divisible else max(0, MAX_TRANSACTION_ITEMS - taken) // ITEMS_TO_TELL)
        for room, news in told.events.items():
            events.setdefault(room, []).extend(news)
        kept = {room: {**figures.kept.get(room, {}), **told.kept.get(room, {})} for room in {*figures.kept, *told.kept}}
        return Draft(result, events, [*writes, *told.writes], heads=self.counted.heads, kept=kept)


def _is_numbered(change: Change) -> bool:
    return change.before is None and change.recovered is None and change.module.numbering is not None
