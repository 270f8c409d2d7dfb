"""What the fan-out hands on: the shards of large rooms to its workers, and what it cannot read to people."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Protocol, Self

from openhouse.core.json_text import compact
from openhouse.core.observability import logger
from openhouse.delivery.batches import send_batches

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient

SHARDS_AT_A_TIME = 4  # that a worker is handed
AGAIN = 20  # seconds after which a task that failed is tried again; its shard waits for it


@dataclass(frozen=True)
class ShardTask:
    """To post the commits `first` to `last` of a room to one shard of its members. The log has the commits."""

    room: str
    shard: int
    first: int
    last: int

    @classmethod
    def read(cls, text: str) -> Self:
        """Raises ValueError, KeyError or TypeError for what `text()` did not write."""
        return cls(**json.loads(text))

    def text(self) -> str:
        return compact(asdict(self))


def tasks(messages: Iterable[Mapping[str, Any]]) -> dict[str, ShardTask | None]:
    """The tasks of an SQS event's records, by message id; None for a message that holds none."""
    return {message["messageId"]: read_task(message["body"]) for message in messages}


def read_task(text: str) -> ShardTask | None:
    try:
        return ShardTask.read(text)
    except (ValueError, KeyError, TypeError):
        logger.exception("message is no task")
        return None


class Queues(Protocol):
    def send(self, tasks: Sequence[ShardTask], *, cause: str) -> None:
        """Those of one shard are worked on in order, by one worker at a time. `cause`: the same again, within minutes,
        brings no second task.
        """

    def shorten_visibility(self, receipts: Sequence[str]) -> None:
        """Lets messages that were received come again soon, instead of when a worker must have died."""

    def dead_letter(self, room: str, seq: int, why: str) -> None:
        """Tells people of a log entry that nobody can post."""


class SqsQueues:
    def __init__(self, client: SQSClient, *, shards_url: str, failures_url: str) -> None:
        self._client = client
        self._shards_url = shards_url
        self._failures_url = failures_url

    def send(self, tasks: Sequence[ShardTask], *, cause: str) -> None:
        messages = [
            {
                "MessageBody": task.text(),
                "MessageGroupId": _digest(task.room, task.shard),
                "MessageDeduplicationId": _digest(task.text(), cause),
            }
            for task in tasks
        ]
        send_batches(self._client, self._shards_url, messages)

    def shorten_visibility(self, receipts: Sequence[str]) -> None:
        entries: list[Any] = [
            {"Id": str(number), "ReceiptHandle": receipt, "VisibilityTimeout": AGAIN}
            for number, receipt in enumerate(receipts)
        ]
        self._client.change_message_visibility_batch(QueueUrl=self._shards_url, Entries=entries)

    def dead_letter(self, room: str, seq: int, why: str) -> None:
        note = compact({"room": room, "seq": seq, "why": why})
        self._client.send_message(QueueUrl=self._failures_url, MessageBody=note)


def _digest(*parts: object) -> str:
    """Ids of rooms may be longer than SQS allows, and hold other letters."""
    return sha256("#".join(map(str, parts)).encode()).hexdigest()
