"""What operators and time do to logs and items."""

from __future__ import annotations

from openhouse.storage.keys import head_key
from tests.simulator.view import ROOMS
from tests.simulator.world import World


def rebuild(world: World) -> None:
    """An operator begins a log anew: what it held is gone, and older positions mean nothing."""
    room = world.choices.pick(ROOMS)
    head = world.table.peek(head_key(room))
    if head is not None:
        life = world.new_life()
        world.say(f"the log of {room} is rebuilt: {life}")
        for sk in list(world.table.rows(head["pk"])):
            world.table.drop({"pk": head["pk"], "sk": sk})
        world.table.put({**head_key(room), "epoch": life, "seq": 0})
        world.sockets.lose(world.sockets.all)  # nobody is told


def lose_entries(world: World) -> None:
    """The oldest entries of a log are deleted before their time."""
    room = world.choices.pick(ROOMS)
    entries = [sk for sk in world.table.rows(head_key(room)["pk"]) if sk.startswith("C#")]
    if entries:
        count = 1 + world.choices.below(len(entries))
        world.say(f"{room} loses its {count} oldest entries")
        for sk in sorted(entries)[:count]:
            world.table.drop({"pk": head_key(room)["pk"], "sk": sk})
        world.sockets.lose(world.sockets.all)  # a worker may not find them any more


def sweep(world: World) -> None:
    """DynamoDB deletes what has expired."""
    now = world.clock.now.timestamp()
    for item in [item for item in world.table.items() if item.get("ttl", now + 1) <= now]:
        world.table.drop({"pk": item["pk"], "sk": item["sk"]})
        if item["pk"].startswith("L#"):
            world.sockets.lose(world.sockets.all)
