"""That nothing is left of the visit of `openhouse doctor`, though the product goes on working for a moment."""

from __future__ import annotations

from typing import Any

import pytest

from cli.doctor.checks import NotWell
from cli.doctor.leaving import Patience, leave
from cli.doctor.visitor import Visitor
from deployed.cloud import Cloud
from openhouse.storage.keys import Key, chain_key, connection_key, sighting_key
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


class Session:
    def client(self, *_name: str, **_options: Any) -> Logins:
        return Logins()


def left_by(table: Working, *, connection_ids: tuple[str, ...] = ()) -> str:
    visitor = Visitor(Cloud(Session()), ON_AWS)  # type: ignore[arg-type]
    visitor.table, visitor.brokerage_id, visitor.user_id = table, "b", "u-1"
    visitor.has_arrived = True
    visitor.connection_ids |= {*connection_ids}
    return leave(visitor, Patience(seconds=20, apart=4, sleep=table.work))


def test_what_comes_back_after_it_was_removed_is_removed_too() -> None:
    table = Working([SIGHTING], [CHAIN, SIGHTING], [])
    table.write_all([{**SIGHTING}], ())
    assert left_by(table) == "4 items and a login removed"
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
    assert left_by(table, connection_ids=("socket-1",)) == "1 items and a login removed"
    assert seen == [True, True, True, False]


def test_a_socket_whose_end_is_never_told_does_not_keep_the_visit_from_being_removed() -> None:
    table = Working()
    table.write_all([{**connection_key("socket-1")}], ())
    assert left_by(table, connection_ids=("socket-1",)) == "1 items and a login removed"


def test_what_comes_back_all_the_time_is_a_failure_that_says_so_and_names_it() -> None:
    table = Working(*[[SIGHTING]] * 100)
    with pytest.raises(NotWell, match="1 of them at last"):
        left_by(table)
