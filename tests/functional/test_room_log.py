"""The log: sequence, conflicts, replay."""

from __future__ import annotations

import json
from datetime import datetime, timedelta

import pytest

from openhouse.core import errors
from openhouse.rooms.draft import Draft
from openhouse.rooms.position import Position
from openhouse.rooms.room_log import RETENTION_SECONDS
from openhouse.storage.table import WriteConflict
from openhouse.storage.writes import ABSENT, Put
from tests.functional.conftest import World

ROOM = "team:north"


def append(world: World, number: int, room: str = ROOM) -> None:
    event = {"type": "test:happened", "data": {"number": number}}
    world.log.commit(lambda _now: Draft(None, {room: [event]}), by="ava")


def replayed(world: World, after: int, *, max_commits: int = 100, max_bytes: int = 10**6) -> list[int]:
    head = world.log.heads([ROOM])[ROOM]
    replay = world.log.replay(ROOM, Position(head.epoch, after), head, max_commits=max_commits, max_bytes=max_bytes)
    return [json.loads(commit)["seq"] for commit in replay.commits]


def test_a_room_without_a_log_gets_one_with_an_epoch_that_stays(world: World) -> None:
    first = world.log.heads([ROOM, "user:ava"])
    assert first == {ROOM: Position("epoch-0001", 0), "user:ava": Position("epoch-0002", 0)}
    append(world, 1)
    assert world.log.heads([ROOM])[ROOM] == Position("epoch-0001", 1)


def test_commits_are_numbered_without_gaps_and_replayed_in_order(world: World) -> None:
    for number in range(1, 13):
        append(world, number)
    assert replayed(world, 0) == list(range(1, 13))
    assert replayed(world, 9) == [10, 11, 12]
    assert replayed(world, 12) == []


def test_whoever_loses_a_race_drafts_again_on_what_is_there_now(world: World) -> None:
    seen: list[int] = []
    world.log.heads([ROOM])

    def draft(_now: datetime) -> Draft[str]:
        seen.append(world.log.heads([ROOM])[ROOM].seq)
        return Draft("done", {ROOM: [{"type": "test:late", "data": {}}]})

    transact = world.table.transact

    def beaten_once(writes):
        world.table.transact = transact
        append(world, 1)  # someone else commits between our read and our write
        transact(writes)

    world.table.transact = beaten_once
    assert world.log.commit(draft, by="ava").result == "done"
    assert seen == [0, 1]
    assert replayed(world, 0) == [1, 2]


def test_a_failed_condition_of_any_item_leaves_nothing(world: World) -> None:
    world.table.write(Put({"pk": "X", "sk": "X"}, ABSENT))
    moments = iter([0.0, 0.0, 100.0])
    world.log._monotonic = lambda: next(moments)
    with pytest.raises(errors.Busy):
        world.log.commit(
            lambda _now: Draft(None, {ROOM: [{"type": "test:x", "data": {}}]}, [Put({"pk": "X", "sk": "X"}, ABSENT)]),
            by="ava",
        )
    assert replayed(world, 0) == []


def test_constant_contention_ends_as_busy_after_jittered_pauses(world: World) -> None:
    pauses: list[float] = []
    world.log._sleep = pauses.append
    world.log._jitter = lambda: 1.0
    world.log._monotonic = lambda: sum(pauses)
    world.log.heads([ROOM])

    def always_beaten(_writes):
        raise WriteConflict("TransactionConflict")

    world.table.transact = always_beaten
    with pytest.raises(errors.Busy) as refused:
        append(world, 1)
    assert refused.value.retryable
    assert pauses[:3] == pytest.approx([0.15, 0.105, 0.0735])  # shorter, so that it comes before those who are new
    assert max(pauses) == pauses[0]
    assert max(pauses[16:]) == 0.1  # and a little longer in the end
    assert 5 < sum(pauses) <= 6


def test_one_change_may_commit_to_two_rooms_and_to_both_or_none(world: World) -> None:
    event = {"type": "test:moved", "data": {}}
    world.log.commit(lambda _now: Draft(None, {ROOM: [event], "broker:harbor": [event]}), by="ava")
    heads = world.log.heads([ROOM, "broker:harbor"])
    assert [head.seq for head in heads.values()] == [1, 1]


def test_a_replay_is_cut_by_count_and_by_size_but_never_empty(world: World) -> None:
    for number in range(1, 6):
        append(world, number)
    assert replayed(world, 0, max_commits=2) == [1, 2]
    assert replayed(world, 0, max_bytes=1) == [1]
    head = world.log.heads([ROOM])[ROOM]
    cut = world.log.replay(ROOM, Position(head.epoch, 1), head, max_commits=2, max_bytes=10**6)
    assert (cut.reached.seq, cut.more, cut.reset) == (3, True, False)
    exact = world.log.replay(ROOM, Position(head.epoch, 3), head, max_commits=2, max_bytes=10**6)
    assert (exact.reached.seq, exact.more) == (5, False)


def test_a_position_the_log_cannot_serve_is_answered_with_reset(world: World) -> None:
    for number in range(1, 4):
        append(world, number)
    head = world.log.heads([ROOM])[ROOM]
    for strange in (None, Position("another", 2), Position(head.epoch, 9)):
        replay = world.log.replay(ROOM, strange, head, max_commits=9, max_bytes=10**6)
        assert (replay.commits, replay.reached, replay.reset) == ([], head, True)


def test_expired_entries_are_never_replayed_even_while_dynamodb_still_has_them(world: World) -> None:
    append(world, 1)
    world.clock.at += timedelta(seconds=RETENTION_SECONDS - 10)
    append(world, 2)
    world.clock.at += timedelta(seconds=10)
    head = world.log.heads([ROOM])[ROOM]
    assert world.log.replay(ROOM, Position(head.epoch, 0), head, max_commits=9, max_bytes=10**6).reset
    assert replayed(world, 1) == [2]


def test_a_hole_at_the_end_of_the_log_is_a_reset_not_a_short_answer(world: World) -> None:
    append(world, 1)
    append(world, 2)
    world.client.delete_item(TableName="openhouse", Key={"pk": {"S": f"L#{ROOM}"}, "sk": {"S": "C#000000000002"}})
    head = world.log.heads([ROOM])[ROOM]
    assert world.log.replay(ROOM, Position(head.epoch, 0), head, max_commits=9, max_bytes=10**6).reset


def test_whoever_commits_is_told_what_the_logs_hold_now(world: World) -> None:
    event = {"type": "test:happened", "data": {}}
    done = world.log.commit(lambda _now: Draft("done", {ROOM: [event], "broker:harbor": [event]}), by="ava")
    assert [(entry.room, entry.position.seq) for entry in done.entries] == [(ROOM, 1), ("broker:harbor", 1)]
    for entry in done.entries:
        assert world.log.commits(entry.room, 1, 1) == [entry.commit]
    assert world.log.commit(lambda _now: Draft("nothing"), by="ava").entries == ()
