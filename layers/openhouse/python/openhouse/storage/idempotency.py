"""Requests that may be sent twice: what an Idempotency-Key's first success answered, kept for a day.

It is an item of the same transaction as the change, so a retry after a time-out can never write twice.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self

from openhouse.core import clock
from openhouse.core.errors import IdempotencyMismatch
from openhouse.storage.keys import request_key
from openhouse.storage.table import Table
from openhouse.storage.writes import Put, Write, absent_or_expired

KEPT_SECONDS = 24 * 3600


@dataclass(frozen=True, kw_only=True)
class IdempotencyKey:
    """One request of one user. `digest` tells whether a second one under the same key is the same."""

    user_id: str
    key: str
    digest: str

    @classmethod
    def of(cls, user_id: str, key: str, *parts: str) -> Self:
        """`parts`: everything that makes the request what it is (method, path, body)."""
        return cls(
            user_id=user_id,
            key=key,
            digest=hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest(),
        )


@dataclass(frozen=True)
class StoredResponse:
    """The body that the first request was answered with, and until when it is remembered (seconds since 1970)."""

    body: dict[str, Any]
    until: int


class IdempotencyStore:
    def __init__(self, table: Table) -> None:
        self._table = table

    def find(
        self, request: IdempotencyKey | None, now: datetime, *, part: int = 0, until: int | None = None
    ) -> StoredResponse | None:
        """What the same request was answered. Raises IdempotencyMismatch if the key was another request's.

        Of one that is written in several parts, all are remembered `until` the same second, and forgotten together.
        """
        if request is None:
            return None
        item = self._table.get(request_key(request.user_id, request.key, part))
        if item is None or (item["ttl"] <= clock.seconds(now) if until is None else item["ttl"] != until):
            return None
        if item["digest"] != request.digest:
            raise IdempotencyMismatch("use a new Idempotency-Key for a new request")
        return StoredResponse(item["body"], item["ttl"])

    def keep(
        self,
        request: IdempotencyKey | None,
        body: dict[str, Any],
        now: datetime,
        *,
        part: int = 0,
        until: int | None = None,
    ) -> list[Write]:
        if request is None:
            return []
        item = {
            **request_key(request.user_id, request.key, part),
            "digest": request.digest,
            "body": body,
            "ttl": until or until_when(now),
        }
        return [Put(item, absent_or_expired(clock.seconds(now)))]


def until_when(now: datetime) -> int:
    """How long a request is remembered that is answered now."""
    return clock.seconds(now) + KEPT_SECONDS
