"""What a writer hands over, what is posted of it, and what the stream still has to do."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from openhouse.core import clock
from openhouse.crm.modules.escrows import ESCROWS
from openhouse.delivery.census import SMALL
from openhouse.delivery.fast_lane import LATE
from openhouse.delivery.hand_over import LARGEST_BYTES, PAUSE_SECONDS, HandOver
from openhouse.delivery.invoker import Invoker, NotTaken
from openhouse.delivery.marks import Place
from openhouse.delivery.rate_limiter import OWED, Traffic
from openhouse.functions import CRM
from openhouse.rooms.gateway import Outcome
from openhouse.rooms.position import Position
from openhouse.rooms.room_log import Entry
from openhouse.settings import CrmSettings
from openhouse.storage.keys import member_key
from openhouse.storage.writes import ABSENT, Put
from tests.fakes import AVA, BEN
from tests.functional.conftest import World
from tests.functional.sockets import create, found, join, seqs, stream
from tests.functional.test_http import call
from tests.memory_table import MemoryTable
from tests.permissions import uses
from tests.permissions.recorder import recorded_invocation


class Lane(World):
    """With a fast lane: what writers handed over waits in `handed`."""

    def __init__(self, client: Any = None) -> None:
        """In memory without a client."""
        self.handed: list[bytes] = []
        table = None if client else MemoryTable()
        super().__init__(client, table, start_fast_lane=self.handed.append, has_fast_lane=True)

    def hasten(self) -> None:
        for payload in self.handed:
            self.fast_lane.process(json.loads(payload))
        self.handed.clear()

    def marked(self) -> list[str]:
        return [f"{item['pk']['S']}#{item['sk']['S']}" for item in self.items("P#")]


@pytest.fixture
def lane() -> Lane:
    lane = Lane()
    found(lane)
    return lane


def test_a_commit_is_posted_before_the_stream_comes_and_not_once_more_by_it(dynamodb: Any) -> None:
    lane = Lane(dynamodb)
    found(lane)
    join(lane, "a", AVA)
    join(lane, "b", BEN)
    create(lane)
    lane.hasten()
    assert [seqs(lane.gateway.commits(each)) for each in "ab"] == [[1], [1]]
    assert lane.deliver(stream(lane)) == []
    assert [seqs(lane.gateway.commits(each)) for each in "ab"] == [[1], [1]]


def test_whose_session_is_over_gets_nothing_and_is_closed(lane: Lane) -> None:
    join(lane, "a", AVA)
    join(lane, "b", replace(BEN, expires_at=clock.seconds(lane.clock()) + 60))
    lane.clock.advance(61)
    create(lane)
    lane.hasten()
    assert "a" in lane.gateway.open
    assert "b" not in lane.gateway.open
    assert [seqs(lane.gateway.commits(each)) for each in "ab"] == [[1], []]


def test_both_lanes_send_the_same_frame(lane: Lane) -> None:
    join(lane, "a", AVA)
    create(lane)
    lane.hasten()
    lane.marks.among = lambda places: set()
    lane.deliver(stream(lane))
    fast, slow = lane.gateway.posted["a"][1:]
    assert fast == slow


def test_what_one_transaction_writes_to_several_rooms_is_handed_over_at_once(lane: Lane) -> None:
    (made,) = create(lane)
    lane.handed.clear()
    lane.records.patch(ESCROWS, AVA, made["id"], {"visibility": "broker"})
    (payload,) = lane.handed
    commits = json.loads(payload)["commits"]
    assert {(commit["room"], commit["seq"]) for commit in commits} == {("team:north", 2), ("broker:harbor", 1)}


def test_what_changes_nothing_is_not_handed_over(lane: Lane) -> None:
    (made,) = create(lane)
    lane.handed.clear()
    lane.records.patch(ESCROWS, AVA, made["id"], {"propertyAddress": made["propertyAddress"]})
    assert lane.handed == []


def test_a_hand_over_that_fails_fails_nobody_and_the_stream_delivers() -> None:
    def refuse(_payload: bytes) -> None:
        raise OSError("throttled")

    world = World(None, MemoryTable(), start_fast_lane=refuse, has_fast_lane=True)
    found(world)
    join(world, "a", AVA)
    status, _, _ = call(world, "POST", "/escrows", {"propertyAddress": "12 Harbor Way"})
    assert status == 201
    assert world.deliver(stream(world)) == []
    assert seqs(world.gateway.commits("a")) == [1]


def test_after_a_failure_nobody_waits_for_another_one_for_a_while() -> None:
    tried, clock = [], [100.0]

    def fail(payload: bytes) -> None:
        tried.append(payload)
        raise OSError("it does not answer")

    hand_over = HandOver(fail, monotonic=lambda: clock[0])
    entry = Entry("team:north", Position("e", 1), "{}")
    for _ in range(3):
        hand_over([entry])
    assert len(tried) == 1
    clock[0] += PAUSE_SECONDS
    hand_over([entry])
    assert len(tried) == 2


def test_who_finds_the_fast_lane_busy_tries_again_with_the_next_commit() -> None:
    tried: list[bytes] = []

    def busy(payload: bytes) -> None:
        tried.append(payload)
        raise NotTaken

    hand_over = HandOver(busy)
    for _ in range(2):
        hand_over([Entry("team:north", Position("e", 1), "{}")])
    assert len(tried) == 2


def test_what_is_too_large_is_left_to_the_stream() -> None:
    handed: list[bytes] = []
    hand_over = HandOver(handed.append)
    most = LARGEST_BYTES - len('{"commits":[]}')
    hand_over([Entry("team:north", Position("e", 1), "x" * (most + 1))])
    assert handed == []
    hand_over([Entry("team:north", Position("e", 1), "x" * most)])
    assert [len(payload) for payload in handed] == [LARGEST_BYTES]


@pytest.mark.parametrize("outcome", [Outcome.FAILED, Outcome.UNREACHABLE])
def test_a_commit_that_did_not_reach_everyone_is_posted_again_by_the_stream(lane: Lane, outcome: Outcome) -> None:
    join(lane, "a", AVA)
    join(lane, "b", BEN)
    lane.gateway.outcomes["a"] = outcome
    create(lane)
    lane.hasten()
    assert lane.marked() == []
    del lane.gateway.outcomes["a"]
    assert lane.deliver(stream(lane)) == []
    assert [seqs(lane.gateway.commits(each)) for each in "ab"] == [[1], [1, 1]]


def test_whose_socket_is_gone_keeps_no_commit_from_being_done(lane: Lane) -> None:
    join(lane, "a", AVA)
    join(lane, "b", BEN)
    lane.gateway.outcomes["a"] = Outcome.GONE
    create(lane)
    lane.hasten()
    assert len(lane.marked()) == 1
    assert {item["sk"]["S"] for item in lane.items("M#")} == {"b"}


def test_in_an_empty_room_there_is_nothing_to_post_and_nothing_to_mark(lane: Lane) -> None:
    create(lane)
    lane.hasten()
    assert lane.marked() == []


def test_a_brokerages_room_is_posted_to_as_long_as_it_is_small(lane: Lane) -> None:
    join(lane, "a", AVA)
    create(lane, visibility="broker")
    lane.hasten()
    assert seqs(lane.gateway.commits("a")) == [1]
    for number in range(SMALL):
        row = {"user_id": "ava", "expires_at": AVA.expires_at, "ttl": AVA.expires_at, "since": 0}
        lane.table.write(Put({**member_key("broker:harbor", number % 4, f"c{number}"), **row}, ABSENT))
    create(lane, visibility="broker")
    lane.hasten()
    assert seqs(lane.gateway.commits("a")) == [1]
    assert len(lane.marked()) == 1
    assert lane.deliver(stream(lane)) == []  # by queue and workers
    assert seqs(lane.gateway.commits("a")) == [1, 2]


def test_beyond_the_limit_of_posts_a_commit_waits_for_the_stream(lane: Lane) -> None:
    join(lane, "a", AVA)
    lane.rate_limiter.acquire(4_000, Traffic.SMALL)  # two seconds' worth
    lane.rate_limiter.acquire(OWED - 1, Traffic.SMALL)  # and whoever posts next has to ask
    create(lane)
    lane.hasten()
    assert lane.gateway.commits("a") == []
    assert lane.marked() == []
    assert lane.deliver(stream(lane)) == []
    assert seqs(lane.gateway.commits("a")) == [1]


def test_an_invocation_that_waited_too_long_posts_nothing(lane: Lane) -> None:
    join(lane, "a", AVA)
    create(lane)
    lane.clock.advance(LATE + 0.1)
    lane.hasten()
    assert lane.gateway.commits("a") == []


def test_a_room_whose_members_cannot_be_read_is_left_to_the_stream(lane: Lane) -> None:
    join(lane, "a", AVA)
    create(lane)
    members = lane.connections.members
    lane.connections.members = unreadable
    lane.hasten()
    lane.connections.members = members
    assert lane.deliver(stream(lane)) == []
    assert seqs(lane.gateway.commits("a")) == [1]


def test_when_the_marks_cannot_be_read_everything_is_posted(lane: Lane) -> None:
    join(lane, "a", AVA)
    create(lane)
    lane.hasten()
    lane.marks.among = unreadable
    assert lane.deliver(stream(lane)) == []
    assert seqs(lane.gateway.commits("a")) == [1, 1]


def test_of_a_batch_only_what_is_marked_is_left_out(lane: Lane) -> None:
    join(lane, "a", AVA)
    create(lane, 3)
    del lane.handed[0], lane.handed[1]  # two hand-overs are lost
    lane.hasten()
    assert lane.deliver(stream(lane)) == []
    assert seqs(lane.gateway.commits("a")) == [2, 1, 3]


def test_a_mark_says_nothing_of_a_log_that_was_begun_anew(lane: Lane) -> None:
    join(lane, "a", AVA)
    create(lane)
    lane.marks.put([Place("team:north", "another-epoch", 1)])
    assert lane.deliver(stream(lane)) == []
    assert seqs(lane.gateway.commits("a")) == [1]


def test_a_mark_is_written_once_and_swept_up(dynamodb: Any) -> None:
    lane = Lane(dynamodb)
    found(lane)
    join(lane, "a", AVA)
    create(lane)
    lane.handed *= 2  # Lambda may run an invocation twice
    lane.hasten()
    (mark,) = lane.items("P#")
    assert int(mark["ttl"]["N"]) == int(lane.clock().timestamp()) + 3600


def unreadable(*_: Any, **__: Any) -> Any:
    raise RuntimeError("the table does not answer")


def test_the_function_of_the_records_starts_the_fast_lane_and_does_not_wait_for_it(
    dynamodb: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    handed: list[Any] = []

    def invoked(invoker: Invoker, payload: bytes) -> None:
        handed.append((invoker._path, json.loads(payload)))

    monkeypatch.setattr(Invoker, "__call__", recorded_invocation(invoked))
    names: Any = {
        "table_name": "openhouse",
        "records_table_name": "openhouse-records",
        "timers_url": "-",
        "tasks_machine_arn": "-",
    }
    for function, starts in (("", 0), ("lane:live", 1)):
        api: Any = CRM.build(CrmSettings(**names, fast_lane_function=function))
        create(api._services)
        assert len(handed) == starts
    ((path, told),) = handed
    assert ("crm", "lambda:InvokeFunction", "fast_lane") in uses.USED
    assert path == "/2015-03-31/functions/lane%3Alive/invocations"
    assert [commit["room"] for commit in told["commits"]] == ["team:north"]
