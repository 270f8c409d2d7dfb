"""What files need of a bucket: of S3's, as moto has it, and of the one in memory that stands for it."""

from __future__ import annotations

from typing import Any

import pytest

from openhouse.storage.bucket import Bucket, Upload
from tests.functional.conftest import BUCKET, World
from tests.memory_bucket import MemoryBucket

KEY, KEPT = "uploads/harbor/1", "files/harbor/escrow/7/1/content"


@pytest.fixture(params=["s3", "memory"])
def bucket(request: pytest.FixtureRequest, dynamodb: Any) -> Bucket:
    return World(dynamodb).bucket if request.param == "s3" else MemoryBucket()


def put(bucket: Bucket, key: str, content: bytes) -> Upload:
    if isinstance(bucket, MemoryBucket):
        bucket.put(key, content)
    else:
        bucket._client.put_object(Bucket=BUCKET, Key=key, Body=content)
    found = bucket.newest(key)
    assert found
    return found


def test_what_nobody_sent_is_not_there(bucket: Bucket) -> None:
    assert bucket.newest(KEY) is None
    assert bucket.copy(KEY, "v0", KEPT, type_="a/b", disposition="inline") is False


def test_the_newest_is_told_with_its_size_and_each_version_keeps_its_content(bucket: Bucket) -> None:
    first = put(bucket, KEY, b"first content")
    second = put(bucket, KEY, b"second")
    assert (first.size, second.size) == (13, 6)
    assert first.version != second.version
    assert bucket.newest(KEY) == second
    assert bucket.beginning(KEY, first.version, 5) == b"first"
    assert bucket.beginning(KEY, second.version, 100) == b"second"


def test_a_version_is_copied_whatever_came_after_it(bucket: Bucket) -> None:
    first = put(bucket, KEY, b"first")
    put(bucket, KEY, b"and then this")
    for _ in range(2):
        assert bucket.copy(KEY, first.version, KEPT, type_="image/png", disposition="inline")
    kept = bucket.newest(KEPT)
    assert kept
    assert bucket.beginning(KEPT, kept.version, 100) == b"first"


def test_what_is_deleted_is_not_there_any_more_and_may_be_deleted_again(bucket: Bucket) -> None:
    put(bucket, KEY, b"content")
    for _ in range(2):
        bucket.delete(KEY)
        assert bucket.newest(KEY) is None


def test_all_versions_under_a_beginning_go_for_good_and_nothing_else(bucket: Bucket) -> None:
    others = "files/harbor/escrow/70/1/content"
    versions = [put(bucket, KEPT, content) for content in (b"1", b"2")]
    bucket.delete(KEPT)
    put(bucket, "files/harbor/escrow/7/2/content", b"3")
    put(bucket, others, b"4")
    assert bucket.purge("files/harbor/escrow/7/") == [KEPT, "files/harbor/escrow/7/2/content"]
    assert bucket.purge("files/harbor/escrow/7/") == []
    assert bucket.newest(others)
    assert not any(bucket.copy(KEPT, each.version, KEY, type_="a/b", disposition="inline") for each in versions)


def test_more_versions_than_one_call_takes_go_as_well(dynamodb: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("openhouse.storage.bucket._DELETED_AT_ONCE", 3)
    bucket = World(dynamodb).bucket
    keys = [f"files/harbor/escrow/7/{number}/content" for number in range(8)]
    for key in keys:
        put(bucket, key, b"x")
    assert bucket.purge("files/harbor/escrow/7/") == keys


@pytest.mark.parametrize("beginning", ["", "files/", "uploads/harbor/"])
def test_nothing_but_files_is_ever_purged(dynamodb: Any, beginning: str) -> None:
    bucket = World(dynamodb).bucket
    put(bucket, KEY, b"content")
    with pytest.raises(ValueError, match="of one record"):
        bucket.purge(beginning)
    assert bucket.newest(KEY)


def test_what_a_function_puts_is_read_whole_as_it_is_now_until_it_is_deleted(bucket: Bucket) -> None:
    assert bucket.content("imports/harbor/7/page") is None
    for content in (b"one", b"two\n"):
        bucket.put("imports/harbor/7/page", content, type_="application/x-ndjson")
        assert bucket.content("imports/harbor/7/page") == content
    bucket.delete("imports/harbor/7/page")
    assert bucket.content("imports/harbor/7/page") is None
