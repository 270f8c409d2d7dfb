"""The ids of what an import makes: computed from the task and the row, so a repeat names the same record. Pure.

Like others they begin with a time. Lists show what is newest first: so the rows of a file are in its order there.
"""

from __future__ import annotations

from hashlib import sha256
from uuid import UUID

_ROWS = 1 << 20
_TASK_BITS = 54


def record_id(task_id: str, row: int, role: str = "") -> str:
    """`row`: from 0. `role`: what the record is to the row's own, if it is another one."""
    order = _ROWS - 1 - row
    value = _moment(task_id) << 80 | 0x7 << 76 | (order >> 8) << 64 | 0b10 << 62 | (order & 0xFF) << _TASK_BITS
    return str(UUID(int=value | _mark(f"{task_id}/{role}" if role else task_id)))


def is_of(task_id: str, id_: str) -> bool:
    """Whether this task made the id."""
    try:
        value = UUID(id_).int
    except ValueError:
        return False
    return value & (1 << _TASK_BITS) - 1 == _mark(task_id) and value >> 80 == _moment(task_id)


def _mark(task_id: str) -> int:
    return int.from_bytes(sha256(task_id.encode()).digest()[:8], "big") >> 64 - _TASK_BITS


def _moment(task_id: str) -> int:
    """When it was begun, in milliseconds since 1970, as its own id says."""
    try:
        return UUID(task_id).int >> 80
    except ValueError:
        return 0
