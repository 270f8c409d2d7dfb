"""What a newer server says that this client does not know: it goes on with what it does."""

from __future__ import annotations

import json

import httpx

from openhouse_client.cache import Cache
from openhouse_client.listener import Status
from openhouse_client.protocol import Commits, read_frame
from openhouse_client.rest import problem_in
from tests.unit.client.fake_server import in_fake_time
from tests.unit.client.model import Model
from tests.unit.client.session_world import MINE, NORTH, World

OFFICE = "office:downtown"


def commit(*events: dict[str, object], **more: object) -> str:
    told = {"room": NORTH, "epoch": "life-1", "seq": 1, "id": "c1", "at": "2026-03-01T09:00:00.000Z", "by": "ben"}
    return json.dumps({"commits": [{**told, "events": [*events], **more}]})


def applied(text: str, cache: Cache) -> None:
    frame = read_frame(text)
    assert isinstance(frame, Commits)
    for each in frame.commits:
        cache.apply(each)


def test_events_of_nouns_and_verbs_yet_unknown_are_passed_over_and_those_beside_them_are_not():
    cache = Cache(["escrow"])
    record = {"id": "e1", "version": 1, "room": NORTH, "city": "Davis"}
    applied(
        commit(
            {"type": "drone:landed", "data": {"droneId": "d1", "version": 1, "drone": {"id": "d1"}}},
            {"type": "escrow:hummed", "data": {"tune": "x"}},
            {"type": "escrow:created", "data": {"escrowId": "e1", "version": 1, "escrow": record}},
            {"type": "no colon", "data": {}},
            mood="good",
        ),
        cache,
    )
    assert cache.all("escrow") == {"e1": record}
    assert cache.wanted == []


def test_a_verb_yet_unknown_that_changes_a_record_changes_it():
    """`escrow:funded` is an update with a name."""
    cache = Cache(["escrow"])
    record = {"id": "e1", "version": 1, "room": NORTH, "status": "active"}
    applied(commit({"type": "escrow:created", "data": {"escrowId": "e1", "version": 1, "escrow": record}}), cache)
    changes = {"status": "funded", "wiredCents": 7, "version": 2}
    applied(commit({"type": "escrow:funded", "data": {"escrowId": "e1", "version": 2, "changes": changes}}), cache)
    assert cache.all("escrow") == {"e1": {**record, **changes}}


@in_fake_time
async def test_a_room_of_a_kind_yet_unknown_is_followed_like_any_other() -> None:
    world = World(model=Model(NORTH, MINE, OFFICE))
    async with world.running():
        await world.create("e1", "e2", room=OFFICE)
        assert world.ears.commits == [(OFFICE, 1), (OFFICE, 2)]
        assert world.status() is Status.CONNECTED


@in_fake_time
async def test_positions_move_past_events_yet_unknown() -> None:
    world = World()
    async with world.running():
        await world.create("e1", publish=False)
        world.model.stream[-1]["events"] = [{"type": "drone:landed", "data": {}}]
        world.server.publish()
        await world.create("e2")
        assert world.ears.commits == [(NORTH, 1), (NORTH, 2)]
        assert world.ears.recoveries == []


def test_fields_and_members_of_frames_yet_unknown_are_ignored():
    reply = read_frame('{"reply": "1", "ok": true, "sessionExpiresAt": "x", "colour": "red", "meta": {"a": 1}}')
    assert reply is not None


def test_a_problem_of_a_code_yet_unknown_says_whether_to_try_again():
    document = {"code": "moon_phase", "detail": "not today", "status": 503, "retryable": True, "phase": "new"}
    problem = problem_in(httpx.Response(503, json=document))
    assert (problem.code, problem.retryable) == ("moon_phase", True)
    assert not problem_in(httpx.Response(418, json={"code": "teapot", "detail": "no"})).retryable
