"""What restored tables need before anybody uses them: that they agree, and a new epoch for every log.

A client may have heard of commits that are undone now. Its positions name the epoch that it knows, so with another one
each room tells it to fetch everything anew, however far the log has grown again by then.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from cli.restoring.examining import Log, disagreements, expected, room_of, torn
from cli.restoring.people import differing, keep_sessions_ended, people
from cli.restoring.scanning import scanned
from cli.restoring.tables import Pair
from deployed.terminal import CommandFailed, Tell
from openhouse.core import clock, ids
from openhouse.rooms.room_log import RoomLog
from openhouse.storage.item_kinds import HEADS, LOG_ENTRIES, OF_SOCKETS
from openhouse.storage.keys import Key, head_key, restoration_key
from openhouse.storage.table import Table
from openhouse.storage.writes import ABSENT, PRESENT, AnyOf, Put, Update

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

MOST_TOLD = 10
_EVER = datetime(1970, 1, 1, tzinfo=UTC)
RECENT = timedelta(seconds=10)  # before the last commit of all: much longer than a transaction takes
MOST_RECENT = 1_000  # of one room


@dataclass
class Prepared:
    """`differing`: who will be in the directory again what they are no more, in words."""

    rooms: int = 0
    rows: int = 0
    differing: Sequence[str] = ()


@dataclass
class _Found:
    """In the table."""

    logs: defaultdict[str, Log] = field(default_factory=lambda: defaultdict(Log))
    of_sockets: list[Key] = field(default_factory=list)


class Preparation:
    """May be repeated. `nouns`: of the records that logs tell of."""

    def __init__(
        self,
        client: DynamoDBClient,
        nouns: Sequence[str],
        *,
        now: clock.Clock = clock.utc_now,
        new_epoch: Callable[[], str] = ids.epoch,
    ) -> None:
        self._client = client
        self._nouns = nouns
        self._now = now
        self._new_epoch = new_epoch

    def run(self, old: Pair, new: Pair, tell: Tell) -> Prepared:
        """Raises CommandFailed, before anything is written, if the two tables are not of one moment."""
        table = Table(self._client, new.main, new.records)
        found = self._read(new, tell)
        self._check(found.logs, table)
        then, now = people(self._client, new.main), people(self._client, old.main)
        done = Prepared(rows=len(found.of_sockets), differing=differing(then, now))
        keep_sessions_ended(table, then, now)
        for done.rooms, room in enumerate(found.logs, 1):
            table.write(Update(head_key(room), {"epoch": self._new_epoch()}, PRESENT))
            tell(f"{done.rooms:,} rooms have a new epoch")
        table.delete_all(found.of_sockets)
        note = {**restoration_key(), "of": [*old], "at": clock.to_wire(self._now())}
        table.write(Put(note, AnyOf((ABSENT, PRESENT))))
        return done

    def _read(self, new: Pair, tell: Tell) -> _Found:
        found = _Found()
        kinds = (HEADS, LOG_ENTRIES, *OF_SOCKETS)
        for number, item in enumerate(scanned(self._client, new.main, kinds, names=["seq"]), 1):
            if any(kind.has(item) for kind in OF_SOCKETS):
                found.of_sockets.append({"pk": item["pk"], "sk": item["sk"]})
            else:
                room, seq = room_of(item)
                log = found.logs[room]
                if seq:
                    log.last = max(log.last, seq)
                else:
                    log.seq = int(item["seq"])
            if number % 1_000 == 0:
                tell(f"{number:,} items")
        return found

    def _check(self, logs: Mapping[str, Log], table: Table) -> None:
        wanted = expected(_recent(RoomLog(table), logs), self._nouns)
        items = table.get_many([each.key for each in wanted])
        if found := [*disagreements(logs), *torn(wanted, items)]:
            shown = "\n".join(f"  {each}" for each in found[:MOST_TOLD])
            raise CommandFailed(
                f"These tables are not of one moment, in {len(found)} places:\n{shown}\n"
                "Delete them, and restore both to another second: an earlier one in which nobody wrote is best."
            )


def _recent(log: RoomLog, rooms: Iterable[str]) -> Iterator[dict[str, Any]]:
    """The commits of the last seconds that any log tells of."""
    last = {room: next(log.recent(room, _EVER, 1), None) for room in rooms}
    times = {room: datetime.fromisoformat(commit["at"]) for room, commit in last.items() if commit}
    since = max(times.values(), default=_EVER + RECENT) - RECENT
    for room, at in times.items():
        if at >= since:
            yield from log.recent(room, since, MOST_RECENT)
