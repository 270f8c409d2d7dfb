"""Locks of records over REST: who may save, and what becomes of a lock."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from openhouse.collaboration.locks import TakenOver
from openhouse.crm.module import Module
from openhouse.crm.modules import MODULES
from openhouse.rooms.live_states import StateChange
from openhouse.storage.keys import record_key
from tests.fakes import AVA, BEN, DANA, MIA, NOON, STRANGER
from tests.functional.brokerage import LEE, LOU, SUE, TOM, staff
from tests.functional.conftest import World
from tests.functional.live_entities import VIEWINGS, always
from tests.functional.locking import LEASE, SKEW, house, lock, save, told, unlock
from tests.functional.logs import commits, types
from tests.functional.test_http import call, problem

NORTH = "team:north"
FIVE_PAST = "2026-03-02T12:05:00.000Z"


@pytest.fixture
def world() -> World:
    made = World.in_memory()
    staff(made)
    return made


def fence(world: World, path: str, room: str = NORTH) -> int:
    item = world.table.get(record_key(room, "escrow", path.rpartition("/")[2]))
    return int(item["_fence"]) if item else 0


# Who may save


def test_a_lock_is_told_with_its_holder_its_token_and_its_end(world: World) -> None:
    path = house(world)
    assert lock(world, path) == {
        "id": "escrow:id-0001",
        "version": 1,
        "room": NORTH,
        "updatedAt": "2026-03-02T12:00:00.000Z",
        "updatedBy": "ava",
        "noun": "escrow",
        "recordId": "id-0001",
        "holder": "ava",
        "token": 1,
        "since": "2026-03-02T12:00:00.000Z",
        "until": FIVE_PAST,
    }
    (event,) = commits(world, NORTH)[-1]["events"]
    assert (event["type"], event["data"]["lockId"]) == ("escrow:locked", "escrow:id-0001")
    assert event["data"]["lock"]["token"] == 1


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.noun)
def test_while_somebody_holds_it_others_change_nothing_of_a_record_of_any_module(world: World, module: Module) -> None:
    _, made, _ = call(world, "POST", f"/{module.path}", module.example)
    path = f"/{module.path}/{made['id']}"
    lock(world, path)
    reopening = {"status": module.first_status, "reason": "x"}
    final = any(map(module.is_final, module.transitions))
    attempts: list[tuple[str, str, Any]] = [
        ("PATCH", path, {"archived": True}),
        ("DELETE", path, None),
        ("POST", f"{path}/archive", None),
        ("POST", f"{path}/restore", None),
        *([("POST", f"{path}/reopen", reopening)] if final else []),
        *([("POST", f"{path}/convert", {})] if module.conversion else []),
    ]
    for method, where, body in attempts:
        for who, headers in ((LEE, {}), (AVA, {}), (LEE, {"lock-token": "1"}), (AVA, {"lock-token": "2"})):
            status, content, _ = call(world, method, where, body, who=who, headers=headers)
            assert told((status, content)) == (423, "locked", "ava", FIVE_PAST), (method, where, who.user_id)
            assert content["retryable"] is False
    entry = {"id": made["id"], "changes": {"archived": True}}
    for more in ({}, {"lockToken": 2}):
        _, answer, _ = call(world, "POST", f"/{module.path}/bulk", {"entries": [{**entry, **more}]}, who=LEE)
        (result,) = answer["results"]
        assert told((result["status"], result["error"])) == (423, "locked", "ava", FIVE_PAST)
    _, answer, _ = call(world, "POST", f"/{module.path}/bulk", {"entries": [{**entry, "lockToken": 1}]})
    assert [result["status"] for result in answer["results"]] == [200]
    assert types(world, NORTH)[-2:] == [f"{module.noun}:archived", f"{module.noun}:unlocked"]


def test_a_save_releases_the_lock_in_its_own_commit(world: World) -> None:
    path = house(world)
    token = lock(world, path)["token"]
    assert save(world, path, token=token)[0] == 200
    assert [event["type"] for event in commits(world, NORTH)[-1]["events"]] == ["escrow:updated", "escrow:unlocked"]
    end = commits(world, NORTH)[-1]["events"][-1]["data"]
    assert end == {"lockId": "escrow:id-0001", "version": 2, "updatedBy": "ava", "room": NORTH}
    assert call(world, "GET", "/locks")[1]["items"] == []
    assert save(world, path, BEN)[0] == 200


def test_a_save_that_changes_nothing_releases_it_too(world: World) -> None:
    path = house(world)
    token = lock(world, path)["token"]
    assert save(world, path, token=token, propertyAddress="0 Main St")[0] == 200
    assert types(world, NORTH)[-1] == "escrow:unlocked"
    assert save(world, path, BEN)[0] == 200


def test_the_last_token_is_good_after_its_end_unless_somebody_else_was_at_work_since(world: World) -> None:
    path = house(world)
    token = lock(world, path)["token"]
    world.wait(LEASE + 60)
    assert save(world, path, token=token, notes="late")[0] == 200
    assert lock(world, path, BEN)["token"] == token + 1
    assert told(save(world, path, token=token)) == (423, "locked", "ben", "2026-03-02T12:11:00.000Z")
    world.wait(LEASE + 60)
    assert told(save(world, path, token=token)) == (423, "locked", None, None)
    assert told(save(world, path, token=token + 5)) == (423, "locked", None, None)
    assert save(world, path)[0] == 200


def test_what_is_stale_and_locked_is_told_to_be_locked(world: World) -> None:
    path = house(world)
    lock(world, path, BEN)
    status, content, _ = call(world, "PATCH", path, {"notes": "x"}, headers={"if-match": '"7"'})
    assert (status, content["code"]) == (423, "locked")


@pytest.mark.parametrize("token", ["0", "-1", "x", "1.0", "1, 2", "9" * 16])
def test_a_token_that_is_none_is_a_bad_parameter(world: World, token: str) -> None:
    path = house(world)
    for method, where in (("PATCH", path), ("DELETE", f"{path}/lock")):
        assert problem(call(world, method, where, {}, headers={"lock-token": token})) == (400, "bad_parameter")
    assert problem(call(world, "DELETE", f"{path}/lock")) == (400, "bad_parameter")


# Who may lock, and take over

READ_BY_ALL: dict[str, Any] = {"visibility": "broker", "teamId": "north"}
MAY_LOCK = {
    "team": {AVA: 200, BEN: 200, LEE: 200, LOU: 200, TOM: 200, DANA: 200, MIA: 404, SUE: 404, STRANGER: 404},
    "broker": {AVA: 200, BEN: 200, LEE: 200, LOU: 200, TOM: 200, DANA: 200, MIA: 403, SUE: 403, STRANGER: 404},
    "private": {AVA: 200, BEN: 404, LEE: 404, DANA: 404, MIA: 404, STRANGER: 404},
}
MAY_TAKE_OVER = {AVA: 403, TOM: 403, LEE: 200, LOU: 200, DANA: 200, MIA: 403, SUE: 403, STRANGER: 404}


@pytest.mark.parametrize("visibility", MAY_LOCK)
def test_who_may_edit_it_may_lock_it(world: World, visibility: str) -> None:
    team: dict[str, Any] = {} if visibility == "private" else {"teamId": "north"}
    for who, expected in MAY_LOCK[visibility].items():
        path = house(world, visibility=visibility, **team)
        answer = call(world, "POST", f"{path}/lock", {}, who=who)
        assert answer[0] == expected, who.user_id
        if expected == 200:
            assert answer[1]["holder"] == who.user_id
        else:
            assert call(world, "GET", "/locks")[1]["items"] == []
        world.wait(LEASE + SKEW)


@pytest.mark.parametrize("who", MAY_TAKE_OVER, ids=lambda who: who.user_id)
def test_leads_of_its_team_and_brokers_take_over_from_others(world: World, who: Any) -> None:
    path = house(world, **READ_BY_ALL)
    lock(world, path, BEN)
    refused = call(world, "POST", f"{path}/lock", {}, who=who)
    status, content, _ = call(world, "POST", f"{path}/lock", {"takeOver": True}, who=who)
    assert status == MAY_TAKE_OVER[who]
    if status == 200:
        assert told(refused[:2]) == (423, "locked", "ben", FIVE_PAST)
        assert (content["holder"], content["token"], content["takenFrom"]) == (who.user_id, 2, "ben")
        assert types(world, "broker:harbor")[-1] == "escrow:locked"
        assert told(save(world, path, BEN, 1))[:3] == (423, "locked", who.user_id)
        assert save(world, path, who, 2)[0] == 200
    else:
        assert save(world, path, BEN, 1)[0] == 200


def test_whoever_forgot_another_window_takes_over_from_themselves(world: World) -> None:
    path = house(world)
    lock(world, path)
    assert told(call(world, "POST", f"{path}/lock", {})[:2]) == (423, "locked", "ava", FIVE_PAST)
    assert lock(world, path, takeOver=True)["token"] == 2
    assert told(save(world, path, token=1))[1] == "locked"
    assert save(world, path, token=2)[0] == 200


def test_the_token_of_another_helps_nobody(world: World) -> None:
    path = house(world)
    token = lock(world, path)["token"]
    assert told(save(world, path, LEE, token))[:3] == (423, "locked", "ava")
    assert problem(call(world, "POST", f"{path}/lock", {"token": token}, who=LEE)) == (423, "locked")
    assert unlock(world, path, token, LEE) == 204
    assert [item["holder"] for item in call(world, "GET", "/locks")[1]["items"]] == ["ava"]


# How it is prolonged, and how it ends


def test_a_lock_that_is_prolonged_lasts_five_minutes_from_then(world: World) -> None:
    path = house(world)
    token = lock(world, path)["token"]
    world.wait(120)
    prolonged = lock(world, path, token=token)
    assert (prolonged["token"], prolonged["since"][11:16], prolonged["until"][11:16]) == (token, "12:00", "12:07")
    world.wait(29)
    written = len(commits(world, NORTH))
    assert lock(world, path, token=token) == prolonged  # nobody is told every second
    assert len(commits(world, NORTH)) == written
    world.wait(LEASE + SKEW - 30)
    assert told(save(world, path, BEN))[0] == 423
    assert types(world, NORTH)[-1] == "escrow:locked"
    world.wait(1)
    assert types(world, NORTH)[-1] == "escrow:unlocked"


def test_a_lock_that_is_over_is_not_prolonged_but_taken_anew(world: World) -> None:
    path = house(world)
    lock(world, path)
    assert unlock(world, path, 1) == 204
    assert told(call(world, "POST", f"{path}/lock", {"token": 1})[:2]) == (423, "locked", None, None)
    assert call(world, "GET", "/locks")[1]["items"] == []
    assert lock(world, path)["token"] == 2


def test_at_its_end_it_is_told_by_a_timer_and_others_may_work(world: World) -> None:
    path = house(world)
    lock(world, path)
    world.wait(LEASE + SKEW - 1)
    assert told(save(world, path, BEN))[0] == 423
    world.wait(1)
    assert types(world, NORTH)[-1] == "escrow:unlocked"
    assert save(world, path, BEN)[0] == 200
    assert world.timers.waiting == []


def test_a_timer_of_a_clock_that_is_fast_ends_no_lock_that_its_holder_relies_on(world: World) -> None:
    path = house(world)
    lock(world, path)
    (timer,) = world.timers.take(NOON + timedelta(seconds=LEASE + SKEW))
    world.clock.advance(LEASE + SKEW - 0.1)
    world.locks.run_out(timer)
    assert types(world, NORTH)[-1] == "escrow:locked"
    (again,) = world.timers.waiting
    assert again == timer
    world.clock.advance(0.1)
    world.locks.run_out(again)
    assert types(world, NORTH)[-1] == "escrow:unlocked"


def test_without_its_timer_it_is_over_two_seconds_later_for_whoever_looks(world: World) -> None:
    path = house(world)
    lock(world, path)
    world.timers.waiting.clear()
    world.wait(LEASE + SKEW - 1)
    assert told(save(world, path, BEN))[0] == 423
    assert len(call(world, "GET", "/locks")[1]["items"]) == 1
    world.wait(1)
    assert call(world, "GET", "/locks")[1]["items"] == []
    assert lock(world, path, BEN)["holder"] == "ben"
    assert save(world, path, BEN, 2)[0] == 200
    assert types(world, NORTH)[-4:] == ["escrow:locked", "escrow:locked", "escrow:updated", "escrow:unlocked"]


def test_the_list_reads_nothing_of_locks_that_have_ended(world: World) -> None:
    paths = [house(world) for _ in range(30)]
    for _ in range(10):
        for number, path in enumerate(paths):
            token = lock(world, path)["token"]
            assert unlock(world, path, token) == 204 if number % 2 else save(world, path, token=token)[0] == 200
    living = lock(world, paths[0])
    assert len(world.items("E#")) == 1
    assert call(world, "GET", "/locks")[1]["items"] == [living]
    assert (living["token"], living["version"]) == (11, 21)
    assert save(world, paths[0], token=11, visibility="broker")[0] == 200
    assert world.items("E#") == []


def test_a_save_of_anyone_after_its_time_tells_that_it_is_over(world: World) -> None:
    path = house(world)
    lock(world, path)
    world.timers.waiting.clear()
    world.wait(LEASE + SKEW)
    assert save(world, path, BEN)[0] == 200
    assert types(world, NORTH)[-2:] == ["escrow:updated", "escrow:unlocked"]


def test_a_timer_that_comes_late_or_twice_ends_no_other_lock(world: World) -> None:
    path = house(world)
    lock(world, path)
    (timer,) = world.timers.waiting
    unlock(world, path, 1)
    lock(world, path, BEN)
    world.clock.advance(LEASE - 1)
    for _ in range(2):
        world.locks.run_out(timer)
    assert [item["holder"] for item in call(world, "GET", "/locks")[1]["items"]] == ["ben"]


def test_a_late_release_frees_nothing_that_is_newer(world: World) -> None:
    path = house(world)
    lock(world, path)
    lock(world, path, takeOver=True)
    assert unlock(world, path, 1) == 204
    assert told(save(world, path, BEN))[0] == 423
    assert unlock(world, path, 2) == 204
    assert unlock(world, path, 2) == 204
    assert types(world, NORTH)[-3:] == ["escrow:locked", "escrow:locked", "escrow:unlocked"]
    assert save(world, path, BEN)[0] == 200


def test_a_repeated_request_is_answered_with_the_lock_that_the_first_one_took(world: World) -> None:
    path, key = house(world), {"idempotency-key": "k"}
    first = call(world, "POST", f"{path}/lock", {}, headers=key)
    assert call(world, "POST", f"{path}/lock", {}, headers=key)[:2] == first[:2]
    assert fence(world, path) == 1
    world.clock.advance(60)
    prolonged = lock(world, path, token=1)
    assert call(world, "POST", f"{path}/lock", {}, headers=key)[:2] == (200, prolonged)


def test_a_repeated_request_tells_nobody_that_they_hold_what_is_over(world: World) -> None:
    path, key = house(world), {"idempotency-key": "k"}
    call(world, "POST", f"{path}/lock", {}, headers=key)
    unlock(world, path, 1)
    status, content, _ = call(world, "POST", f"{path}/lock", {}, headers=key)
    assert told((status, content)) == (423, "locked", None, None)
    lock(world, path, BEN)
    status, content, _ = call(world, "POST", f"{path}/lock", {}, headers=key)
    assert told((status, content)) == (423, "locked", "ben", FIVE_PAST)
    assert fence(world, path) == 2


# The lock and its record


def test_a_lock_ends_where_the_record_leaves_and_its_tokens_grow_on_where_it_goes(world: World) -> None:
    path = house(world)
    lock(world, path)
    assert save(world, path, token=1, visibility="broker")[0] == 200
    assert types(world, NORTH)[-2:] == ["escrow:deleted", "escrow:unlocked"]
    assert types(world, "broker:harbor") == ["escrow:created"]
    assert lock(world, path)["token"] == 2
    assert save(world, path, token=2, visibility="team")[0] == 200
    again = lock(world, path)
    assert (again["token"], again["version"], again["room"]) == (3, 5, NORTH)
    assert told(save(world, path, token=2))[:3] == (423, "locked", "ava")


def test_a_record_that_is_deleted_and_recovered_knows_its_last_token(world: World) -> None:
    path = house(world)
    lock(world, path)
    assert call(world, "DELETE", path, headers={"lock-token": "1"})[0] == 204
    assert types(world, NORTH)[-2:] == ["escrow:deleted", "escrow:unlocked"]
    assert problem(call(world, "POST", f"{path}/lock", {})) == (404, "not_found")
    assert call(world, "POST", f"{path}/recover")[0] == 200
    assert lock(world, path)["token"] == 2


def test_a_lead_is_converted_by_its_holder_alone(world: World) -> None:
    lead = {"firstName": "Ana", "lastName": "Hart", "email": "ana@hart.test", "status": "qualified"}
    _, made, _ = call(world, "POST", "/leads", lead)
    path = f"/leads/{made['id']}"
    lock(world, path)
    assert call(world, "POST", f"{path}/convert", {}, headers={"lock-token": "1"})[0] == 201
    assert [event["type"] for event in commits(world, NORTH)[-1]["events"]][:3] == [
        "lead:converted",
        "lead:unlocked",
        "client:created",
    ]


def test_a_list_of_locks_has_those_of_ones_rooms_and_the_positions_to_go_on_from(world: World) -> None:
    lock(world, house(world))
    lock(world, house(world, visibility="private"))
    lock(world, house(world, visibility="broker"))
    _, listed, _ = call(world, "GET", "/locks", who=BEN)
    assert [item["recordId"] for item in listed["items"]] == ["id-0001", "id-0003"]
    assert listed["positions"][NORTH]["seq"] == 2
    assert len(call(world, "GET", "/locks")[1]["items"]) == 3
    assert call(world, "GET", "/locks", who=MIA)[1]["items"] == listed["items"][1:]


# Races


def meanwhile(world: World, step: str, act: Any) -> None:
    """Somebody else acts once, before the next step of that kind."""
    table: Any = world.table

    def before(name: str) -> None:
        if name == step:
            table.before = lambda _step: None
            act()

    table.before = before


def test_a_save_that_has_read_before_somebody_locks_is_refused(world: World) -> None:
    path = house(world)
    meanwhile(world, "transact", lambda: lock(world, path, BEN))
    assert told(save(world, path))[:3] == (423, "locked", "ben")


def test_a_save_that_has_read_before_its_lock_is_taken_over_is_refused(world: World) -> None:
    path = house(world)
    lock(world, path)
    meanwhile(world, "transact", lambda: lock(world, path, LEE, takeOver=True))
    assert told(save(world, path, token=1))[:3] == (423, "locked", "lee")


def test_of_two_who_lock_at_once_one_gets_it(world: World) -> None:
    path = house(world)
    meanwhile(world, "transact", lambda: lock(world, path, BEN))
    assert told(call(world, "POST", f"{path}/lock", {})[:2])[:3] == (423, "locked", "ben")
    assert fence(world, path) == 1
    world.wait(LEASE + SKEW)
    assert types(world, NORTH)[-1] == "escrow:unlocked"


@pytest.mark.parametrize("step", range(7))
def test_a_lock_that_ends_twice_at_once_is_told_of_once(step: int, world: World) -> None:
    path = house(world)
    lock(world, path)

    def release() -> Any:
        return call(world, "DELETE", f"{path}/lock", headers={"Lock-Token": "1"})

    table: Any = world.table
    steps: list[str] = []

    def before(name: str) -> None:
        steps.append(name)
        if len(steps) == step + 1:
            table.before = lambda _step: None
            release()

    table.before = before
    assert release()[0] == 204
    assert len(steps) == step + 1
    assert types(world, NORTH)[-2:] == ["escrow:locked", "escrow:unlocked"]
    assert lock(world, path)["version"] == 3


def test_who_prolongs_what_is_being_released_does_not_get_it_back(world: World) -> None:
    path = house(world)
    lock(world, path)
    world.wait(60)
    meanwhile(world, "transact", lambda: unlock(world, path, 1))
    assert told(call(world, "POST", f"{path}/lock", {"token": 1})[:2]) == (423, "locked", None, None)
    assert types(world, NORTH)[-1] == "escrow:unlocked"


def test_a_save_ends_a_lock_that_is_being_prolonged(world: World) -> None:
    path = house(world)
    lock(world, path)
    world.wait(60)
    meanwhile(world, "transact", lambda: lock(world, path, token=1))
    assert save(world, path, token=1)[0] == 200
    assert types(world, NORTH)[-3:] == ["escrow:locked", "escrow:updated", "escrow:unlocked"]


def test_what_is_told_to_whom_a_lock_was_taken_from_is_written_with_it(world: World) -> None:
    path = house(world)
    heard: list[TakenOver] = []

    def tell(taken: TakenOver) -> list[StateChange]:
        heard.append(taken)
        room = f"user:{taken.lease.holder}"
        change = world.live_states.prepare(VIEWINGS, room, "v1", always({"listing_id": "l1"}), taken.at, by="lee")
        assert change is not None
        return [change]

    locks: Any = world.locks
    locks._on_taken_over = tell
    lock(world, path, BEN)
    lock(world, path, BEN, token=1)
    assert heard == []
    lock(world, path, LEE, takeOver=True)
    (taken,) = heard
    assert (taken.lease.holder, taken.by.user_id, taken.record.id) == ("ben", "lee", "id-0001")
    assert types(world, "user:ben") == ["viewing:created"]
    assert commits(world, "user:ben")[-1]["at"] == commits(world, NORTH)[-1]["at"]
    world.wait(LEASE + SKEW)
    lock(world, path, BEN)
    assert len(heard) == 1  # it was over: nobody lost it


def test_whoever_loses_a_lock_to_a_lead_finds_that_among_their_notifications(world: World) -> None:
    path = house(world)
    lock(world, path, BEN)
    lock(world, path, LEE, takeOver=True)
    (told,) = world.notifications.page(BEN, limit=10)["items"]
    assert (told["kind"], told["level"], told["about"]["id"]) == ("lock_taken", "warning", "id-0001")
    assert world.notifications.page(LEE, limit=10)["items"] == []
