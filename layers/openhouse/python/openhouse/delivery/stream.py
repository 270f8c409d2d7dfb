"""The table's stream, split among whoever consumes a kind of its items."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from openhouse.core.observability import logger
from openhouse.storage.item_kinds import KeyPrefix

StreamRecord = Mapping[str, Any]  # as DynamoDB hands it over
RecordHandler = Callable[[Sequence[StreamRecord]], list[str]]  # returns the sequence numbers of those that failed


@dataclass(frozen=True)
class StreamConsumer:
    """`handler(services)` makes what takes the records of these items, in stream order.

    Each must tolerate repeats: when one consumer fails, Lambda hands over the rest of the batch again, to all of them.
    """

    prefix: KeyPrefix
    handler: Callable[[Any], RecordHandler]


class TableStream:
    def __init__(self, handlers: Iterable[tuple[KeyPrefix, RecordHandler]]) -> None:
        self._handlers = tuple(handlers)

    def process(self, records: Sequence[StreamRecord]) -> list[str]:
        """Hands each consumer its own. Returns the sequence numbers of the records that shall come again."""
        failed: list[str] = []
        for prefix, handle in self._handlers:
            if own := [record for record in records if prefix.covers(record)]:
                failed += _try(handle, own)
        return failed


def _try(handle: RecordHandler, records: Sequence[StreamRecord]) -> list[str]:
    try:
        return handle(records)
    except Exception:  # noqa: BLE001 - one consumer's trouble must not stop the others; the stream retries what we return
        logger.exception("stream records not consumed")
        return [record["dynamodb"]["SequenceNumber"] for record in records]
