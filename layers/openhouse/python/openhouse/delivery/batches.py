"""Messages to SQS, as many at once as it takes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient

_LARGEST = 10


def send_batches(client: SQSClient, url: str, messages: Sequence[Mapping[str, Any]]) -> None:
    """`messages`: as SendMessageBatch takes them, without their `Id`. OSError: SQS does not take all."""
    for start in range(0, len(messages), _LARGEST):
        batch: list[Any] = [
            {"Id": str(number), **message} for number, message in enumerate(messages[start : start + _LARGEST])
        ]
        answer = client.send_message_batch(QueueUrl=url, Entries=batch)
        if failed := answer.get("Failed"):
            raise OSError(f"SQS did not take {len(failed)} of {len(batch)} messages: {failed[0].get('Message')}")
