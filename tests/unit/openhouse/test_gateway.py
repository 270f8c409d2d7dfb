from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from openhouse.gateway import FULL_FRAME_BYTES, Outcome, pack, post_each
from tests.fakes import FakeGateway


@given(st.lists(st.integers(1, 20_000), max_size=12))
def test_frames_hold_every_commit_in_order_within_the_limit(sizes: list[int]) -> None:
    commits = [
        json.dumps({"seq": number, "pad": "é" * (size // 2)}, ensure_ascii=False) for number, size in enumerate(sizes)
    ]
    frames = pack(commits)
    unpacked = [commit for frame in frames for commit in json.loads(frame)["commits"]]
    assert unpacked == [json.loads(commit) for commit in commits]
    for frame in frames:
        assert len(frame) <= FULL_FRAME_BYTES + 16 or len(json.loads(frame)["commits"]) == 1


def test_small_commits_share_a_frame() -> None:
    assert len(pack(['{"seq":1}'] * 500)) == 1
    assert pack([]) == []


def test_each_connection_gets_its_frames_in_order_and_a_failure_ends_only_its_own_turn() -> None:
    gateway = FakeGateway()
    gateway.open |= {"a", "c"}
    gateway.outcomes["c"] = Outcome.FAILED
    outcomes = post_each(gateway, {name: [b"1", b"2"] for name in ("a", "b", "c")})
    assert outcomes == {"a": Outcome.DELIVERED, "b": Outcome.GONE, "c": Outcome.FAILED}
    assert gateway.posted["a"] == [b"1", b"2"]
    assert post_each(gateway, {}) == {}
