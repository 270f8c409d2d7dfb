"""What locks cost: the calls and units of docs/locks.md, counted."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import boto3

from bench.meter import Meter
from openhouse.entities import LOCKS
from tests.fakes import AVA, BEN
from tests.functional.conftest import World
from tests.functional.locking import LEASE, SKEW, house, lock, save, unlock
from tests.functional.sockets import found, join, say

DOCUMENT = (Path(__file__).parents[2] / "docs" / "locks.md").read_text()


def test_what_the_document_says_is_what_they_cost(world: World) -> None:
    found(world)
    meter = Meter(world.client.meta.events, boto3.Session().client("dynamodb"))
    save(world, house(world), BEN)  # each room has its log
    path, other, third = (house(world) for _ in range(3))
    rows: dict[str, tuple[float, float]] = {}

    def cost(what: str, act: Any) -> None:
        world.clock.advance(1)
        with meter.of("crm"):
            act()
        lines = meter.take()
        rows[what] = sum(line.read_units for line in lines), sum(line.write_units for line in lines)

    def over_a_socket() -> None:
        record = {"noun": "escrow", "recordId": third.rpartition("/")[2]}
        assert say(world, "a", action="lock", **record)["ok"]

    cost("a save, without a lock", lambda: save(world, other))
    cost("take, prolong", lambda: lock(world, path))
    cost("a save, with its token", lambda: save(world, path, token=1, notes="y"))
    lock(world, path)
    world.clock.advance(60)
    cost("release", lambda: unlock(world, path, 2))
    lock(world, path)
    cost("a timer that ends it", lambda: world.wait(LEASE + SKEW))
    lock(world, path)
    cost("a refusal", lambda: save(world, path, BEN))
    join(world, "a", AVA)
    cost("take over a socket", over_a_socket)
    cost("a socket that closes, without locks", lambda: world.lock_rows.ended("b"))
    cost("a socket that has closed, one lock", lambda: world.locks.release_of("a"))
    cost("`GET /locks`, 3 rooms", lambda: world.live_states.page(LOCKS, AVA.rooms))
    for what, (reads, writes) in rows.items():
        assert f"| {what} | {reads:g} | {writes:g} |" in DOCUMENT
