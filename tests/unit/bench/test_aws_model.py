"""What the model of AWS makes of a recorded change."""

from __future__ import annotations

import random
from dataclasses import replace
from typing import Any

import pytest

from bench.aws_model import LANES, SEED, calls, model, race, report
from bench.recorded import Change, Recording
from bench.replay import WHOLE_CPU_MB, Posting, Replay
from bench.trace import Call, Posts, Together, Work
from local.aws_like import measures
from openhouse.delivery.posting_call import DEFAULT_LIMITS

CHANGES = 100
QUICK = Posting(post=0.0001, handshake=0.001)
READ, WRITE = Call("GetItem"), Call("UpdateItem")
TRACES = {
    "authorizer": (Work(0.001), READ),
    "crm": (
        Work(0.001),
        READ,
        Together(((READ,), (READ,))),
        Call("TransactWriteItems", 5),
        Call("Invoke"),
        Work(0.001),
    ),
    "fast_lane": (Call("Query"), WRITE, Posts(3), Call("PutItem")),
    "fanout": (Call("Query"), WRITE, Posts(3)),
}
RECORDING = Recording({3: [Change(TRACES, client=0.0)]}, dict.fromkeys(TRACES, 0.2), QUICK)


@pytest.fixture(scope="module")
def rows() -> Any:
    return {(row["lane"], row["cold"]): row for row in model(RECORDING, CHANGES, SEED)}


def replay(*steps: Any, memory_mb: int = WHOLE_CPU_MB, cold: bool = False) -> Replay:
    return Replay(100.0, memory_mb, QUICK, random.Random(1), cold=cold).run(steps)


def test_a_function_with_half_the_memory_of_a_cpu_works_twice_as_long() -> None:
    assert replay(Work(0.01)).now == pytest.approx(100.01)
    assert replay(Work(0.01), memory_mb=WHOLE_CPU_MB // 2).now == pytest.approx(100.02, abs=1e-4)
    assert replay(Work(0.01), memory_mb=2 * WHOLE_CPU_MB).now == pytest.approx(100.01)


def test_what_runs_side_by_side_takes_as_long_as_the_longest_until_threads_run_out() -> None:
    one, other = Work(0.01), Work(0.03)
    assert replay(Together(((one,), (other,)))).now == pytest.approx(100.03)
    assert replay(Together(((one,),) * 8)).now == pytest.approx(100.01)
    assert replay(Together(((one,),) * 9)).now == pytest.approx(100.02)


def test_the_first_call_of_a_cold_function_opens_a_connection_to_each_service() -> None:
    drawn = random.Random(1)
    dynamodb = [measures.NEW_CONNECTION, measures.ITEM_READ, measures.ITEM_WRITE]
    expected = sum(delay.sample(drawn) for delay in (*dynamodb, measures.NEW_CONNECTION, measures.QUEUE_SEND))
    assert replay(READ, WRITE, Call("SendMessageBatch"), cold=True).now == pytest.approx(100 + expected)


def test_every_socket_is_posted_to_over_no_more_connections_than_there_are() -> None:
    assert len(replay(Posts(3)).arrivals) == 3
    room = replay(Posts(200))
    most = DEFAULT_LIMITS.connections
    for number in range(most, 200):
        freed = sorted(room.arrivals[:number])[number - most]  # by when one of the connections had its answer
        assert room.arrivals[number] > freed
    assert room.now == max(room.arrivals)


def test_an_operation_that_nobody_has_measured_is_not_guessed() -> None:
    with pytest.raises(KeyError):
        replay(Call("Scan"))


def test_calls_are_told_in_their_order_and_those_side_by_side_in_brackets() -> None:
    assert calls(TRACES["crm"]) == ["GetItem", "(GetItem, GetItem)", "TransactWriteItems of 5", "Invoke"]
    assert calls(TRACES["fanout"]) == ["Query", "UpdateItem", "3 posts"]


def test_the_same_seed_draws_the_same_delays(rows: Any) -> None:
    assert model(RECORDING, CHANGES, SEED) == [*rows.values()]
    assert model(RECORDING, CHANGES, SEED + 1) != [*rows.values()]


def test_only_whoever_does_more_before_answering_keeps_the_writer_waiting(rows: Any) -> None:
    added = {name: rows[name, False]["added"] for name in LANES}
    for nothing in ("stream", "answer, then writer"):
        assert added[nothing] == {"p50": 0, "p95": 0, "p99": 0}
    assert 0 < added["invoked"]["p50"] < added["queued"]["p50"] < added["writer, then answer"]["p50"]


def test_a_fast_lane_saves_the_wait_for_the_stream_and_nothing_else(rows: Any) -> None:
    for cold in (False, True):
        without, invoked = rows["stream", cold], rows["invoked", cold]
        assert invoked["frame"]["p50"] < rows["queued", cold]["frame"]["p50"] < without["frame"]["p50"]
        same = [name for name in without["parts"] if name.startswith(("network there", "authorizer", "crm"))]
        assert len(same) == 4
        assert [invoked["parts"][name] for name in same] == [without["parts"][name] for name in same]


def test_what_the_fast_lane_has_not_posted_by_then_the_stream_does(monkeypatch: pytest.MonkeyPatch) -> None:
    never = replace(measures.ASYNC_HANDOVER, p50=50_000.0, p95=60_000.0, p99=70_000.0)
    monkeypatch.setattr(measures, "ASYNC_HANDOVER", never)
    found = {row["lane"]: row["frame"] for row in model(RECORDING, CHANGES, SEED) if not row["cold"]}
    assert found["queued"]["p99"] < 2_000


def test_of_two_commits_the_later_one_overtakes_the_less_often_the_later_it_is() -> None:
    close, apart, far = race(RECORDING, 3, 20 * CHANGES, SEED)
    assert close["overtakes"] > apart["overtakes"] > far["overtakes"]
    assert close["gaps"]["p50"] > far["gaps"]["p50"]


def test_the_report_says_whether_the_goal_is_reached() -> None:
    warm = [row for row in model(RECORDING, CHANGES, SEED) if not row["cold"]]
    made = {"starts": {"crm": 1.0}, "calls": {"crm": ["Query"]}}
    result = {"seed": SEED, "modelled": CHANGES, **made, "rows": warm, "races": race(RECORDING, 3, CHANGES, SEED)}
    warm[0]["frame"] = {"p50": 99.0, "p95": 199.0, "p99": 250.0}
    assert "p50 99 of 100 ms, p95 199 of 200 ms: met" in report(result)
    warm[0]["frame"] = {"p50": 99.0, "p95": 201.0, "p99": 250.0}
    assert "p95 201 of 200 ms: missed" in report(result)
