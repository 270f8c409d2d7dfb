"""Locks over sockets: they end a while after the socket, however that went."""

from __future__ import annotations

import json
import time
from dataclasses import replace
from typing import Any

import boto3
import pytest

from openhouse.api.sockets import SocketApi
from openhouse.collaboration.lock_rows import LockedRecord
from openhouse.delivery.invoker import Invoker
from openhouse.functions import SOCKET
from openhouse.settings import SocketApiSettings
from tests.fakes import AVA, BEN, MIA
from tests.functional.conftest import World
from tests.functional.locking import LEASE, SKEW, house, lock, save, told, unlock
from tests.functional.logs import commits, types
from tests.functional.sockets import found, join, put, say, stream
from tests.functional.test_http import call
from tests.permissions import uses
from tests.permissions.recorder import recorded_invocation

NORTH = "team:north"
RECORD = {"noun": "escrow", "recordId": "id-0001"}


@pytest.fixture
def path(world: World) -> str:
    """Of a record that Ava sees on two sockets and Ben on one."""
    found(world)
    for connection_id, who in (("a", AVA), ("a2", AVA), ("b", BEN)):
        join(world, connection_id, who)
    return house(world)


def ask(world: World, connection_id: str, action: str = "lock", **how: Any) -> Any:
    """The lock, or why there is none."""
    reply = say(world, connection_id, action=action, **{**RECORD, **how})
    return reply.get("lock", {}) if reply["ok"] else reply["error"]


def disconnect(world: World, connection_id: str) -> None:
    request = {"eventType": "DISCONNECT", "connectionId": connection_id}
    SocketApi(world, world.messages).handle({"requestContext": request})


def is_locked(world: World) -> bool:
    return bool(call(world, "GET", "/locks")[1]["items"])


def test_a_lock_over_a_socket_is_told_to_everyone_and_releases_like_any_other(world: World, path: str) -> None:
    taken = ask(world, "a")
    assert (taken["holder"], taken["token"]) == ("ava", 1)
    assert told((423, ask(world, "b")))[1:] == ("locked", "ava", "2026-03-02T12:05:00.000Z")
    assert ask(world, "a", "unlock", token=1) == {}
    assert ask(world, "b")["token"] == 2
    world.deliver(stream(world))
    heard = [event["type"] for commit in world.gateway.commits("b") for event in commit["events"]]
    assert heard[-3:] == ["escrow:locked", "escrow:unlocked", "escrow:locked"]


def test_whoever_lost_the_answer_asks_again_on_the_same_socket(world: World, path: str) -> None:
    taken = ask(world, "a")
    assert ask(world, "a") == taken
    assert len(commits(world, NORTH)) == 2
    assert ask(world, "a2")["code"] == "locked"  # another window


def test_its_own_socket_takes_it_over_with_a_new_token(world: World, path: str) -> None:
    assert ask(world, "a")["token"] == 1
    assert ask(world, "a", takeOver=True)["token"] == 2
    assert told(save(world, path, token=1))[0] == 423
    assert save(world, path, token=2)[0] == 200


def test_it_is_released_15_s_after_its_socket_has_closed(world: World, path: str) -> None:
    ask(world, "a")
    disconnect(world, "a")
    world.wait(14)
    assert told(save(world, path, BEN))[0] == 423
    world.wait(1)
    assert types(world, NORTH)[-1] == "escrow:unlocked"
    assert save(world, path, BEN)[0] == 200
    assert world.lock_rows.of("a") == []
    world.wait(LEASE)
    assert types(world, NORTH)[-1] == "escrow:updated"


def test_a_blip_costs_nobody_their_lock_if_they_prolong_it_on_another_socket(world: World, path: str) -> None:
    ask(world, "a")
    disconnect(world, "a")
    world.wait(5)
    assert ask(world, "a2", token=1)["token"] == 1
    for _ in range(3):
        assert say(world, "a2", action="presence", active=True)["ok"]
        world.wait(20)
    assert is_locked(world)
    disconnect(world, "a2")
    world.wait(15)
    assert not is_locked(world)


def test_what_is_prolonged_without_a_socket_lasts_for_its_time(world: World, path: str) -> None:
    ask(world, "a")
    lock(world, path, token=1)
    disconnect(world, "a")
    world.wait(LEASE + SKEW - 1)
    assert is_locked(world)
    world.wait(1)
    assert not is_locked(world)


def test_that_of_a_socket_that_vanished_without_a_word_is_released_when_it_was_not_heard_of(
    world: World, path: str
) -> None:
    ask(world, "a")
    world.wait(38)
    assert is_locked(world)
    world.wait(7)
    assert not is_locked(world)


def test_one_that_vanished_without_a_word_is_released_by_whoever_notices(world: World, path: str) -> None:
    ask(world, "a")
    world.locks.release_of("a2")
    assert is_locked(world)
    for _ in range(2):
        world.locks.release_of("a")
    assert not is_locked(world)


def test_a_socket_that_has_locked_nothing_sets_no_timer(world: World, path: str) -> None:
    lock(world, path)
    disconnect(world, "b")
    assert not [timer for timer in world.timers.waiting if timer.kind == "lock_connection"]


def test_a_socket_that_has_closed_by_then_gets_no_lock(world: World, path: str) -> None:
    rows: Any = world.lock_rows
    writes = rows.writes

    def closed_by_now(connection_id: str, record: LockedRecord) -> Any:
        rows.writes = writes
        disconnect(world, connection_id)
        return writes(connection_id, record)

    rows.writes = closed_by_now
    assert ask(world, "a")["code"] == "session_expired"
    assert not is_locked(world)


def test_whoever_may_not_edit_it_any_more_does_not_lock_it_on_an_old_socket(world: World, path: str) -> None:
    put(world, AVA, team_ids=("south",))
    assert ask(world, "a")["code"] == "not_found"
    assert ask(world, "b")["holder"] == "ben"


def test_a_late_unlock_frees_nothing(world: World, path: str) -> None:
    ask(world, "a")
    assert ask(world, "a2", takeOver=True)["token"] == 2
    assert ask(world, "a", "unlock", token=1) == {}
    assert is_locked(world)
    disconnect(world, "a")
    world.wait(15)
    assert is_locked(world)
    assert unlock(world, path, 2) == 204


def test_a_noun_that_there_is_not_is_said(world: World, path: str) -> None:
    for action, more in (("lock", {}), ("unlock", {"token": 1})):
        refused = ask(world, "a", action, noun="sofa", **more)
        assert refused["code"] == "invalid_message"
        assert "escrow" in refused["message"]
    assert ask(world, "a", recordId="nothing")["code"] == "not_found"
    join(world, "m", MIA)
    assert ask(world, "m")["code"] == "not_found"


def test_what_is_locked_over_a_socket_goes_to_the_fast_lane(
    world: World, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    handed: list[Any] = []
    monkeypatch.setattr(Invoker, "__call__", recorded_invocation(lambda _, payload: handed.append(json.loads(payload))))
    url = boto3.client("sqs", region_name="us-east-1").create_queue(QueueName="timers")["QueueUrl"]
    names: Any = {"table_name": "openhouse", "records_table_name": "openhouse-records", "timers_url": url}
    sockets: Any = {"websocket_api_id": "a1", "websocket_stage": "live", "fast_lane_function": "lane:live"}
    api: Any = SOCKET.build(SocketApiSettings(**names, **sockets))
    api._messages._gateway = world.gateway
    world.gateway.open.add("now")
    api._services.connections.connect("now", replace(AVA, expires_at=int(time.time()) + 60))
    body = json.dumps({"action": "lock", "id": "1", **RECORD})
    api.handle({"requestContext": {"eventType": "MESSAGE", "connectionId": "now"}, "body": body})
    assert world.gateway.replies("now")[-1]["lock"]["holder"] == "ava"
    ((commit,),) = [told["commits"] for told in handed]
    assert "escrow:locked" in json.dumps(commit)
    assert ("socket", "lambda:InvokeFunction", "fast_lane") in uses.USED
