"""Hand-made stream batches, and what becomes of them."""

from __future__ import annotations

import copy
import json
from collections.abc import Sequence
from typing import Any

import pytest
from botocore.exceptions import ClientError

from openhouse.delivery import dispatcher, rate_limiter
from openhouse.delivery.census import SMALL
from openhouse.delivery.dispatcher import Dispatcher
from openhouse.delivery.fanout import FanOut, entries
from openhouse.delivery.queues import ShardTask
from openhouse.delivery.rate_limiter import RateLimiter, Traffic, rates
from openhouse.rooms.connections import Member
from openhouse.rooms.gateway import Delivery, Missed, Outcome
from openhouse.settings import PostingSettings
from openhouse.storage.keys import entry_key, member_key
from openhouse.storage.writes import ABSENT, Put
from tests.fakes import AVA, BEN, MIA
from tests.functional.conftest import World
from tests.functional.sockets import create, found, join, say, seqs, stream
from tests.functional.test_http import call


@pytest.fixture(autouse=True)
def brokerage(world: World) -> None:
    found(world)


def test_a_commit_reaches_every_member_of_its_room_and_nobody_else(world: World) -> None:
    for connection_id, who in {"a": AVA, "a2": AVA, "b": BEN, "m": MIA}.items():
        join(world, connection_id, who)
    create(world, 2)
    create(world, 1, visibility="broker")
    assert world.deliver(stream(world)) == []
    for connection_id in ("a", "a2", "b"):
        rooms = [(commit["room"], commit["seq"]) for commit in world.gateway.commits(connection_id)]
        assert sorted(rooms) == [("broker:harbor", 1), ("team:north", 1), ("team:north", 2)]
    assert [commit["room"] for commit in world.gateway.commits("m")] == ["broker:harbor"]


def test_a_batch_goes_out_in_order_and_in_few_frames_however_the_stream_orders_it(world: World) -> None:
    join(world, "a", AVA)
    create(world, 20)
    world.deliver(list(reversed(stream(world))))
    assert seqs(world.gateway.commits("a")) == list(range(1, 21))
    assert len(world.gateway.frames("a")) == 2  # the sync's reply and one frame of commits


def test_a_gone_socket_loses_its_own_rows_only_and_disturbs_nobody(world: World) -> None:
    join(world, "a", AVA)
    join(world, "b", BEN)
    world.gateway.outcomes["a"] = Outcome.GONE
    create(world, 1)
    assert world.deliver(stream(world)) == []
    assert seqs(world.gateway.commits("b")) == [1]
    assert {item["sk"]["S"] for item in world.items("M#")} == {"b"}
    assert {item["pk"]["S"] for item in world.items("C#")} == {"C#b"}


def test_a_failing_socket_keeps_its_place_and_disturbs_nobody(world: World) -> None:
    join(world, "a", AVA)
    join(world, "b", BEN)
    world.gateway.outcomes["a"] = Outcome.FAILED
    create(world, 1)
    assert world.deliver(stream(world)) == []
    assert seqs(world.gateway.commits("b")) == [1]
    assert len(world.connections.members("team:north")) == 2


def test_an_expired_member_gets_nothing_and_is_closed(world: World) -> None:
    join(world, "a", AVA)
    world.clock.advance(3600)
    create(world, 1)
    world.deliver(stream(world))
    assert world.gateway.commits("a") == []
    assert "a" not in world.gateway.open
    assert world.items("M#") == []


def test_a_room_that_cannot_be_read_is_reported_and_the_others_are_served(world: World) -> None:
    join(world, "a", AVA)
    create(world, 2)
    create(world, 1, visibility="broker")
    members = world.connections.members

    def broken(room, shard=None):
        if room == "team:north":
            raise RuntimeError("the table does not answer")
        return members(room, shard)

    world.connections.members = broken
    batch = stream(world)
    failed = world.deliver(batch)
    assert failed == [entry.position for entry in batch if entry.room == "team:north"]
    assert [commit["room"] for commit in world.gateway.commits("a")] == ["broker:harbor"]


# Failures ------------------------------------------------------------------------------------------------------------


def lagging(world: World) -> set[str]:
    return {member.connection_id for member in world.connections.members("team:north") if member.lagging}


def test_a_socket_that_posting_gives_up_on_is_marked_and_hears_of_its_gap_with_the_next_commit(world: World) -> None:
    join(world, "a", AVA)
    join(world, "b", BEN)
    create(world, 3)
    batch = stream(world)
    world.gateway.outcomes["b"] = Outcome.FAILED
    world.deliver(batch[:2])
    assert lagging(world) == {"b"}

    del world.gateway.outcomes["b"]
    world.deliver(batch[2:])
    assert seqs(world.gateway.commits("b")) == [3]
    assert lagging(world) == set()

    start = {"epoch": world.log.heads(["team:north"])["team:north"].epoch, "seq": 0}
    reply = say(world, "b", action="sync", positions={"team:north": start})
    assert seqs(world.gateway.commits("b")) == [3, 1, 2, 3]
    assert reply["rooms"]["team:north"]["seq"] == 3


def test_whoever_lags_gets_the_newest_frame_alone_and_keeps_nobody_waiting(world: World) -> None:
    join(world, "a", AVA)
    join(world, "b", BEN)
    world.connections.mark("team:north", "b", lagging=True)
    asked: list[Delivery] = []
    post = world.gateway.post

    def listening(deliveries: Sequence[Delivery]) -> list[Missed]:
        asked.extend(deliveries)
        return post(deliveries)

    world.gateway.post = listening
    create(world, 120, notes="n" * 3_000)
    world.deliver(stream(world))
    whole, nudge = asked
    assert (whole.connection_ids, nudge.connection_ids) == (["a"], ["b"])
    assert nudge.frames == whole.frames[-1:]
    assert len(whole.frames) > 2
    assert nudge.patience < whole.patience


def test_a_mark_is_kept_while_nudges_fail_and_written_only_once(world: World) -> None:
    join(world, "b", BEN)
    create(world, 3)
    world.gateway.outcomes["b"] = Outcome.FAILED
    batch = stream(world)
    world.deliver(batch[:1])
    before = world.items("M#team")
    world.deliver(batch[1:])
    assert lagging(world) == {"b"}
    assert world.items("M#team") == before


def test_marking_someone_who_has_left_brings_no_ghost_back(world: World) -> None:
    join(world, "b", BEN)
    world.connections.forget("b")
    world.connections.mark("team:north", "b", lagging=True)
    assert world.items("M#") == []


def test_when_api_gateway_is_out_of_reach_the_room_is_tried_again_and_nobody_is_blamed(world: World) -> None:
    join(world, "a", AVA)
    join(world, "b", BEN)
    create(world, 2)
    batch = stream(world)
    world.gateway.outcomes |= {"a": Outcome.UNREACHABLE, "b": Outcome.UNREACHABLE}
    assert world.deliver(batch) == [entry.position for entry in batch]
    assert lagging(world) == set()

    world.gateway.outcomes = {}
    assert world.deliver(batch) == []
    assert seqs(world.gateway.commits("a")) == seqs(world.gateway.commits("b")) == [1, 2]


def test_whoever_alone_is_out_of_reach_is_marked_and_the_room_is_not_posted_to_again(world: World) -> None:
    join(world, "a", AVA)
    join(world, "b", BEN)
    create(world, 1)
    world.gateway.outcomes["b"] = Outcome.UNREACHABLE
    assert world.deliver(stream(world)) == []
    assert lagging(world) == {"b"}


@pytest.mark.parametrize(
    "damage",
    [
        {"commit": {"S": "not JSON"}},
        {"commit": {"S": "[]"}},
        {"commit": {"N": "5"}},
        {"commit": {"S": json.dumps({"room": "team:south", "seq": 2, "events": [1]})}},
        {"seq": {"N": "7"}},
        {"room": {"BOOL": True}},
    ],
)
def test_a_poisoned_entry_is_set_aside_and_its_room_goes_on(world: World, damage: dict[str, Any]) -> None:
    join(world, "a", AVA)
    create(world, 3)
    world.client.update_item(
        TableName="openhouse",
        Key={name: {"S": value} for name, value in entry_key("team:north", 2).items()},
        AttributeUpdates={name: {"Value": value, "Action": "PUT"} for name, value in damage.items()},
    )
    assert world.deliver(stream(world)) == []
    assert world.queues.aside == [("team:north", 2)]
    assert seqs(world.gateway.commits("a")) == [1, 3]
    epoch = world.log.heads(["team:north"])["team:north"].epoch
    reply = say(world, "a", action="sync", positions={"team:north": {"epoch": epoch, "seq": 1}})
    assert reply["rooms"]["team:north"] == {"epoch": epoch, "seq": 3, "reset": True}
    reply = say(world, "a", action="sync", positions={"team:north": {"epoch": epoch, "seq": 2}})
    assert not reply["rooms"]["team:north"]["reset"]


def test_an_image_that_cannot_even_be_read_is_poison_too(world: World) -> None:
    keys = {name: {"S": value} for name, value in entry_key("team:north", 9).items()}
    for image in ({}, {"commit": {"Q": "?"}}, {"commit": {"N": "many"}}):
        (entry,) = entries([{"dynamodb": {"Keys": keys, "NewImage": image, "SequenceNumber": "5"}}])
        assert (entry.room, entry.seq, entry.commit, entry.position) == ("team:north", 9, None, "5")


# Large rooms ---------------------------------------------------------------------------------------------------------


def only_small_up_to(world: World, members: int) -> None:
    """With few people, what the product does with hundreds."""
    world.fanout = FanOut(world.connections, world.dispatcher, world.queues, small=members)


def test_a_brokerage_of_few_people_is_posted_to_at_once_whatever_the_number_of_its_shards(world: World) -> None:
    for connection_id, who in {"a": AVA, "b": BEN, "m": MIA}.items():
        join(world, connection_id, who)
    create(world, 3, visibility="broker")
    assert world.fanout.deliver(stream(world)) == []
    assert world.queues.take() == []
    for connection_id in ("a", "b", "m"):
        assert seqs(world.gateway.commits(connection_id)) == [1, 2, 3]


def reads_of_members(world: World) -> list[tuple[str, int | None]]:
    """Grows as members are read: rooms and shards."""
    read: list[tuple[str, int | None]] = []
    members = world.connections.members

    def listening(room: str, shard: int | None = None) -> list[Member]:
        read.append((room, shard))
        return members(room, shard)

    world.connections.members = listening
    return read


def test_one_shard_of_a_large_room_tells_that_it_is_large(world: World) -> None:
    for number in range(20):
        join(world, f"a{number}", AVA)
    only_small_up_to(world, 4)
    create(world, 1, visibility="broker")
    read = reads_of_members(world)
    assert world.fanout.deliver(stream(world)) == []
    assert read == [("broker:harbor", 0)]
    assert world.queues.take() == [ShardTask("broker:harbor", shard, 1, 1) for shard in range(4)]


def test_a_room_of_which_one_shard_cannot_be_read_is_reported_and_nobody_is_posted_to(world: World) -> None:
    join(world, "a", AVA)
    create(world, 1, visibility="broker")
    create(world, 1)
    members = world.connections.members

    def broken(room: str, shard: int | None = None) -> list[Member]:
        if (room, shard) == ("broker:harbor", 3):
            raise RuntimeError("the table does not answer")
        return members(room, shard)

    world.connections.members = broken
    batch = stream(world)
    assert world.fanout.deliver(batch) == [entry.position for entry in batch if entry.room == "broker:harbor"]
    assert [commit["room"] for commit in world.gateway.commits("a")] == ["team:north"]


def test_a_brokerages_room_is_handed_on_shard_by_shard_once_however_often_the_stream_says_so(world: World) -> None:
    for connection_id, who in {"a": AVA, "b": BEN, "m": MIA}.items():
        join(world, connection_id, who)
    only_small_up_to(world, 1)
    create(world, 3, visibility="broker")
    batch = stream(world)
    for _ in range(3):
        assert world.fanout.deliver(batch) == []
    tasks = world.queues.take()
    assert tasks == [ShardTask("broker:harbor", shard, 1, 3) for shard in range(4)]
    assert world.gateway.commits("a") == []
    assert world.worker.deliver(tasks) == []
    for connection_id in ("a", "b", "m"):
        assert seqs(world.gateway.commits(connection_id)) == [1, 2, 3]
        assert len(world.gateway.frames(connection_id)) == 2  # the sync's reply and one frame of commits


def test_a_team_waits_for_no_broadcast_neither_of_its_own_batch_nor_of_others(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rate_limiter, "OWED", 1)
    join(world, "a", AVA)
    join(world, "m", MIA)
    only_small_up_to(world, 1)
    shares = rates(PostingSettings.posts_per_second)
    elsewhere = RateLimiter(world.table, shares, now=world.clock)
    elsewhere.acquire(int(10 * shares[Traffic.LARGE]), Traffic.LARGE)  # takes ten seconds
    create(world, 2, visibility="broker")
    create(world, 1)
    before = world.clock.at
    assert world.fanout.deliver(stream(world)) == []
    assert [commit["room"] for commit in world.gateway.commits("a")] == ["team:north"]
    assert world.clock.at == before

    assert world.worker.deliver(world.queues.take()) == []
    assert seqs(world.gateway.commits("m")) == [1, 2]
    assert (world.clock.at - before).total_seconds() == pytest.approx(10, abs=0.01)


def test_a_team_larger_than_is_posted_to_at_once_goes_to_the_workers_in_one_piece(world: World) -> None:
    expires = AVA.expires_at
    for number in range(SMALL + 1):
        key = member_key("team:north", 0, f"c{number}")
        world.table.write(Put({**key, "user_id": "ava", "expires_at": expires, "ttl": expires, "since": 0}, ABSENT))
        world.gateway.open.add(f"c{number}")
    create(world, 1)
    assert world.fanout.deliver(stream(world)) == []
    tasks = world.queues.take()
    assert tasks == [ShardTask("team:north", 0, 1, 1)]
    assert world.worker.deliver(tasks) == []
    assert all(seqs(world.gateway.commits(f"c{number}")) == [1] for number in range(SMALL + 1))


def test_a_worker_posts_overlapping_and_repeated_tasks_once_and_in_order(world: World) -> None:
    join(world, "a", AVA)
    create(world, 6)
    tasks = [ShardTask("team:north", 0, *seqs_) for seqs_ in ((4, 6), (1, 2), (2, 5), (1, 2))]
    assert world.worker.deliver(tasks) == []
    assert seqs(world.gateway.commits("a")) == [1, 2, 3, 4, 5, 6]


def test_a_shard_that_cannot_be_read_is_reported_and_the_others_are_served(world: World) -> None:
    join(world, "a", AVA)
    create(world, 1)
    create(world, 1, who=MIA)
    commits = world.log.commits

    def broken(room: str, first: int, last: int) -> list[str]:
        if room == "team:south":
            raise RuntimeError("the table does not answer")
        return commits(room, first, last)

    world.log.commits = broken
    join(world, "m", MIA)
    tasks = [ShardTask("team:south", 0, 1, 1), ShardTask("team:north", 0, 1, 1)]
    assert world.worker.deliver(tasks) == tasks[:1]
    assert seqs(world.gateway.commits("a")) == [1]


def test_what_the_log_has_no_more_is_no_failure_and_takes_nobodys_mark(world: World) -> None:
    join(world, "a", AVA)
    world.connections.mark("team:north", "a", lagging=True)
    assert world.worker.deliver([ShardTask("team:north", 0, 40, 45)]) == []
    assert world.gateway.commits("a") == []
    assert lagging(world) == {"a"}


def test_a_bulk_of_records_is_a_few_posts_to_each_member(world: World) -> None:
    for number in range(20):
        join(world, f"b{number}", BEN)
    entries_ = [{"record": {"propertyAddress": f"{number} A St"}} for number in range(500)]
    call(world, "POST", "/escrows/bulk", {"entries": entries_})
    assert world.deliver(stream(world)) == []
    frames = len(world.gateway.frames("b0")) - 1
    created = [
        event for commit in world.gateway.commits("b0") for event in commit["events"] if "escrow" in event["data"]
    ]
    assert len(created) == 500
    assert frames <= 5
    assert all(len(world.gateway.frames(f"b{number}")) - 1 == frames for number in range(20))


def test_the_stream_may_repeat_reorder_and_split_what_it_likes(world: World) -> None:
    join(world, "a", AVA)
    create(world, 4)
    batch = stream(world)
    for part in (batch[2:], batch[:1], copy.copy(batch), batch[1:2]):
        assert world.deliver(part) == []
    assert seqs(world.gateway.commits("a")) == [3, 4, 1, 1, 2, 3, 4, 2]


def test_posts_are_asked_for_in_turns_that_others_can_wait_for(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(dispatcher.TURN, Traffic.SMALL, 6)
    for number in range(3):
        join(world, f"a{number}", AVA)
        join(world, f"m{number}", MIA)
    asked: list[int] = []
    acquire = world.rate_limiter.acquire

    def listening(posts: int, traffic: Traffic, **how: Any) -> None:
        asked.append(posts)
        acquire(posts, traffic, **how)

    world.rate_limiter.acquire = listening
    create(world, 1)
    create(world, 1, who=MIA)
    create(world, 1, visibility="private")
    assert world.deliver(stream(world)) == []
    assert asked == [6, 3]


def test_the_log_is_read_once_for_all_shards_of_a_room(world: World) -> None:
    for number in range(12):
        join(world, f"a{number}", AVA)
    only_small_up_to(world, 1)
    create(world, 2, visibility="broker")
    assert world.fanout.deliver(stream(world)) == []
    read: list[str] = []
    commits = world.log.commits

    def listening(room: str, first: int, last: int) -> list[str]:
        read.append(room)
        return commits(room, first, last)

    world.log.commits = listening
    assert world.worker.deliver(world.queues.take()) == []
    assert read == ["broker:harbor"]
    assert seqs(world.gateway.commits("a0")) == [1, 2]


# Time, and failures in the middle of things --------------------------------------------------------------------------


def two_turns(world: World) -> list[Any]:
    """A batch of two rooms with one socket each, that are posted to one after the other."""
    join(world, "a", AVA)
    join(world, "m", MIA)
    create(world, 1)
    create(world, 1, who=MIA)
    return stream(world)


def test_what_the_table_refuses_in_the_middle_fails_only_whose_turn_it_was(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(dispatcher.TURN, Traffic.SMALL, 1)
    batch = two_turns(world)
    acquire, refusals = world.rate_limiter.acquire, iter([False, True])

    def throttled(posts: int, traffic: Traffic, **how: Any) -> None:
        if next(refusals):
            raise ClientError({"Error": {"Code": "ThrottlingException", "Message": "slow down"}}, "UpdateItem")
        acquire(posts, traffic, **how)

    world.rate_limiter.acquire = throttled
    assert world.deliver(batch) == [entry.position for entry in batch if entry.room == "team:south"]
    assert seqs(world.gateway.commits("a")) == [1]


def test_no_turn_is_begun_that_the_function_might_not_live_to_end(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(dispatcher.TURN, Traffic.SMALL, 1)
    batch = two_turns(world)
    post = world.gateway.post

    def slowly(deliveries: Sequence[Delivery]) -> list[Missed]:
        world.clock.advance(dispatcher.LAST_TURN + 1)
        return post(deliveries)

    world.gateway.post = slowly
    assert world.deliver(batch) == [entry.position for entry in batch if entry.room == "team:south"]
    world.gateway.post = post
    assert world.deliver(batch[1:]) == []
    assert seqs(world.gateway.commits("m")) == [1]


def test_many_dead_sockets_are_forgotten_side_by_side(world: World) -> None:
    for number in range(5):
        join(world, f"a{number}", AVA)
    together: list[int] = []

    def side_by_side(do: Any, what: Any) -> list[Any]:
        listed = list(what)
        together.append(len(listed))
        return [do(each) for each in listed]

    world.gateway.open = {"a0"}
    create(world, 1)
    world.fanout = FanOut(
        world.connections,
        Dispatcher(world.connections, world.gateway, world.rate_limiter, now=world.clock, parallel_map=side_by_side),
        world.queues,
    )
    assert world.deliver(stream(world)) == []
    assert together == [4]
    assert [member.connection_id for member in world.connections.members("team:north")] == ["a0"]


def test_a_message_whose_task_failed_comes_again_soon_and_so_does_one_that_holds_none(world: World) -> None:
    join(world, "a", AVA)
    create(world, 1)
    world.gateway.outcomes["a"] = Outcome.UNREACHABLE
    bodies = [ShardTask("team:north", 0, 1, 1).text(), "?", ShardTask("team:south", 0, 1, 1).text()]
    messages = [
        {"messageId": f"m{number}", "receiptHandle": f"r{number}", "body": body} for number, body in enumerate(bodies)
    ]
    assert world.worker.process(messages) == ["m0", "m1"]
    assert world.queues.shortened == ["r0", "r1"]


def test_an_entry_whose_key_is_none_of_ours_is_set_aside_and_does_not_fail_its_batch(world: World) -> None:
    join(world, "a", AVA)
    create(world, 1)
    keys = {"pk": {"S": "L#team:north"}, "sk": {"S": "C#x"}}
    strange = entries([{"dynamodb": {"Keys": keys, "NewImage": keys, "SequenceNumber": "5"}}])
    assert world.deliver([*strange, *stream(world)]) == []
    assert world.queues.aside == [("team:north", 0)]
    assert seqs(world.gateway.commits("a")) == [1]


def test_a_worker_clears_up_after_the_gone_and_the_expired_of_its_shard(world: World) -> None:
    for connection_id, who in {"a": AVA, "b": BEN}.items():
        join(world, connection_id, who)
    world.gateway.outcomes["a"] = Outcome.GONE
    create(world, 1, visibility="broker")
    tasks = [ShardTask("broker:harbor", shard, 1, 1) for shard in range(4)]
    assert world.worker.deliver(tasks) == []
    assert {item["pk"]["S"] for item in world.items("C#")} == {"C#b"}
    world.clock.advance(3600)
    assert world.worker.deliver(tasks) == []
    assert "b" not in world.gateway.open
