"""Requests that may be sent twice: what an Idempotency-Key's first success answered, kept for a day.

It is an item of the same transaction as the change, so a retry after a time-out can never write twice.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from openhouse import clock
from openhouse.errors import IdempotencyMismatch
from openhouse.table import Put, Table, Write, absent_or_expired, request_key

KEPT_SECONDS = 24 * 3600


@dataclass(frozen=True, kw_only=True)
class Once:
    """One request of one user. `digest` tells whether a second one under the same key is the same."""

    user_id: str
    key: str
    digest: str


def once(user_id: str, key: str, *parts: str) -> Once:
    """`parts`: everything that makes the request what it is (method, path, body)."""
    return Once(user_id=user_id, key=key, digest=hashlib.sha256("\0".join(parts).encode()).hexdigest())


@dataclass(frozen=True)
class Repeat:
    """The body that the first request was answered with."""

    body: dict[str, Any]


class Requests:
    def __init__(self, table: Table) -> None:
        self._table = table

    def find(self, request: Once | None, now: datetime) -> Repeat | None:
        """What the same request was answered. Raises IdempotencyMismatch if the key was another request's."""
        if request is None:
            return None
        item = self._table.get(request_key(request.user_id, request.key))
        if item is None or item["ttl"] <= clock.seconds(now):
            return None
        if item["digest"] != request.digest:
            raise IdempotencyMismatch("use a new Idempotency-Key for a new request")
        return Repeat(item["body"])

    def keep(self, request: Once | None, body: dict[str, Any], now: datetime) -> list[Write]:
        if request is None:
            return []
        item = {
            **request_key(request.user_id, request.key),
            "digest": request.digest,
            "body": body,
            "ttl": clock.seconds(now) + KEPT_SECONDS,
        }
        return [Put(item, absent_or_expired(clock.seconds(now)))]
