"""What the server has, and for whom: by our own account, from the table itself."""

from __future__ import annotations

from typing import Any

from openhouse.core.room_names import brokerage_room, team_room, user_room
from openhouse.crm.record_items import from_item
from openhouse.storage.keys import Item, RecordPlace, deleted_noun, record_key, user_key
from tests.simulator.brokerages import EVERYONE, TEAMS
from tests.simulator.world import DEAL, World

ROOMS = (
    *(user_room(user_id) for user_id in EVERYONE),
    *(team_room(team) for teams in TEAMS.values() for team in teams),
    *(brokerage_room(broker) for broker in TEAMS),
)


def rooms_of(world: World, user_id: str) -> tuple[str, ...]:
    """As the directory has it now, by our own account."""
    entry = world.table.peek(user_key(user_id))
    assert entry is not None
    if entry.get("removed"):
        return ()
    broker, teams = entry["brokerage_id"], tuple(entry["team_ids"])
    if entry["role"] == "broker":
        teams = TEAMS[broker]
    return (user_room(user_id), *map(team_room, teams), brokerage_room(broker))


def everything(world: World, user_id: str) -> dict[str, dict[str, Any]]:
    """What someone would be shown now, by id."""
    return {RecordPlace.of(item).id: _wire(world, item) for item in records_of(world, user_id)}


def records_of(world: World, user_id: str, *, deleted: bool = False) -> list[Item]:
    """Those in someone's rooms, or those that were deleted there."""
    noun = deleted_noun(DEAL.noun) if deleted else DEAL.noun
    places = [record_key(room, noun, "") for room in rooms_of(world, user_id)]
    return [
        item
        for place in places
        for item in world.table.rows(place["pk"]).values()
        if item["sk"].startswith(place["sk"])
    ]


def all_records(world: World, *, deleted: bool = False) -> list[Item]:
    """Wherever they are."""
    noun = deleted_noun(DEAL.noun) if deleted else DEAL.noun
    return [item for item in world.table.items("R#") if item["sk"].startswith(f"{noun}#")]


def _wire(world: World, item: Item) -> dict[str, Any]:
    """Worked out once."""
    key = item["pk"], item["sk"], item["version"]
    if key not in world.wires:
        world.wires[key] = from_item(DEAL, item).wire()
    return world.wires[key]
