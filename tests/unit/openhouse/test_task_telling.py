"""When and how a task tells of its work."""

from __future__ import annotations

import pytest

from openhouse.tasks.kind import Progress, TaskKind
from openhouse.tasks.telling import percent_of
from tests.functional.task_kinds import ADD_AT_ONCE, ADD_CLIENTS


@pytest.mark.parametrize(
    ("kind", "phase", "done", "total", "before", "expected"),
    [
        (ADD_AT_ONCE, "write", 0, 10, 0, 0),
        (ADD_AT_ONCE, "write", 5, 10, 0, 50),
        (ADD_AT_ONCE, "write", 10, 10, 0, 99),
        (ADD_AT_ONCE, "write", 1, 3, 0, 33),
        (ADD_AT_ONCE, "write", 20, 10, 0, 99),
        (ADD_AT_ONCE, "write", 5, 20, 50, 50),  # there is more than it seemed
        (ADD_AT_ONCE, "write", 5, None, 7, 7),
        (ADD_CLIENTS, "plan", 5, 10, 0, 15),
        (ADD_CLIENTS, "plan", 10, 10, 0, 30),
        (ADD_CLIENTS, "plan", 1, 10, 30, 30),  # once more, after a correction
        (ADD_CLIENTS, "write", 0, 10, 30, 30),
        (ADD_CLIENTS, "write", 5, 10, 30, 65),
        (ADD_CLIENTS, "undo", 5, 10, 0, 50),
    ],
)
def test_a_percentage_never_goes_back_and_is_never_all_before_the_end(
    kind: TaskKind, phase: str, done: int, total: int | None, before: int, expected: int
) -> None:
    assert percent_of(kind, phase, Progress(cursor={}, done=done, total=total), before) == expected
