"""Breakages of locks: of what keeps a save out, of who ends them, and of what is told of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from openhouse.collaboration.lock_rows import LockedRecord
from openhouse.collaboration.locks import Locks
from openhouse.core.principal import Principal
from openhouse.crm.changes import Change
from openhouse.crm.commit_builder import CommitBuilder
from openhouse.crm.module import Module
from openhouse.rooms.timers import Timer
from openhouse.storage.writes import Put, Write, at_version
from tests.simulator.broken_records import ChangedWrites
from tests.simulator.world import Parts


class LooksAtNoFence(ChangedWrites):
    """Whoever was let through writes, whatever has become of the lock since."""

    def writes(self, change: Change, writes: Sequence[Write]) -> Sequence[Write]:
        before = change.before
        if before is None:
            return writes
        return [
            replace(write, when=at_version(before.version))
            if write.key["pk"].startswith("R#") and write.key["sk"] == f"{change.module.noun}#{before.id}"
            else write
            for write in writes
            if change.hold.lease or not write.key["pk"].startswith("E#")
        ]


class ForgetsFences(ChangedWrites):
    """Tokens begin anew with every save."""

    def writes(self, change: Change, writes: Sequence[Write]) -> Sequence[Write]:
        return [
            replace(write, item={name: value for name, value in write.item.items() if name not in ("_fence", "_lock")})
            if isinstance(write, Put) and write.key["pk"].startswith("R#")
            else write
            for write in writes
        ]


class TellsNoEnd(ChangedWrites):
    """Of a lock that ends with a save."""

    def writes(self, change: Change, writes: Sequence[Write]) -> Sequence[Write]:
        return [write for write in writes if not write.key["pk"].startswith("E#")]


class ReleasesAnyLock(Locks):
    """Whosever it is by now, and whatever the token."""

    def release(self, module: Module, principal: Principal, id_: str, token: int) -> None:
        lease = self._records.find(module, principal, id_).hold.lease
        if lease:
            holder = replace(principal, user_id=lease.holder)
            super().release(module, holder, id_, lease.token)


class EndsByTheFirstTimer(Locks):
    """Whenever it comes."""

    def run_out(self, timer: Timer) -> None:
        self._end_if(LockedRecord.of(timer.about), lambda _lease, _now: True)


BROKEN_LOCKS: Mapping[str, Parts] = {
    "saves do not look at the fence": Parts(services={CommitBuilder: LooksAtNoFence}),
    "saves forget the fence": Parts(services={CommitBuilder: ForgetsFences}),
    "a save does not tell that a lock has ended": Parts(services={CommitBuilder: TellsNoEnd}),
    "a late release frees a newer lock": Parts(services={Locks: ReleasesAnyLock}),
    "a timer ends a lock that is not over": Parts(services={Locks: EndsByTheFirstTimer}),
}
