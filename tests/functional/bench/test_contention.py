"""One room that many write to at the same time: nobody is starved. Counted in virtual time, always the same."""

from __future__ import annotations

import pytest

from bench.contention import Room

# A person's save; all of a request, but for its way.
LONGEST_SAVE = 1.0


@pytest.mark.parametrize(("rows", "workers", "entries"), [(600, 4, 150), (120, 12, 1)], ids=["in bulk", "one by one"])
def test_while_rows_are_imported_people_of_the_same_room_do_not_wait(rows: int, workers: int, entries: int) -> None:
    room = Room()
    room.load(rows, workers=workers, entries=entries)
    for _ in range(3):
        room.save_while_importing(pause=0.2)
    room.run()
    assert room.table.conflicts > 10
    assert len(room.saves.seconds) > 20
    assert max(room.saves.seconds) < LONGEST_SAVE
    assert (room.saves.busy, room.rows_busy, room.imported) == (0, 0, rows)


def test_a_commit_waits_for_no_more_than_those_before_it() -> None:
    """Eight who write without a pause: each gets turns, and no turn is lost."""
    room = Room()
    for number in range(8):
        room.save_for(2.0, pause=0.0, begin=number / 1_000)
    room.run()
    entries = [item for item in room.table.items("L#team:") if item["sk"].startswith("C#")]
    assert [entry["seq"] for entry in entries] == list(range(1, len(entries) + 1))
    assert len(entries) == 8 + len(room.saves.seconds)
    assert len(room.saves.seconds) > 50
    assert (room.saves.busy, max(room.saves.seconds) < LONGEST_SAVE) == (0, True)
