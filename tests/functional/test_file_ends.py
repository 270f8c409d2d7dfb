"""Files go for good 30 days after they were taken out of their record, or their record was deleted; no others do."""

from __future__ import annotations

from typing import Any

import pytest

from openhouse.core.errors import Busy
from openhouse.crm.file_ends import RUN_SECONDS, FilesRemain
from openhouse.crm.modules.escrows import ESCROWS
from openhouse.storage.object_keys import file_object
from tests.fakes import AVA, BEN, STRANGER
from tests.functional.conftest import World
from tests.functional.test_http import call
from tests.functional.uploading import bring

DAYS = 24 * 3600


def opened(world: World, who: Any = AVA) -> str:
    return str(world.records.create(ESCROWS, who, {"propertyAddress": "1 Main St"})["id"])


def with_file(world: World, id_: str, who: Any = AVA) -> str:
    return bring(world, {"noun": "escrow", "id": id_, "field": "files"}, who=who)


def is_kept(world: World, id_: str, file_id: str, who: Any = AVA) -> bool:
    return world.bucket.newest(file_object(who.brokerage_id, "escrow", id_, file_id)) is not None


def ends(world: World) -> int:
    return len([item for item in world.items("F#") if item["pk"]["S"] == "F#ends"])


def pointers(world: World) -> int:
    return len([item for item in world.items("F#") if item["sk"]["S"] == "F"])


def test_those_of_a_deleted_record_go_when_it_can_no_longer_be_brought_back(world: World) -> None:
    id_ = opened(world)
    files = [with_file(world, id_) for _ in range(2)]
    other = opened(world)
    others_file = with_file(world, other)
    world.records.delete(ESCROWS, AVA, id_)
    world.clock.advance(30 * DAYS - 1)
    assert world.file_ends.run() == 0
    assert all(is_kept(world, id_, each) for each in files)
    world.clock.advance(1)
    assert world.file_ends.run() == 1
    assert not any(is_kept(world, id_, each) for each in files)
    assert is_kept(world, other, others_file)
    assert (ends(world), pointers(world)) == (0, 1)


def test_a_record_that_was_brought_back_keeps_its_files(world: World) -> None:
    id_ = opened(world)
    file_id = with_file(world, id_)
    world.records.delete(ESCROWS, AVA, id_)
    world.clock.advance(29 * DAYS)
    world.records.recover(ESCROWS, AVA, id_)
    world.clock.advance(2 * DAYS)
    assert world.file_ends.run() == 1
    assert is_kept(world, id_, file_id)
    assert call(world, "GET", f"/files/{file_id}", who=BEN)[0] == 200


def test_one_that_is_deleted_again_keeps_them_for_thirty_days_from_then(world: World) -> None:
    id_ = opened(world)
    file_id = with_file(world, id_)
    world.records.delete(ESCROWS, AVA, id_)
    world.clock.advance(20 * DAYS)
    world.records.recover(ESCROWS, AVA, id_)
    world.records.delete(ESCROWS, AVA, id_)
    world.clock.advance(15 * DAYS)
    assert world.file_ends.run() == 1
    assert is_kept(world, id_, file_id)
    world.clock.advance(15 * DAYS)
    assert world.file_ends.run() == 1
    assert not is_kept(world, id_, file_id)


def test_a_file_that_was_taken_out_goes_after_thirty_days_and_those_beside_it_stay(world: World) -> None:
    id_ = opened(world)
    gone, stays = with_file(world, id_), with_file(world, id_)
    call(world, "DELETE", f"/files/{gone}")
    world.clock.advance(30 * DAYS - 1)
    world.file_ends.run()
    assert is_kept(world, id_, gone)
    world.clock.advance(1)
    world.file_ends.run()
    assert not is_kept(world, id_, gone)
    assert is_kept(world, id_, stays)
    assert (ends(world), pointers(world)) == (0, 1)


def test_what_is_done_to_a_record_otherwise_ends_no_file(world: World) -> None:
    id_ = opened(world)
    with_file(world, id_)
    for patch in ({"notes": "x"}, {"visibility": "private"}, {"visibility": "team"}, {"status": "closed"}):
        world.records.patch(ESCROWS, AVA, id_, patch)
    world.records.delete(ESCROWS, AVA, opened(world))
    assert ends(world) == 0


def test_a_run_that_fails_leaves_what_it_could_not_do_to_the_next_one(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    escrows = [opened(world) for _ in range(3)]
    files = [with_file(world, id_) for id_ in escrows]
    for id_ in escrows:
        world.records.delete(ESCROWS, AVA, id_)
    world.clock.advance(31 * DAYS)
    purge, bad = world.bucket.purge, escrows[1]

    def refused(beginning: str) -> list[str]:
        if bad in beginning:
            raise Busy("for a test")
        return purge(beginning)

    monkeypatch.setattr(world.bucket, "purge", refused)
    with pytest.raises(FilesRemain, match="1 entries remain, 2 are done"):
        world.file_ends.run()
    assert [is_kept(world, *pair) for pair in zip(escrows, files, strict=True)] == [False, True, False]
    monkeypatch.setattr(world.bucket, "purge", purge)
    assert world.file_ends.run() == 1
    assert not is_kept(world, bad, files[1])


def test_a_crash_after_the_content_is_gone_is_made_up_for(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    id_ = opened(world)
    with_file(world, id_)
    world.records.delete(ESCROWS, AVA, id_)
    world.clock.advance(31 * DAYS)
    delete_all = world.table.delete_all
    monkeypatch.setattr(world.table, "delete_all", lambda _keys: 1 / 0)
    with pytest.raises(FilesRemain):
        world.file_ends.run()
    monkeypatch.setattr(world.table, "delete_all", delete_all)
    assert world.file_ends.run() == 1
    assert ends(world) == 0


def test_what_one_run_has_no_time_for_is_left_to_the_next(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(2):
        id_ = opened(world)
        with_file(world, id_)
        world.records.delete(ESCROWS, AVA, id_)
    world.clock.advance(31 * DAYS)
    purge = world.bucket.purge

    def slowly(beginning: str) -> list[str]:
        world.clock.advance(RUN_SECONDS + 1)
        return purge(beginning)

    monkeypatch.setattr(world.bucket, "purge", slowly)
    assert (world.file_ends.run(), ends(world)) == (1, 1)
    assert (world.file_ends.run(), ends(world)) == (1, 0)


def test_every_brokerages_files_have_their_end(world: World) -> None:
    kept = {}
    for who in (AVA, STRANGER):
        id_ = opened(world, who)
        kept[who.user_id] = (id_, with_file(world, id_, who))
        world.records.delete(ESCROWS, who, id_)
    world.clock.advance(31 * DAYS)
    assert world.file_ends.run() == 2
    assert not is_kept(world, *kept["ava"])
    assert not is_kept(world, *kept["zed"], who=STRANGER)
