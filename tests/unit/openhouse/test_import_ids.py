from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

from openhouse.core.ids import uuid7
from openhouse.storage.keys import short
from openhouse.tasks.imports.ids import is_of, record_id

TASK, ANOTHER = (uuid7(datetime(2026, 3, 2, tzinfo=UTC)) for _ in range(2))
ROWS = (0, 1, 2, 255, 256, 257, 65_535, 65_536, 99_999, 1_000_000)


def test_lists_of_what_is_newest_show_the_rows_of_a_file_in_its_order() -> None:
    ids = [record_id(TASK, row) for row in ROWS]
    assert sorted(ids, reverse=True) == ids
    assert sorted(map(short, ids), reverse=True) == [short(id_) for id_ in ids]


def test_an_id_is_a_uuid_of_the_time_at_which_the_task_was_begun() -> None:
    value = UUID(record_id(TASK, 7))
    assert (value.version, value.variant) == (7, UUID(TASK).variant)
    assert value.int >> 80 == UUID(TASK).int >> 80


def test_rows_tasks_and_roles_have_ids_of_their_own_and_a_repeat_has_the_same() -> None:
    made = [record_id(task, row, role) for task in (TASK, ANOTHER) for row in ROWS for role in ("", "buyer", "seller")]
    assert len(set(made)) == len(made)
    assert record_id(TASK, 7) == record_id(TASK, 7)


def test_a_task_knows_the_ids_that_it_has_made() -> None:
    assert is_of(TASK, record_id(TASK, 7))
    assert not is_of(TASK, record_id(ANOTHER, 7))
    assert not is_of(TASK, record_id(TASK, 7, "buyer"))
    assert not is_of(TASK, uuid7(datetime(2026, 3, 2, tzinfo=UTC)))
    assert not is_of(TASK, "no id")
