"""What becomes of a socket that says too much, whatever it says, and how much of it is written down."""

from __future__ import annotations

import json
from collections import Counter
from itertools import count
from typing import Any

import pytest

from openhouse.api.actions import ACTIONS
from openhouse.rooms.allowance import CAPACITY, FLOODED, LONGEST_PAUSE, PER_SECOND, REFUSAL, SLOWED_BELOW
from tests.fakes import AVA, BEN
from tests.functional.brokerage import staff
from tests.functional.conftest import World
from tests.functional.sockets import create, join, say
from tests.memory_table import MemoryTable

WRITES = ("write", "transact", "write_all", "delete_returning")
# What is written for each message until the end, at most. What is accepted of views is one row each, of a presence that
# changes two, of a lock two transactions; so those are dear, and most messages of a flood are refused. Of all others it
# is nothing but now and then what is left of the allowance.
WAYS = {
    "sync": 0.2,
    "ping": 0.05,
    "auth": 0.35,
    "presence": 1.1,
    "view another": 0.8,
    "view and leave": 0.8,
    "typing elsewhere": 0.1,
    "lock another": 0.7,
    "unlock": 0.35,
    "an unknown action": 0.2,
    "no JSON": 0.2,
}
CHEAP = ("ping", "typing elsewhere")


class Flood:
    """One socket that sends as fast as it is answered; every message takes a thousandth of a second."""

    def __init__(self) -> None:
        self.world = World.in_memory()
        staff(self.world)
        table = self.world.table
        assert isinstance(table, MemoryTable)
        self.steps: Counter[str] = Counter()
        table.before = lambda step: self.steps.update([step])
        chances = (number * 0.618_034 % 1 for number in count())
        self.world.connections._chance = lambda: next(chances)
        self.pauses: list[float] = []
        self.world.connections._sleep = self.pauses.append
        self.records = [str(record["id"]) for record in create(self.world, 30)]
        join(self.world, "a", AVA)
        join(self.world, "b", BEN)
        self.steps.clear()

    def send(self, way: str, number: int) -> dict[str, Any]:
        record = {"noun": "escrow", "recordId": self.records[number % len(self.records)]}
        messages: dict[str, dict[str, Any]] = {
            "sync": {"action": "sync"},
            "ping": {"action": "ping"},
            "auth": {"action": "auth", "ticket": "guess"},
            "view another": {"action": "view", **record},
            "view and leave": {"action": "view", **record, "recordId": self.records[0], "leave": number % 2 == 1},
            "typing elsewhere": {"action": "typing", **record, "recordId": self.records[0], "field": f"f{number}"},
            "lock another": {"action": "lock", **record},
            "unlock": {"action": "unlock", **record, "token": 1},
            "presence": {"action": "presence", "active": number % 2 == 1},
            "an unknown action": {"action": "shout"},
        }
        frame = json.dumps({"id": "1", **messages[way]}) if way in messages else "{"
        self.world.clock.advance(0.001)
        self.world.gateway.posted["a"].clear()
        self.world.messages.receive("a", frame)
        return next(iter(self.world.gateway.replies("a")), {})

    @property
    def written(self) -> int:
        return sum(self.steps[step] for step in WRITES)


def code_of(reply: dict[str, Any]) -> str:
    return str(reply["error"]["code"]) if "error" in reply else "done"


@pytest.mark.parametrize("way", WAYS)
def test_a_socket_that_floods_is_slowed_then_refused_then_closed_and_few_of_its_messages_are_written(way: str) -> None:
    flood = Flood()
    flood.send("view another", 0)
    if way in CHEAP:  # they would go on for thousands of messages
        flood.world.connections.charge(flood.world.connections.find("a"), CAPACITY * 2 // 3)
    flood.steps.clear()
    codes: list[str] = []
    written_for: Counter[str] = Counter()  # by what a message was answered
    while "a" in flood.world.gateway.open:
        before = flood.written
        codes.append(code_of(flood.send(way, len(codes))))
        written_for[codes[-1]] += flood.written - before
        assert len(codes) < CAPACITY
    refused = codes.count("rate_limited")
    assert 0 < flood.pauses[0] < 0.1 < max(flood.pauses) <= LONGEST_PAUSE
    assert -FLOODED / REFUSAL / 2 < refused < 4 * -FLOODED / REFUSAL
    first = codes.index("rate_limited")
    assert first > 10
    assert len(codes) - first < refused * 1.2, "once it is refused, it is hardly served again"
    closing = flood.world.gateway.frames("a")[-1]["closing"]
    assert (closing["code"], closing["retryable"]) == ("rate_limited", True)
    assert flood.written < len(codes) * WAYS[way]
    assert written_for["rate_limited"] < refused * 0.3
    rows = [item for item in flood.world.items() if item["sk"]["S"] == "a" and item["pk"]["S"][0] in "CM"]
    assert rows == []
    assert {item["sk"]["S"] for item in flood.world.items("M#team:north")} == {"b"}


def test_what_arrives_after_the_end_is_answered_without_a_write() -> None:
    flood = Flood()
    flood.world.connections.forget("a")
    flood.steps.clear()
    for number in range(50):
        flood.send("ping", number)
    assert flood.written == 0


def test_who_waits_as_they_are_told_is_never_closed() -> None:
    """And gets on: as many requests as the allowance grows by."""
    flood = Flood()
    flood.world.connections.charge(flood.world.connections.find("a"), CAPACITY)
    done = 0
    for number in range(300):
        reply = flood.send("sync", number)
        done += bool(reply["ok"])
        if not reply["ok"]:
            flood.world.clock.advance(reply["error"]["retryAfterSeconds"])
    assert "a" in flood.world.gateway.open
    assert done > 100


def test_a_client_in_normal_use_is_neither_slowed_nor_refused() -> None:
    """Five people look at a record for four minutes, and all of them type: every message is told to four others."""
    flood = Flood()
    others = [f"other{number}" for number in range(3)]
    for connection_id in others:
        join(flood.world, connection_id, BEN)
    here = ["a", "b", *others]
    record = {"noun": "escrow", "recordId": flood.records[0]}
    flood.steps.clear()
    for second in range(240):
        flood.world.clock.advance(1)
        for connection_id in here:
            for action, every, more in (("view", 8, {}), ("typing", 3, {"field": "notes"}), ("ping", 240, {})):
                if second % every == 0:
                    about = {} if action == "ping" else {**record, **more}
                    assert say(flood.world, connection_id, action=action, **about)["ok"]
    assert flood.pauses == []
    left = min(flood.world.connections.find(connection_id).allowance.left for connection_id in here)
    assert left > CAPACITY * 0.8


def test_every_action_is_flooded_here() -> None:
    assert {action.name for action in ACTIONS} <= {way.split()[0] for way in WAYS}


def test_the_pause_begins_at_a_quarter_and_refusals_cost_nothing_to_who_is_slow() -> None:
    flood = Flood()
    connection = flood.world.connections.find("a")
    flood.world.connections.charge(connection, CAPACITY - SLOWED_BELOW)
    flood.send("ping", 0)
    assert flood.pauses == []
    flood.world.connections.charge(flood.world.connections.find("a"), SLOWED_BELOW // 2)
    flood.send("ping", 0)
    assert flood.pauses == [pytest.approx(LONGEST_PAUSE / 2, abs=0.01)]
    assert REFUSAL * 1.5 < PER_SECOND
