"""What is counted of what people do, and what leads from a request to its posts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from openhouse.api.sockets import SocketApi
from openhouse.core.metrics import Metric, metrics
from openhouse.crm.modules.escrows import ESCROWS
from openhouse.identity.authorizer_context import socket_context
from openhouse.rooms.gateway import Outcome
from openhouse.storage.table import WriteConflict
from tests.fakes import AVA, BEN, MIA
from tests.functional.conftest import World
from tests.functional.sockets import create, found, join, say, stream
from tests.functional.test_http import HOUSE, call
from tests.log_lines import logged
from tests.memory_table import MemoryTable

NAME = "0199a0c19d247b6e"


@pytest.fixture
def world() -> Iterator[World]:
    made = World(None, MemoryTable())
    found(made)
    metrics.take()
    yield made
    metrics.take()


def counted() -> dict[Metric, float]:
    return {metric: sum(values) for metric, values in metrics.take().items() if metric.unit == "Count"}


def test_the_name_of_a_request_leads_from_the_browser_to_the_post(world: World):
    join(world, "a", AVA)
    with logged() as lines:
        assert call(world, "POST", "/escrows", HOUSE, headers={"X-Request-Id": NAME})[0] == 201
        world.deliver(stream(world))
    (written,) = lines.of("committed")
    assert (written["correlation_id"], written["rooms"]) == (NAME, {"team:north": 1})
    assert [commit["request"] for commit in world.gateway.commits("a")] == [NAME]
    (posted,) = lines.of("delivered")
    assert (posted["requests"], posted["room"]) == ([NAME], "team:north")


def test_a_request_without_a_name_has_that_of_api_gateway_and_nothing_else_comes_into_a_log(world: World):
    nameless: tuple[dict[str, str], ...] = ({}, {"x-request-id": "no\nname"})
    with logged() as lines:
        for headers in nameless:
            call(world, "POST", "/escrows", HOUSE, headers=headers)
    names = [line["correlation_id"] for line in lines.of("committed")]
    assert len(names) == 2
    assert not any("no" in name for name in names)


def test_a_delivery_says_which_commits_they_are_how_late_and_what_became_of_each_socket(world: World):
    for id_, who in (("a", AVA), ("b", BEN), ("c", BEN), ("d", BEN)):
        join(world, id_, who)
    world.gateway.outcomes = {"b": Outcome.GONE, "c": Outcome.FAILED, "d": Outcome.FAILED}
    create(world, 2)
    world.clock.advance(0.25)
    with logged() as lines:
        world.deliver(stream(world))
    (line,) = lines.of("delivered")
    assert (line["first_seq"], line["last_seq"], line["commits"], line["milliseconds"]) == (1, 2, 2, 250)
    assert (line["delivered"], line["gone"], line["failed"]) == (1, 1, 2)
    assert line["missed"] == {"b": "gone", "c": "failed", "d": "failed"}
    told = metrics.take()
    assert told[Metric.COMMIT_TO_POST] == [250, 250]
    assert [told[metric] for metric in (Metric.POSTS, Metric.GONE, Metric.LAGGING)] == [[1], [1], [2]]


def test_nobody_there_is_no_latency(world: World):
    create(world)
    world.deliver(stream(world))
    assert Metric.COMMIT_TO_POST not in metrics.take()


def test_commits_and_what_they_collide_with_are_counted(world: World, monkeypatch: pytest.MonkeyPatch):
    transact, left = world.table.transact, [2]

    def contended(writes: Any) -> None:
        if left[0]:
            left[0] -= 1
            raise WriteConflict
        transact(writes)

    monkeypatch.setattr(world.table, "transact", contended)
    create(world)
    assert counted() == {Metric.COMMITS: 1, Metric.CONFLICTS: 2}


def test_tickets_sockets_and_clients_that_come_back_are_counted(world: World):
    api = SocketApi(world, world.messages)
    call(world, "POST", "/realtime/tickets")
    api.handle({"requestContext": {"eventType": "CONNECT", "connectionId": "a", "authorizer": socket_context(AVA)}})
    world.gateway.open.add("a")
    known = say(world, "a", action="sync")["rooms"]
    assert counted() == {Metric.TICKETS: 1, Metric.CONNECTIONS: 1}
    positions = {room: {"epoch": reply["epoch"], "seq": reply["seq"]} for room, reply in known.items()}
    positions["team:north"]["epoch"] = "another"
    say(world, "a", action="sync", positions=positions)
    assert counted() == {Metric.RESUMES: len(positions), Metric.RESETS: 1}
    api.handle({"requestContext": {"eventType": "DISCONNECT", "connectionId": "a"}})
    assert counted() == {Metric.DISCONNECTIONS: 1}


def test_locks_are_counted_when_they_are_taken_or_refused_and_not_when_they_are_prolonged(world: World):
    id_ = world.records.create(ESCROWS, AVA, {"propertyAddress": "1 Main St"})["id"]
    metrics.take()
    token = call(world, "POST", f"/escrows/{id_}/lock", {})[1]["token"]
    call(world, "POST", f"/escrows/{id_}/lock", {"token": token})
    assert call(world, "POST", f"/escrows/{id_}/lock", {}, who=BEN)[0] == 423
    found = counted()
    assert (found[Metric.LOCKS_TAKEN], found[Metric.LOCKS_REFUSED]) == (1, 1)


def test_what_a_browser_has_measured_is_counted_once_a_minute(world: World):
    measured = {"commitToScreen": [140, 300], "reconnects": 2, "errors": 1}
    assert call(world, "POST", "/metrics", measured)[0] == 204
    told = metrics.take()
    assert told[Metric.COMMIT_TO_SCREEN] == [140, 300]
    assert (told[Metric.RECONNECTS], told[Metric.BROWSER_ERRORS]) == ([2], [1])
    status, problem, _ = call(world, "POST", "/metrics", measured)
    assert (status, problem["code"]) == (429, "reported_too_soon")
    assert metrics.take() == {}
    assert call(world, "POST", "/metrics", measured, who=MIA)[0] == 204
    world.clock.advance(51)
    assert call(world, "POST", "/metrics", measured)[0] == 204


@pytest.mark.parametrize(
    "wrong",
    [
        {"commitToScreen": [-1]},
        {"commitToScreen": [600_001]},
        {"commitToScreen": [1] * 100},
        {"commitToScreen": [1.5]},
        {"reconnects": 1_001},
        {"errors": "many"},
        {"user": "ben"},
    ],
)
def test_what_is_out_of_bounds_is_refused_and_not_counted(world: World, wrong: dict[str, Any]):
    whole = {"commitToScreen": [], "reconnects": 0, "errors": 0}
    assert call(world, "POST", "/metrics", {**whole, **wrong})[0] == 422
    assert call(world, "POST", "/metrics", "x" * 2_001)[0] == 413
    assert metrics.take() == {}
