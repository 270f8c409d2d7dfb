"""The functions' own code behind the stand-in of API Gateway, over a table in memory: DynamoDB's, Lambda's and SQS's
own time is left out.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs

from bench.api_gateway import ApiGateway, posting_to
from openhouse.api.messages import Messages
from openhouse.core.errors import OpenhouseError
from openhouse.core.observability import logger
from openhouse.core.principal import Principal
from openhouse.core.room_names import brokerage_room, team_room
from openhouse.delivery.fanout import LogEntry
from openhouse.delivery.queues import ShardTask
from openhouse.delivery.rate_limiter import rates
from openhouse.identity.directory import Team, User
from openhouse.rooms.connections import Connections
from openhouse.rooms.draft import Draft
from openhouse.rooms.gateway import Gateway
from openhouse.services import Services
from openhouse.settings import PostingSettings
from openhouse.storage.keys import Item, Key
from openhouse.storage.writes import Condition, Write
from tests.memory_table import MemoryTable

TEAM, BROKERAGE = team_room("north"), brokerage_room("harbor")
USER = User(user_id="ava", email="ava@b.c", name="Ava", role="agent", team_ids=("north",))
RATE = PostingSettings.posts_per_second
RATES = rates(RATE)


class SharedTable(MemoryTable):
    """For several threads: one step at a time."""

    def __init__(self) -> None:
        self.entries: list[LogEntry] = []  # as the stream hands them over
        self._lock = threading.RLock()
        super().__init__(told=self._told)

    def get(self, key: Key, *, consistent: bool = True) -> Item | None:
        with self._lock:
            return super().get(key, consistent=consistent)

    def get_many(self, keys: Sequence[Key], *, only_keys: bool = False, consistent: bool = True) -> list[Item]:
        with self._lock:
            return super().get_many(keys, only_keys=only_keys, consistent=consistent)

    def query(self, pk: str, low: str, high: str, **options: Any) -> Iterator[Item]:
        with self._lock:
            return iter([*super().query(pk, low, high, **options)])

    def write(self, write: Write) -> None:
        with self._lock:
            super().write(write)

    def add(self, key: Key, name: str, amount: int, when: Condition) -> int:
        with self._lock:
            return super().add(key, name, amount, when)

    def delete_returning(self, key: Key, when: Condition) -> Item | None:
        with self._lock:
            return super().delete_returning(key, when)

    def transact(self, writes: Sequence[Write]) -> None:
        with self._lock:
            super().transact(writes)

    def delete_all(self, keys: Iterable[Key]) -> None:
        with self._lock:
            super().delete_all(keys)

    def take_entries(self) -> list[LogEntry]:
        with self._lock:
            taken, self.entries = self.entries, []
            return taken

    def _told(self, old: Item | None, new: Item | None) -> None:
        if old is None and new is not None and new["sk"].startswith("C#"):
            position = f"{new['room']}-{new['seq']}"
            self.entries.append(LogEntry(new["room"], new["seq"], new["commit"], position, json.loads(new["commit"])))


class Handed:
    """What the fan-out handed on to workers."""

    def __init__(self) -> None:
        self._tasks: list[ShardTask] = []

    def send(self, tasks: Sequence[ShardTask], *, cause: str) -> None:  # noqa: ARG002 - nothing is sent twice here
        self._tasks += tasks

    def shorten_visibility(self, receipts: Sequence[str]) -> None:
        raise AssertionError(f"{len(receipts)} tasks failed")

    def dead_letter(self, room: str, seq: int, why: str) -> None:
        raise AssertionError(f"commit {seq} of {room} was set aside: {why}")

    def take(self) -> list[ShardTask]:
        taken, self._tasks = self._tasks, []
        return taken


class Backend(Services):
    """One person with as many sockets as tickets, in a team and a brokerage."""

    table: SharedTable

    def __init__(self, gateway: Gateway) -> None:
        self.queue = Handed()
        super().__init__(SharedTable(), gateway=lambda: gateway, queues=lambda: self.queue)
        self.directory.found("harbor", "Harbor", User(user_id="admin", email="a@b.c", name="Alex", role="admin"))
        self.directory.put_team("harbor", Team(team_id="north", name="North"))
        self.directory.put_user("harbor", USER)

    def ticket(self) -> str:
        return self.connections.issue_ticket(self.principal())[0]

    def principal(self) -> Principal:
        ends = datetime.now(UTC) + timedelta(hours=1)
        return self.directory.principal(USER.user_id, int(ends.timestamp()))

    def beside(self, gateway: Gateway) -> Services:
        """Another process of the same brokerage, with connections of its own to the gateway."""
        return Services(self.table, gateway=lambda: gateway, queues=lambda: self.queue)

    def commit(self, room: str, event: Mapping[str, Any]) -> None:
        self.log.commit(lambda _now: Draft(None, events={room: [dict(event)]}), by=USER.user_id)

    def deliver(self) -> None:
        """What was committed since the last time, to everyone."""
        if self.fanout.deliver(self.table.take_entries()):
            raise RuntimeError("a commit was not delivered")
        tasks = self.queue.take()
        if tasks and self.worker.deliver(tasks):
            raise RuntimeError("a worker did not deliver a commit")


@contextmanager
def backend(api: ApiGateway) -> Iterator[Backend]:
    """Answers sockets of the stand-in as long as the block lasts."""
    with quiet(), posting_to(api.endpoint) as gateway, posting_to(api.endpoint) as for_sockets:
        made = Backend(gateway)
        messages = Messages(made.beside(for_sockets))
        answering = threading.Thread(target=_answer, args=[api, made, messages])
        answering.start()
        try:
            yield made
        finally:
            api.events.put(None)
            answering.join()


@contextmanager
def quiet() -> Iterator[None]:
    """Without the log line of each delivery."""
    level = logger.log_level
    logger.setLevel("ERROR")
    try:
        yield
    finally:
        logger.setLevel(level)


def _answer(api: ApiGateway, made: Backend, messages: Messages) -> None:
    while event := api.events.get():
        if "connect" in event:
            api.accept(event["connect"], ok=_admitted(made.connections, event["connect"], event["query"]))
        elif "message" in event:
            messages.receive(event["message"], event["text"])
        else:
            made.connections.forget(event["disconnect"])


def _admitted(connections: Connections, id_: str, query: str) -> bool:
    try:
        connections.connect(id_, connections.redeem(parse_qs(query)["ticket"][0]))
    except OpenhouseError:
        return False
    return True
