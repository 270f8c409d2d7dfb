"""Breakages of records: of who may do what, of history, and of recovering."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from openhouse.core.merge_patch import Document
from openhouse.core.principal import Principal
from openhouse.crm.changes import Change
from openhouse.crm.commit_builder import CommitBuilder, PreparedChanges
from openhouse.crm.module import Module
from openhouse.crm.record_items import Stored
from openhouse.crm.records import Records
from openhouse.crm.steps import packed, unpacked
from openhouse.storage.keys import Item
from openhouse.storage.writes import ABSENT, PRESENT, AnyOf, Put, Write
from tests.simulator.view import ROOMS
from tests.simulator.world import Parts

ANYWAY = AnyOf((PRESENT, ABSENT))


class WhoeverReadsDeletes(Records):
    def delete(self, module: Module, principal: Principal, id_: str, **how: Any) -> None:
        super().delete(module, replace(principal, role="broker"), id_, **how)


class FindsEverywhere(Records):
    """Looks for records in everybody's rooms."""

    def read_stored(self, module: Module, principal: Principal, ids_: Iterable[str]) -> dict[str, Stored]:
        return super().read_stored(module, _Everywhere(**vars(principal)), ids_)


class _Everywhere(Principal):
    @property
    def rooms(self) -> tuple[str, ...]:
        return ROOMS


class TellsDeletedHistories(Records):
    def with_history(self, module: Module, principal: Principal, id_: str) -> Stored:
        """Also to those who may not recover it."""
        if found := self.read_stored(module, principal, [id_]).get(id_):
            return found
        return self._deleted(module, principal, id_, self._log.now())


class AnswersAgainToAnyone(Records):
    """A repeated request, whoever reaches the record by then."""

    def _check_reach(self, principal: Principal, modules: Sequence[Module], answered: Document) -> None: ...


class ChangedWrites(CommitBuilder):
    """Other writes than the product's."""

    def writes(self, change: Change, writes: Sequence[Write]) -> Sequence[Write]:
        raise NotImplementedError

    def prepare(self, principal: Principal, changes: Sequence[Change], now: datetime) -> PreparedChanges:
        prepared = super().prepare(principal, changes, now)
        pieces = [replace(piece, writes=self.writes(piece.change, piece.writes)) for piece in prepared.pieces]
        return replace(prepared, pieces=pieces)


class ForgetsMoves(ChangedWrites):
    def writes(self, change: Change, writes: Sequence[Write]) -> Sequence[Write]:
        moves = change.before and change.after and change.before.room != change.after.room
        return [write for write in writes if not (moves and write.key["pk"].startswith("H#"))]


class ForgetsRecentSteps(ChangedWrites):
    """Those that lay in the record's item, when another item takes them."""

    def writes(self, change: Change, writes: Sequence[Write]) -> Sequence[Write]:
        return [
            replace(write, item={**write.item, "steps": packed(unpacked(write.item["steps"])[-1:])})
            if isinstance(write, Put) and "steps" in write.item
            else write
            for write in writes
        ]


class RecoversAnyway(ChangedWrites):
    """Without conditions: on the record, on its history, and on the deleted one."""

    def writes(self, change: Change, writes: Sequence[Write]) -> Sequence[Write]:
        return [replace(write, when=ANYWAY) for write in writes] if change.recovered else writes


class LeavesTheDeletedOne(ChangedWrites):
    """Where it lay when it is recovered."""

    def writes(self, change: Change, writes: Sequence[Write]) -> Sequence[Write]:
        return [write for write in writes if not (change.recovered and "deleted." in write.key["sk"])]


class SignsForTheOwner(ChangedWrites):
    """Tells history that it was the owner."""

    def writes(self, change: Change, writes: Sequence[Write]) -> Sequence[Write]:
        owner = (change.after or change.before or change.recovered).owner_id  # type: ignore[union-attr]
        return [
            replace(write, item=_signed(write.item, owner)) if isinstance(write, Put) else write for write in writes
        ]


def _signed(item: Item, owner: str) -> Item:
    """With the last of the steps that it holds in another's name."""
    for name in item.keys() & {"steps", "_steps"}:
        *others, last = unpacked(item[name])
        return {**item, name: packed([*others, {**last, "by": owner}])}
    return item


BROKEN_RECORDS: Mapping[str, Parts] = {
    "whoever reads a record deletes it": Parts(services={Records: WhoeverReadsDeletes}),
    "records are found in rooms that one is not in": Parts(services={Records: FindsEverywhere}),
    "the history of what was deleted is told to all who read it": Parts(services={Records: TellsDeletedHistories}),
    "a repeat is answered to whoever has lost the record": Parts(services={Records: AnswersAgainToAnyone}),
    "history does not know of moves": Parts(services={CommitBuilder: ForgetsMoves}),
    "history forgets what lay in the record": Parts(services={CommitBuilder: ForgetsRecentSteps}),
    "history says that it was the owner": Parts(services={CommitBuilder: SignsForTheOwner}),
    "recovering has no conditions": Parts(services={CommitBuilder: RecoversAnyway}),
    "what is recovered stays among the deleted": Parts(services={CommitBuilder: LeavesTheDeletedOne}),
}
