"""A task from its beginning to its undoing over DynamoDB itself, each function with its own grants."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from openhouse.identity.directory import Team
from openhouse.tasks.reconciler import Looked
from tests.fakes import AVA, DANA
from tests.functional.conftest import World
from tests.functional.sockets import found, put
from tests.functional.test_duplicates import get, make
from tests.functional.test_tasks import begin, do, read, work
from tests.permissions import uses

PHONE = "+14155550123"


def test_duplicates_are_merged_and_taken_apart(world: World) -> None:
    found(world)
    keep, drop = (make(world, lastName="Hart", phone=PHONE, notes=text) for text in ("One, and more", "Two"))
    escrow = make(world, "escrows", propertyAddress="1 Main St", clientIds={drop["id"]: True})
    world.follow()
    task = begin(world, "find_duplicates")
    work(world)
    assert len(read(world, task["id"])["proposal"]["pairs"]) == 1
    do(world, task["id"], "confirm")
    work(world)
    assert read(world, task["id"])["result"] == {"merged": 1, "moved": 1, "changed": 0, "skipped": 0}
    assert get(world, escrow, "escrows")["clientIds"] == {keep["id"]: True}
    undoing = do(world, task["id"], "undo")
    work(world)
    assert read(world, undoing["id"])["counts"] == {"restored": 3, "left": 0}
    assert get(world, escrow, "escrows")["clientIds"] == {drop["id"]: True}
    assert get(world, drop)["notes"] == "Two"
    used = {action for function, action, _ in uses.USED if function == "task_step"}
    assert {"dynamodb:PutItem", "dynamodb:DeleteItem", "dynamodb:Query"} <= used


def test_somebody_in_many_rooms_has_their_records_looked_through_in_the_order_of_an_index(world: World) -> None:
    found(world)
    for number in range(4):
        world.directory.put_team("harbor", Team(team_id=f"team-{number}", name=str(number)))
    broker = replace(DANA, team_ids=("north", "south", *(f"team-{number}" for number in range(4))))
    put(world, broker)
    make(world, who=broker, lastName="Hart", phone=PHONE, teamId="north")
    make(world, who=broker, lastName="Hart", phone=PHONE, teamId="team-3")
    task = begin(world, "find_duplicates", who=broker)
    work(world)
    assert len(read(world, task["id"], who=broker)["proposal"]["pairs"]) == 1
    assert ("task_step", "dynamodb:Query", "records/index/by_created") in uses.USED


def test_what_is_not_heard_of_is_begun_again_and_ended(world: World) -> None:
    found(world)
    world.workflows.busy = True
    ids = [begin(world, "find_duplicates", who=AVA)["id"] for _ in range(2)]
    world.workflows.busy = False
    world.clock.advance(130)
    assert world.task_reconciler.look() == Looked(begun=2)
    world.workflows.take()
    world.clock.advance(16 * 60)
    assert world.task_reconciler.look() == Looked(ended=2)
    assert {read(world, id_)["problem"]["reason"] for id_ in ids} == {"lost"}
    used: set[Any] = {action for function, action, _ in uses.USED if function == "task_watch"}
    assert "states:StartExecution" in used
