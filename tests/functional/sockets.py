"""What tests of sockets say: people with open sockets, what they send and hear, and the stream behind them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any

from openhouse.core.principal import Principal
from openhouse.crm.modules.escrows import ESCROWS
from openhouse.delivery.fanout import LogEntry, entries
from openhouse.identity.directory import Team, User
from tests.fakes import AVA, BEN, MIA
from tests.functional.conftest import World


def found(world: World) -> None:
    """A brokerage with two teams, and Ava, Ben and Mia in them."""
    world.directory.found("harbor", "Harbor", User(user_id="root", email="r@x", name="Root", role="admin"))
    for team in ("north", "south"):
        world.directory.put_team("harbor", Team(team_id=team, name=team.title()))
    for who in (AVA, BEN, MIA):
        put(world, who)


def put(world: World, who: Principal, **changes: Any) -> None:
    known: dict[str, Any] = {"role": who.role, "team_ids": who.team_ids, **changes}
    world.directory.put_user("harbor", User(user_id=who.user_id, email=who.email, name=who.name, **known))


def open_socket(world: World, connection_id: str, who: Principal) -> None:
    world.gateway.open.add(connection_id)
    ticket, _ = world.connections.issue_ticket(who)
    world.connections.connect(connection_id, world.connections.redeem(ticket))


def say(world: World, connection_id: str, **message: Any) -> dict[str, Any]:
    world.messages.receive(connection_id, json.dumps({"id": "1", **message}))
    return dict(world.gateway.replies(connection_id)[-1])


def join(world: World, connection_id: str, who: Principal) -> dict[str, Any]:
    open_socket(world, connection_id, who)
    return say(world, connection_id, action="sync")


def stream(world: World) -> list[LogEntry]:
    """What the table's stream holds for the fan-out function: every log entry, in order of writing."""
    images = [item for item in world.items("L#") if item["sk"]["S"].startswith("C#")]
    images.sort(key=lambda item: (item["pk"]["S"], item["sk"]["S"]))
    return entries(stream_records(images))


def stream_records(images: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """As the table's stream hands new items over."""
    return [
        {"eventName": "INSERT", "dynamodb": {"Keys": image, "NewImage": image, "SequenceNumber": str(number)}}
        for number, image in enumerate(images)
    ]


def create(world: World, count: int = 1, who: Principal = AVA, **fields: Any) -> list[dict[str, Any]]:
    return [
        world.records.create(ESCROWS, who, {"propertyAddress": f"{number} Main St", **fields})
        for number in range(count)
    ]


def seqs(commits: Sequence[dict[str, Any]]) -> list[int]:
    return [commit["seq"] for commit in commits]
