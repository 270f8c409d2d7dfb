"""That nothing is left of the visit of `openhouse doctor`, though the product goes on working for a moment."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from cli.doctor.check import NotWell
from cli.doctor.leaving import Patience, leave
from cli.doctor.visitor import Visitor
from deployed.cloud import Cloud
from openhouse.storage.keys import (
    Key,
    chain_key,
    connection_key,
    deleted_noun,
    file_key,
    history_key,
    record_key,
    running_key,
    sighting_key,
    waiting_key,
    work_key,
)
from tests.memory_table import MemoryTable
from tests.unit.deployed.examples import ON_AWS


class Working(MemoryTable):
    """Of a product that has not heard of all ends yet: of each look at it, this is what it writes meanwhile."""

    def __init__(self, *written: list[Key]) -> None:
        super().__init__()
        self._written = [*written]

    def work(self, _seconds: float) -> None:
        for key in self._written.pop(0) if self._written else ():
            self.write_all([{**key}], ())


SIGHTING, CHAIN = sighting_key("b", "u-1", "socket-1"), chain_key("presence", "b")


class Logins:
    class exceptions:  # noqa: N801 - boto3's
        UserNotFoundException = KeyError

    def admin_delete_user(self, **_whose: str) -> None: ...


class Objects:
    """Of the bucket: by key, the ids of its versions; some are markers of deletion."""

    def __init__(self, versions: dict[str, list[str]], markers: dict[str, list[str]]) -> None:
        self.kinds = {"Versions": versions, "DeleteMarkers": markers}

    def get_paginator(self, _operation: str) -> Objects:
        return self

    def paginate(self, *, Bucket: str, Prefix: str) -> Iterator[Any]:  # noqa: N803 - boto3's
        assert Bucket == ON_AWS.files_bucket
        for kind, known in self.kinds.items():
            yield {
                kind: [
                    {"Key": key, "VersionId": id_}
                    for key, ids in known.items()
                    for id_ in ids
                    if key.startswith(Prefix)
                ]
            }

    def delete_object(self, *, Bucket: str, Key: str, VersionId: str) -> None:  # noqa: N803 - boto3's
        for known in self.kinds.values():
            known[Key] = [id_ for id_ in known.get(Key, ()) if id_ != VersionId]


class Session:
    def __init__(self, objects: Objects) -> None:
        self._clients = {"cognito-idp": Logins(), "s3": objects}

    def client(self, name: str, **_options: Any) -> Any:
        return self._clients[name]


def left_by(table: Working, *, connection_ids: tuple[str, ...] = (), objects: Objects | None = None) -> str:
    visitor = Visitor(Cloud(Session(objects or Objects({}, {}))), ON_AWS)  # type: ignore[arg-type]
    visitor.table, visitor.brokerage_id, visitor.user_id = table, "b", "u-1"
    visitor.team_id, visitor.has_arrived = "t", True
    visitor.task_ids, visitor.file_ids = {"t-1"}, {"f-1"}
    visitor.connection_ids |= {*connection_ids}
    return leave(visitor, Patience(seconds=20, apart=4, sleep=table.work))


def test_what_comes_back_after_it_was_removed_is_removed_too() -> None:
    table = Working([SIGHTING], [CHAIN, SIGHTING], [])
    table.write_all([{**SIGHTING}], ())
    assert left_by(table) == "4 items and files, and a login, removed"
    assert not table.peek(SIGHTING)
    assert not table.peek(CHAIN)


def test_nothing_is_removed_while_a_socket_is_not_known_to_have_ended() -> None:
    """What its end brings would be written into the void: a chain without sightings, a log begun anew."""
    table, seen = Working(), []
    table.write_all([{**connection_key("socket-1")}, {**SIGHTING}], ())

    def ends(_seconds: float) -> None:
        seen.append(table.peek(SIGHTING) is not None)
        if len(seen) == 3:
            table.write_all((), [connection_key("socket-1")])

    table.work = ends
    assert left_by(table, connection_ids=("socket-1",)) == "1 items and files, and a login, removed"
    assert seen == [True, True, True, False]


def test_a_socket_whose_end_is_never_told_does_not_keep_the_visit_from_being_removed() -> None:
    table = Working()
    table.write_all([{**connection_key("socket-1")}], ())
    assert left_by(table, connection_ids=("socket-1",)) == "1 items and files, and a login, removed"


def test_what_comes_back_all_the_time_is_a_failure_that_says_so_and_names_it() -> None:
    table = Working(*[[SIGHTING]] * 100)
    with pytest.raises(NotWell, match="1 of them at last"):
        left_by(table)


def test_files_are_removed_in_all_their_versions_and_nobody_elses() -> None:
    objects = Objects(
        {
            "uploads/b/1": ["v1", "v2"],
            "imports/b/2": ["v1"],
            "files/b/escrow/3/4/content": ["v1"],
            "files/bb/5": ["v1"],
        },
        {"uploads/b/1": ["v3"]},
    )
    assert left_by(Working(), objects=objects) == "5 items and files, and a login, removed"
    assert [key for known in objects.kinds.values() for key, ids in known.items() if ids] == ["files/bb/5"]


def test_the_history_of_a_record_goes_though_the_record_is_deleted_or_gone_already() -> None:
    deleted = record_key("team:t", deleted_noun("client"), "c-1")
    history = history_key("b", "client", "c-1", 1)
    table = Working([history])
    table.write_all([{**deleted}, {**history}], ())
    assert left_by(table) == "3 items and files, and a login, removed"
    assert not table.peek(history)


def test_what_a_task_left_half_way_goes() -> None:
    there = [waiting_key("t-1", 5_000), running_key("t-1"), work_key("user:u-1", "t-1"), file_key("b", "f-1")]
    table = Working()
    table.write_all([{**key, "task_id": "t-1"} for key in there], ())
    others = {**waiting_key("t-2", 5_000), "task_id": "t-2"}
    table.write_all([others], ())
    assert left_by(table) == "4 items and files, and a login, removed"
    assert table.peek(waiting_key("t-2", 5_000))
