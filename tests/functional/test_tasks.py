"""Tasks from their beginning to their one end, over REST and as the state machine works on them."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from itertools import pairwise
from typing import Any

import pytest

from openhouse.core.errors import Busy
from openhouse.core.metrics import Metric, metrics
from openhouse.core.principal import Principal
from openhouse.identity.directory import Team, User
from openhouse.storage.keys import work_key
from openhouse.storage.table import WriteConflict
from openhouse.tasks.reconciler import Looked
from openhouse.tasks.task import KEPT, WAITS
from openhouse.tasks.tasks import MOST_OPEN, MOST_RUNNING
from tests.fakes import AVA, BEN, DANA
from tests.functional.conftest import World
from tests.functional.logs import commits, events
from tests.functional.sockets import found, put
from tests.functional.task_kinds import ADD_AT_ONCE, AT_ONCE, LOOK, TestKinds
from tests.functional.test_http import call, problem

ROOM = "user:ava"
ENDS = ("ai:task:completed", "ai:task:failed", "ai:task:cancelled")


@pytest.fixture
def world() -> World:
    world = World.in_memory()
    world.task_kinds = TestKinds()
    found(world)
    put(world, DANA)
    return world


def begin(world: World, kind: str = "add_clients", who: Principal = AVA, key: str | None = None, **input_: Any) -> Any:
    headers = {"idempotency-key": key} if key else {}
    status, task, _ = call(world, "POST", "/tasks", {"kind": kind, "input": input_}, who=who, headers=headers)
    assert status == 201, task
    return task


def do(world: World, id_: str, what: str, body: Any = None, who: Principal = AVA) -> Any:
    status, task, _ = call(world, "POST", f"/tasks/{id_}/{what}", body, who=who)
    assert status in (200, 201), task
    return task


def read(world: World, id_: str, who: Principal = AVA) -> Any:
    status, task, _ = call(world, "GET", f"/tasks/{id_}", who=who)
    assert status == 200, task
    return task


def work(world: World) -> None:
    """All that has begun, to its end."""
    for about in world.workflows.take():
        while world.task_steps.handle(about)["more"]:
            world.clock.advance(0.1)


def told(world: World, room: str = ROOM) -> list[Any]:
    return [event for event in events(world, room) if event["type"].startswith("ai:task:")]


def types(world: World) -> list[str]:
    return [event["type"] for event in told(world)]


def clients(world: World) -> list[Any]:
    return call(world, "GET", "/clients", query={"limit": "200"})[1]["items"]  # type: ignore[no-any-return]


def test_how_tasks_end_is_counted_once_each(world: World) -> None:
    metrics.take()
    cancelled, done = begin(world, of=10), begin(world, "add_at_once", of=3)
    for _ in range(2):
        do(world, cancelled["id"], "cancel")
    work(world)
    failed = begin(world, of=10)
    (about,) = world.workflows.take()
    for _ in range(2):
        world.task_steps.handle({**about, "failed": {"Error": "Lambda.Unknown"}})
    assert [read(world, task["id"])["status"] for task in (cancelled, done, failed)] == [
        "cancelled",
        "completed",
        "failed",
    ]
    told = metrics.take()
    ends = (Metric.TASKS_CANCELLED, Metric.TASKS_COMPLETED, Metric.TASKS_FAILED)
    assert [told[end] for end in ends] == [[1], [1], [1]]


def test_a_task_is_proposed_confirmed_and_completed_and_each_step_is_told(world: World) -> None:
    begun = begin(world, of=10)
    assert begun["status"] == "running"
    assert begun["can"] == ["cancel"]
    work(world)
    proposed = read(world, begun["id"])
    assert (proposed["status"], proposed["proposal"], proposed["can"]) == (
        "proposed",
        {"of": 10},
        ["cancel", "confirm"],
    )
    assert clients(world) == []

    do(world, begun["id"], "confirm")
    work(world)
    done = read(world, begun["id"])
    assert (done["status"], done["percent"], done["counts"]) == ("completed", 100, {"added": 10})
    assert done["message"] == "Added 10 clients!"
    assert done["can"] == ["undo"]
    assert len(clients(world)) == 10
    assert types(world) == [
        *("ai:task:started", "ai:task:proposed"),  # looking takes no time
        *("ai:task:progress", "ai:task:progress", "ai:task:progress", "ai:task:completed"),
    ]
    assert told(world)[-1]["data"]["task"] == done
    assert [*world.workflows.begun] == [f"{begun['id']}-plan-1", f"{begun['id']}-write-2"]
    percents = [event["data"]["task"]["percent"] for event in told(world)]
    assert percents == [0, 30, 30, 72, 93, 100]


def test_a_kind_that_writes_nothing_ends_with_what_it_found(world: World) -> None:
    begun = begin(world, "look", of=25)
    work(world)
    done = read(world, begun["id"])
    assert (done["status"], done["result"], done["can"]) == ("completed", {"of": 25}, [])


def test_only_whoever_began_a_task_sees_it_or_does_anything_with_it(world: World) -> None:
    begun = begin(world)
    work(world)
    for who in (BEN, DANA):
        assert call(world, "GET", "/tasks", who=who)[1]["items"] == []
        for method, suffix in (("GET", ""), ("POST", "/confirm"), ("POST", "/cancel"), ("POST", "/undo")):
            assert problem(call(world, method, f"/tasks/{begun['id']}{suffix}", who=who)) == (404, "not_found")
    assert [task["id"] for task in call(world, "GET", "/tasks")[1]["items"]] == [begun["id"]]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({"kind": "nothing", "input": {}}, (422, "invalid")),
        ({"kind": "add_clients", "input": {"of": -1}}, (422, "invalid")),
        ({"kind": "add_clients", "input": {"colour": "red"}}, (422, "invalid")),
        ({"kind": "add_clients", "input": {"lastName": "Nobody"}}, (403, "forbidden")),
        ({"kind": "add_clients", "input": {"lastName": "x" * 100_000}}, (413, "too_large")),
        ({}, (422, "invalid")),
    ],
    ids=["kind", "value", "field", "check", "large", "empty"],
)
def test_what_cannot_be_begun_is_refused_and_leaves_nothing(world: World, body: Any, expected: tuple[int, str]) -> None:
    assert problem(call(world, "POST", "/tasks", body)) == expected
    assert told(world) == []
    assert world.workflows.begun == {}


def test_a_repeated_request_begins_one_task(world: World) -> None:
    first, second = begin(world, key="k"), begin(world, key="k")
    assert first == second
    assert len(told(world)) == 1
    assert len(world.workflows.begun) == 1
    answer = call(world, "POST", "/tasks", {"kind": "look", "input": {}}, headers={"idempotency-key": "k"})
    assert problem(answer) == (409, "idempotency_mismatch")


def test_nobody_has_more_than_three_tasks_at_work(world: World) -> None:
    begun = [begin(world)["id"] for _ in range(MOST_RUNNING)]
    assert problem(call(world, "POST", "/tasks", {"kind": "look", "input": {}})) == (429, "too_many_tasks")
    begin(world, who=BEN)
    do(world, begun[0], "cancel")
    begin(world)
    work(world)
    assert read(world, begun[1])["status"] == "proposed"
    begin(world, "look")
    do(world, begun[1], "confirm")
    do(world, begun[2], "confirm")
    assert problem(call(world, "POST", "/tasks", {"kind": "look", "input": {}})) == (429, "too_many_tasks")


def test_of_two_requests_at_the_same_moment_only_one_takes_the_last_place(world: World) -> None:
    for _ in range(MOST_RUNNING - 1):
        begin(world)
    table: Any = world.table
    rivals = [True]

    def before(step: str) -> None:
        if step == "transact" and rivals:
            rivals.clear()
            begin(world)

    table.before = before
    assert problem(call(world, "POST", "/tasks", {"kind": "look", "input": {}})) == (429, "too_many_tasks")
    assert types(world) == ["ai:task:started"] * MOST_RUNNING


def test_no_more_wait_for_somebody_than_they_can_look_through(world: World) -> None:
    for _ in range(MOST_OPEN):
        begin(world)
        work(world)
    assert problem(call(world, "POST", "/tasks", {"kind": "look", "input": {}})) == (429, "too_many_tasks")


def test_what_is_cancelled_ends_at_once_and_tells_what_was_done_already(world: World) -> None:
    begun = begin(world, "add_at_once", of=100)
    (about,) = world.workflows.take()
    table: Any = world.table
    seen: list[int] = []

    def before(step: str) -> None:
        if step == "transact" and len([*table.items("R#")]) == 2 * AT_ONCE and not seen:
            seen.append(1)
            cancelled = do(world, begun["id"], "cancel")
            assert (cancelled["status"], cancelled["counts"]) == ("cancelled", {"added": 2 * AT_ONCE})
            assert cancelled["percent"] < 100

    table.before = before
    assert world.task_steps.handle(about) == {"more": False}
    assert seen
    assert len(clients(world)) == 2 * AT_ONCE
    assert types(world)[-1] == "ai:task:cancelled"
    assert do(world, begun["id"], "cancel")["status"] == "cancelled"
    assert len([each for each in types(world) if each in ENDS]) == 1


def test_what_was_written_before_a_cancelling_or_a_failure_is_taken_back(world: World) -> None:
    for end in (lambda id_, _: do(world, id_, "cancel"), lambda _, about: fail(world, about)):
        begun = begin(world, "add_at_once", of=2_000)
        (about,) = world.workflows.take()
        assert world.task_steps.handle(about) == {"more": True}
        end(begun["id"], about)
        ended = read(world, begun["id"])
        assert ended["can"] == ["undo"]
        touched = clients(world)[0]
        call(world, "PATCH", f"/clients/{touched['id']}", {"notes": "mine"})
        undoing = do(world, begun["id"], "undo")
        work(world)
        counts = read(world, undoing["id"])["counts"]
        assert counts == {"removed": ended["counts"]["added"] - 1, "left": 1}
        assert world.task_steps.handle(about) == {"more": False}
        assert [client["id"] for client in clients(world)] == [touched["id"]]
        call(world, "DELETE", f"/clients/{touched['id']}")


def test_what_ended_before_it_wrote_anything_cannot_be_taken_back(world: World) -> None:
    begun = begin(world, "add_at_once", of=4)
    do(world, begun["id"], "cancel")
    proposed = begin(world)
    work(world)
    do(world, proposed["id"], "cancel")
    failed = begin(world)
    fail(world, world.workflows.take()[0])
    for task in (begun, proposed, failed):
        assert read(world, task["id"])["can"] == []
        assert problem(call(world, "POST", f"/tasks/{task['id']}/undo")) == (409, "conflict")


def fail(world: World, about: dict[str, Any]) -> None:
    world.task_steps.handle({**about, "failed": {"Error": "States.Timeout"}})


def test_a_proposal_is_cancelled_like_anything_else(world: World) -> None:
    begun = begin(world)
    work(world)
    assert do(world, begun["id"], "cancel")["status"] == "cancelled"
    assert problem(call(world, "POST", f"/tasks/{begun['id']}/confirm")) == (409, "conflict")
    assert [*world.table.items("O#")] == []  # type: ignore[attr-defined]


def test_only_a_proposal_can_be_confirmed_and_only_once(world: World) -> None:
    begun = begin(world)
    path = f"/tasks/{begun['id']}/confirm"
    assert problem(call(world, "POST", path)) == (409, "conflict")
    work(world)
    assert problem(call(world, "POST", path, {"answer": {"of": "many"}})) == (422, "invalid")
    first = call(world, "POST", path, headers={"idempotency-key": "k"})
    assert first[:2] == call(world, "POST", path, headers={"idempotency-key": "k"})[:2]
    assert problem(call(world, "POST", path)) == (409, "conflict")


def test_a_correction_is_looked_at_again_and_its_percentage_does_not_go_back(world: World) -> None:
    begun = begin(world, of=10)
    work(world)
    do(world, begun["id"], "confirm", {"answer": {"of": 4, "again": True}})
    work(world)
    again = read(world, begun["id"])
    assert (again["status"], again["proposal"], again["percent"]) == ("proposed", {"of": 4}, 30)
    do(world, begun["id"], "confirm")
    work(world)
    assert len(clients(world)) == 4
    assert [*world.workflows.begun] == [f"{begun['id']}-{each}" for each in ("plan-1", "plan-2", "write-3")]


def test_undoing_takes_back_what_nobody_has_touched_and_says_what_it_left(world: World) -> None:
    begun = begin(world, "add_at_once", of=7)
    work(world)
    touched = clients(world)[0]
    call(world, "PATCH", f"/clients/{touched['id']}", {"notes": "mine"})
    undoing = do(world, begun["id"], "undo")
    assert (undoing["undoes"], undoing["status"]) == (begun["id"], "running")
    assert do(world, begun["id"], "undo")["id"] == undoing["id"]
    work(world)
    done = read(world, undoing["id"])
    assert (done["status"], done["counts"], done["can"]) == ("completed", {"removed": 6, "left": 1}, [])
    assert [client["id"] for client in clients(world)] == [touched["id"]]
    assert do(world, begun["id"], "undo")["id"] == undoing["id"]
    assert problem(call(world, "POST", f"/tasks/{undoing['id']}/undo")) == (409, "conflict")
    assert [each for each in types(world) if each in ENDS] == ["ai:task:completed"] * 2


def test_an_undoing_that_was_cancelled_can_be_begun_again(world: World) -> None:
    begun = begin(world, "add_at_once", of=4)
    work(world)
    first = do(world, begun["id"], "undo")
    do(world, first["id"], "cancel")
    work(world)
    assert len(clients(world)) == 4
    second = do(world, begun["id"], "undo")
    assert second["id"] != first["id"]
    work(world)
    assert clients(world) == []


def test_whoever_is_removed_meanwhile_writes_nothing_more(world: World) -> None:
    begun = begin(world, "add_at_once", of=2_000)
    (about,) = world.workflows.take()
    assert world.task_steps.handle(about) == {"more": True}
    count = len([*world.table.items("R#")])  # type: ignore[attr-defined]
    world.directory.remove_user("harbor", "ava")
    assert world.task_steps.handle(about) == {"more": False}
    assert len([*world.table.items("R#")]) == count > 0  # type: ignore[attr-defined]
    last = told(world)[-1]
    assert last["type"] == "ai:task:failed"
    assert last["data"]["task"]["problem"]["reason"] == "access_lost"
    assert last["data"]["task"]["counts"] == {"added": count}
    assert world.table.get(work_key(ROOM, begun["id"]))["standing"] == "over"  # type: ignore[index]


def test_each_step_acts_with_the_rights_that_its_person_has_by_then(world: World) -> None:
    begin(world, "add_at_once", of=2_000)
    (about,) = world.workflows.take()
    world.task_steps.handle(about)
    put(world, AVA, team_ids=("south",))
    world.task_steps.handle(about)
    rooms = {item["pk"] for item in world.table.items("R#")}  # type: ignore[attr-defined]
    assert rooms == {"R#team:north", "R#team:south"}


def test_whoever_is_in_another_brokerage_by_then_writes_nothing_more() -> None:
    """Only whom a trusted issuer alone described when they began can be."""
    world = World.in_memory(trust_claims=True)
    world.task_kinds = TestKinds()
    found(world)
    zoe = replace(AVA, user_id="zoe")
    begin(world, "add_at_once", zoe, of=2_000)
    (about,) = world.workflows.take()
    assert world.task_steps.handle(about) == {"more": True}
    count = len([*world.table.items("R#")])  # type: ignore[attr-defined]
    world.directory.found("other", "Other", User(user_id="root-2", email="r@x.test", name="Root", role="admin"))
    world.directory.put_team("other", Team(team_id="far", name="Far"))
    world.directory.put_user(
        "other", User(user_id="zoe", email="z@x.test", name="Zoe", role="agent", team_ids=("far",))
    )
    assert world.task_steps.handle(about) == {"more": False}
    assert len([*world.table.items("R#")]) == count > 0  # type: ignore[attr-defined]


def test_a_failed_task_is_a_notification_in_the_same_commit(world: World) -> None:
    begun = begin(world)
    (about,) = world.workflows.take()
    world.task_steps.handle({**about, "failed": {"Error": "States.Timeout"}})
    assert read(world, begun["id"])["problem"]["reason"] == "crashed"
    last = commits(world, ROOM)[-1]
    assert [event["type"] for event in last["events"]] == ["ai:task:failed", "notification:error"]
    notification = last["events"][1]["data"]["notification"]
    assert (notification["kind"], notification["title"]) == ("task_failed", "Adding clients failed")
    assert call(world, "GET", "/notifications")[1]["unread"] == 1


def test_whoever_does_not_want_to_hear_of_failed_tasks_gets_no_notification(world: World) -> None:
    call(world, "PATCH", "/preferences", {"kinds": {"task_failed": {"inApp": False}}})
    begin(world)
    (about,) = world.workflows.take()
    world.task_steps.handle({**about, "failed": {}})
    assert [event["type"] for event in commits(world, ROOM)[-1]["events"]] == ["ai:task:failed"]


def test_what_a_part_is_refused_ends_the_task_with_the_reason(world: World) -> None:
    begun = begin(world, "add_at_once", lastName="x" * 500)
    work(world)
    problem_ = read(world, begun["id"])["problem"]
    assert problem_["reason"] == "refused"
    assert "lastName" in problem_["detail"]


def test_a_kind_that_a_later_version_lacks_ends_what_runs(world: World) -> None:
    begun = begin(world)
    world.task_kinds = TestKinds(LOOK)
    work(world)
    assert read(world, begun["id"])["problem"]["reason"] == "refused"


def test_progress_is_told_four_times_a_second_at_most(world: World) -> None:
    world.task_kinds = TestKinds(replace(ADD_AT_ONCE, a_second=60))  # twenty parts a second
    begin(world, "add_at_once", of=300)
    work(world)
    times = [datetime.fromisoformat(event["data"]["task"]["updatedAt"]) for event in told(world)]
    gaps = [(later - earlier).total_seconds() for earlier, later in pairwise(times[:-1])]
    assert min(gaps) >= 0.25
    assert len(times) >= 10
    assert told(world)[-1]["data"]["task"]["done"] == 300


def test_a_task_that_is_long_over_is_not_told_of(world: World) -> None:
    begun = begin(world, "look")
    work(world)
    world.clock.advance(KEPT.total_seconds() - 1)
    assert len(call(world, "GET", "/tasks")[1]["items"]) == 1
    world.clock.advance(1)
    assert call(world, "GET", "/tasks")[1]["items"] == []
    assert problem(call(world, "GET", f"/tasks/{begun['id']}")) == (404, "not_found")


def test_without_step_functions_a_task_is_begun_all_the_same_and_worked_on_a_little_later(world: World) -> None:
    world.workflows.busy = True
    begun = begin(world, "look")
    assert begun["status"] == "running"
    assert world.workflows.begun == {}
    world.workflows.busy = False
    assert world.task_reconciler.look() == Looked()
    world.clock.advance(121)
    assert world.task_reconciler.look() == Looked(begun=1)
    work(world)
    assert read(world, begun["id"])["status"] == "completed"
    assert world.task_reconciler.look() == Looked()


def test_a_task_whose_execution_has_ended_without_it_is_lost(world: World) -> None:
    begun = begin(world)
    world.workflows.take()
    world.clock.advance(14 * 60)
    assert world.task_reconciler.look() == Looked()
    world.clock.advance(2 * 60)
    assert world.task_reconciler.look() == Looked(ended=1)
    assert read(world, begun["id"])["problem"]["reason"] == "lost"
    assert told(world)[-1]["data"]["updatedBy"] == "openhouse:tasks"
    assert world.task_reconciler.look() == Looked()


def test_a_task_that_is_worked_on_is_left_alone(world: World) -> None:
    begin(world, "add_at_once", of=3_000)
    (about,) = world.workflows.take()
    for _ in range(5):
        assert world.task_steps.handle(about) == {"more": True}
        assert world.task_reconciler.look() == Looked()


def test_nothing_runs_for_longer_than_its_kind_may(world: World) -> None:
    world.task_kinds = TestKinds(replace(ADD_AT_ONCE, seconds=60))
    begun = begin(world, "add_at_once", of=3_000)
    work(world)
    assert read(world, begun["id"])["problem"]["reason"] == "too_long"
    silent = begin(world, "add_at_once")
    world.clock.advance(121)
    assert world.task_reconciler.look() == Looked(ended=1)
    assert read(world, silent["id"])["problem"]["reason"] == "too_long"


def test_what_nobody_confirms_is_cancelled_after_a_week(world: World) -> None:
    begun = begin(world)
    work(world)
    world.clock.advance(WAITS.total_seconds() - 1)
    assert world.task_reconciler.look() == Looked()
    world.clock.advance(1)
    assert world.task_reconciler.look() == Looked(ended=1)
    assert read(world, begun["id"])["status"] == "cancelled"
    assert [*world.table.items("O#")] == []  # type: ignore[attr-defined]


def test_one_task_that_cannot_be_helped_keeps_no_other_from_it(world: World) -> None:
    for who in (AVA, BEN):
        begin(world, who=who)
    world.clock.advance(16 * 60)
    settle, world.settling.settle = world.settling.settle, raising_once(world.settling.settle)
    assert world.task_reconciler.look() == Looked(ended=1)
    world.settling.settle = settle
    assert world.task_reconciler.look() == Looked(ended=1)


def raising_once(then: Any) -> Any:
    raised: list[bool] = []

    def call_(*arguments: Any, **options: Any) -> Any:
        if not raised:
            raised.append(True)
            raise Busy("for a test")
        return then(*arguments, **options)

    return call_


def test_an_execution_that_comes_too_late_does_nothing(world: World) -> None:
    begun = begin(world)
    (plan,) = world.workflows.take()
    world.task_steps.handle(plan)
    do(world, begun["id"], "confirm")
    before = len(told(world))
    assert world.task_steps.handle(plan) == {"more": False}
    assert world.task_steps.handle({**plan, "failed": {}}) == {"more": False}
    assert world.task_steps.handle({**plan, "task": "unknown"}) == {"more": False}
    assert len(told(world)) == before
    assert read(world, begun["id"])["status"] == "running"


def test_a_step_that_crashes_leaves_whole_parts_and_the_next_goes_on_after_them(world: World) -> None:
    begun = begin(world, "add_at_once", of=20)
    (about,) = world.workflows.take()
    table: Any = world.table
    written = iter(range(1, 100))

    class Crash(BaseException):
        pass

    def before(step: str) -> None:
        if step == "transact" and next(written) == 3:
            raise Crash

    table.before = before
    with pytest.raises(Crash):
        world.task_steps.handle(about)
    assert len(clients(world)) == 2 * AT_ONCE
    assert world.task_steps.handle(about) == {"more": False}
    done = read(world, begun["id"])
    assert (done["counts"], done["done"]) == ({"added": 20}, 20)
    assert sorted(client["firstName"] for client in clients(world)) == [f"{number:05d}" for number in range(20)]


def test_a_part_whose_answer_is_lost_is_written_once(world: World) -> None:
    begun = begin(world, "add_at_once", of=10)
    (about,) = world.workflows.take()
    table: Any = world.table
    transact, lost = table.transact, iter([False, True, False, True])

    def lossy(writes: Any) -> None:
        transact(writes)
        if next(lost, False):
            raise WriteConflict("it was written, and nobody heard of it")

    table.transact = lossy
    assert world.task_steps.handle(about) == {"more": False}
    assert read(world, begun["id"])["counts"] == {"added": 10}
    assert len(clients(world)) == 10


def test_two_steps_side_by_side_write_each_part_once(world: World) -> None:
    begun = begin(world, "add_at_once", of=20)
    (about,) = world.workflows.take()
    table: Any = world.table
    inside: list[str] = []

    def before(step: str) -> None:
        if step == "transact" and not inside:
            inside.append("another")
            world.task_steps.handle(about)

    table.before = before
    assert world.task_steps.handle(about) == {"more": False}
    assert inside
    assert read(world, begun["id"])["counts"] == {"added": 20}
    assert len(clients(world)) == 20
    assert [each for each in types(world) if each in ENDS] == ["ai:task:completed"]


def test_a_paced_kind_goes_no_faster_than_it_may_and_slower_where_others_are_at_work(world: World) -> None:
    begin(world, "add_at_once", of=30)
    (about,) = world.workflows.take()
    began = world.clock.at
    world.task_steps.handle(about)
    alone = (world.clock.at - began).total_seconds()
    assert 2.7 <= alone <= 3.1

    begin(world, "add_at_once", of=30)
    (about,) = world.workflows.take()
    table: Any = world.table
    table.before = lambda step: world.clock.advance(2 if step == "transact" else 0)
    began = world.clock.at
    world.task_steps.handle(about)
    assert (world.clock.at - began).total_seconds() >= 10 * 2 + 9 * 1.5
