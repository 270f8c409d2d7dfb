"""The services over a table in memory: no DynamoDB, so that 1,000 teams are quick to make."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

from openhouse.core.principal import Principal
from openhouse.identity.directory import User
from openhouse.storage.keys import Item, Key, roster_key, team_key
from tests.fakes import principal
from tests.functional.conftest import World
from tests.memory_table import MemoryTable


def team_id(number: int) -> str:
    """As long as those that the server chooses."""
    return f"01a20594-c049-7800-a03d-{number:012d}"


def broker_of(teams: int) -> Principal:
    return principal("dana", *map(team_id, range(teams)), role="broker")


class Together:
    """A `map` that remembers how many things it was given at once."""

    def __init__(self) -> None:
        self.most = 0

    def __call__(self, function: Callable[[Any], Any], *things: Any) -> list[Any]:
        given = [list(each) for each in things]
        self.most = max(self.most, len(given[0]))
        return [function(*each) for each in zip(*given, strict=True)]


class InMemory(World):
    def __init__(self) -> None:
        super().__init__(None)
        self.table: CountingTable = CountingTable()
        self.parallel_map = self.together = Together()

    def found(self, teams: int) -> Principal:
        """A brokerage of so many teams, and its broker."""
        self.directory.found("harbor", "Harbor", User(user_id="root", email="r@x", name="Root", role="admin"))
        for number in range(teams):
            team = {"brokerage_id": "harbor", "team_id": team_id(number), "name": str(number)}
            self.table.put({**team_key(team_id(number)), **team})
            self.table.put({**roster_key("harbor", "team", team_id(number)), **team})
        who = broker_of(teams)
        self.directory.put_user("harbor", User(user_id="dana", email=who.email, name=who.name, role="broker"))
        return who


class CountingTable(MemoryTable):
    def __init__(self) -> None:
        super().__init__()
        self.calls: Counter[str] = Counter()

    def get_many(self, keys: Sequence[Key], *, only_keys: bool = False, consistent: bool = True) -> list[Item]:
        self.calls["get_many"] += 1
        assert len(keys) <= 100
        return super().get_many(keys, only_keys=only_keys, consistent=consistent)

    def transact(self, writes: Sequence[Any]) -> None:
        self.calls["transact"] += 1
        super().transact(writes)
