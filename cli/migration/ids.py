"""The ids of what is moved: made of the table and the row's own id, so that a repeat names the same record. Pure."""

from __future__ import annotations

from datetime import UTC, datetime
from hashlib import sha256
from uuid import UUID

from openhouse.core.ids import uuid7

UNDATED = datetime(2000, 1, 1, tzinfo=UTC)


def id_of(brokerage_id: str, table: str, key: str, created: datetime = UNDATED) -> str:
    """Like other ids it begins with a time, as lists show what is newest first: that of the row."""
    noise = sha256(f"{brokerage_id}\0{table}\0{key}".encode()).digest()
    return uuid7(created, lambda size: noise[:size])


def created_of(cell: str) -> datetime:
    """When a row was made, whatever zone it is told in; one without is taken for UTC. UNDATED if it does not say."""
    try:
        moment = datetime.fromisoformat(cell.strip())
    except ValueError:
        return UNDATED
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return moment.astimezone(UTC) if 1970 <= moment.year < 9999 else UNDATED


def as_uuid(text: str) -> str:
    """An id of PostgreSQL's as one text: `{A0EE...}` and `a0ee...` are one."""
    try:
        return str(UUID(text.strip()))
    except ValueError:
        return text.strip()
