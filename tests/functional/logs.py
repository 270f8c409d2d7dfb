"""What the logs of rooms hold, read as a client that begins at their first commit."""

from __future__ import annotations

import json
from typing import Any

from openhouse.rooms.position import Position
from tests.functional.conftest import World


def texts(world: World, room: str) -> list[str]:
    """The commits as they are sent."""
    head = world.log.heads([room])[room]
    replay = world.log.replay(room, Position(head.epoch, 0), head, max_commits=10_000, max_bytes=10**9)
    assert not replay.reset
    return replay.commits


def commits(world: World, room: str) -> list[Any]:
    return [json.loads(text) for text in texts(world, room)]


def events(world: World, room: str) -> list[Any]:
    return [event for commit in commits(world, room) for event in commit["events"]]


def types(world: World, room: str) -> list[str]:
    """Of the events about records: which of them moved the room's figures is another question."""
    return [event["type"] for event in events(world, room) if not event["type"].endswith(":stats")]
