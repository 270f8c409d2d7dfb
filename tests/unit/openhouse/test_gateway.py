from __future__ import annotations

import itertools
import json
from hashlib import sha256

from hypothesis import given
from hypothesis import strategies as st

from openhouse.rooms.gateway import LARGEST_FRAME_BYTES, Delivery, Frame, FrameKind, Outcome, pack, post_one
from tests.fakes import FakeGateway


@given(st.lists(st.integers(1, 80_000), max_size=12))
def test_frames_hold_every_commit_in_order_within_the_limit(sizes: list[int]) -> None:
    commits = [
        json.dumps({"seq": number, "pad": "é" * (size // 2)}, ensure_ascii=False) for number, size in enumerate(sizes)
    ]
    frames = [json.loads(frame.body) for frame in pack(FrameKind.COMMITS, commits)]
    assert [commit for frame in frames for commit in frame["commits"]] == [json.loads(commit) for commit in commits]
    assert all(len(frame.body) < 128 * 1024 for frame in pack(FrameKind.COMMITS, commits))
    full = [len(frame.body) for frame in pack(FrameKind.COMMITS, commits)]
    assert all(one + next_ > LARGEST_FRAME_BYTES for one, next_ in itertools.pairwise(full))


def test_small_commits_share_a_frame() -> None:
    assert len(pack(FrameKind.COMMITS, ['{"seq":1}'] * 500)) == 1
    assert pack(FrameKind.COMMITS, []) == []


def test_a_frame_is_hashed_once_and_equal_to_another_with_the_same_text() -> None:
    assert Frame(b"{}").digest == sha256(b"{}").hexdigest()
    assert Frame(b"{}") == Frame(b"{}")


def test_a_delivery_counts_a_post_for_each_frame_and_socket() -> None:
    assert Delivery(["a", "b", "c"], [Frame(b"1"), Frame(b"2")]).posts == 6


def test_each_connection_gets_its_frames_in_order_and_a_failure_ends_only_its_own_turn() -> None:
    gateway = FakeGateway()
    gateway.open |= {"a", "c"}
    gateway.outcomes["c"] = Outcome.FAILED
    missed = gateway.post([Delivery(["a", "b", "c"], [Frame(b"1"), Frame(b"2")])])
    assert missed == [{"b": Outcome.GONE, "c": Outcome.FAILED}]
    assert gateway.posted["a"] == [b"1", b"2"]
    assert post_one(gateway, "b", [Frame(b"1")]) is Outcome.GONE
