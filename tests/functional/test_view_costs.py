"""What looking and typing cost: calls of the table, units and posts, as decision 050 tells them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from openhouse.storage.keys import Key
from tests.fakes import AVA, BEN
from tests.functional.brokerage import LEE, staff
from tests.functional.conftest import World
from tests.functional.sockets import create, join, say
from tests.memory_table import MemoryTable

DECISION = Path(__file__).parents[2] / "docs/decisions/050-who-looks-and-who-types.md"


@dataclass
class Bill:
    """`read` and `written`: units, as all of these items are small."""

    read: float = 0
    written: int = 0
    posts: int = 0


class Counted(MemoryTable):
    def __init__(self) -> None:
        super().__init__(told=lambda _old, _new: self._wrote())
        self.bill = Bill()

    def _wrote(self) -> None:
        self.bill.written += 1

    def get(self, key: Key, *, consistent: bool = True) -> Any:
        self.bill.read += 1 if consistent else 0.5
        return super().get(key, consistent=consistent)

    def get_many(self, keys: Any, **how: Any) -> Any:
        self.bill.read += len(keys)
        return super().get_many(keys, **how)

    def query(self, *arguments: Any, **how: Any) -> Iterator[Any]:
        self.bill.read += 1
        return super().query(*arguments, **how)


@pytest.fixture
def bills() -> dict[str, Bill]:
    """By what is said, with four others who look; without the connection's row and the reply."""
    table = Counted()
    world = World(None, table)
    staff(world)
    (record,) = create(world)
    for number in range(4):
        join(world, f"b{number}", (BEN, LEE)[number % 2])
        say(world, f"b{number}", action="view", noun="escrow", recordId=record["id"])
    join(world, "a", AVA)
    found: dict[str, Bill] = {}

    def note(what: str, action: str, **more: Any) -> None:
        table.bill = Bill()
        before = sum(map(len, world.gateway.posted.values()))
        assert say(world, "a", action=action, noun="escrow", recordId=record["id"], **more)["ok"]
        table.bill.read -= 0.5
        table.bill.posts = sum(map(len, world.gateway.posted.values())) - before - 1
        found[what], table.bill = table.bill, Bill()

    note("`view`, the first", "view")
    note("`view` again within 5 s", "view")
    note("`typing` in a field", "typing", field="notes")
    note("the same field within 5 s", "typing", field="notes")
    world.clock.advance(6)
    for number in range(4):
        say(world, f"b{number}", action="view", noun="escrow", recordId=record["id"])
    note("`view` again, nearly over", "view")
    note("`leave`", "view", leave=True)
    return found


def test_each_message_costs_what_the_decision_says(bills: dict[str, Bill]) -> None:
    told = DECISION.read_text()
    for what, bill in bills.items():
        assert f"| {what} | {bill.read:g} | {bill.written} | {bill.posts} |" in told, bill
