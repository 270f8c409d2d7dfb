"""From the table's stream to the function of its consumers: only what they take, and never a retry without end."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import jsii
from aws_cdk import Duration
from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from infra import permissions
from infra.queues import encrypted_queue
from openhouse.delivery.stream import StreamConsumer
from openhouse.storage.item_kinds import KeyPrefix

MAX_FILTERS = 5  # of one event source mapping, without asking AWS for more


class TableStream(Construct):
    """Batches that fail for good leave a note of where they are in the stream in `failures`.

    Nothing is lost then: log entries are in the table, clients that see a gap ask for them, `make redrive` posts them;
    the search index is made again of the records by `openhouse search`.
    """

    def __init__(self, scope: Construct, id_: str, *, table: dynamodb.ITable) -> None:
        super().__init__(scope, id_)
        self._table = table
        # It has no dead-letter queue of its own: only a person's `make redrive` consumes it.
        self.failures = encrypted_queue(self, "Failures", retention_period=Duration.days(14))

    def feed(
        self,
        function: lambda_.IFunction,
        consumers: Sequence[StreamConsumer],
        *,
        tried_for: Duration | None = None,
    ) -> None:
        """`tried_for`: 10 minutes, where people wait for it."""
        if len(consumers) > MAX_FILTERS:
            raise ValueError(f"Lambda takes {MAX_FILTERS} filters of a stream, not {len(consumers)}: share a prefix")
        function.add_to_role_policy(permissions.on_stream(self._table))
        function.add_to_role_policy(permissions.on_queue(self.failures, "SendMessage"))  # Lambda's notes, in its name
        lambda_.EventSourceMapping(
            self,
            "Mapping",
            target=function,
            event_source_arn=self._table.table_stream_arn,
            starting_position=lambda_.StartingPosition.TRIM_HORIZON,  # LATEST may miss what is written while it starts
            filters=[lambda_.FilterCriteria.filter(_pattern(consumer.prefix)) for consumer in consumers],
            batch_size=100,  # and no batching window: people are waiting
            # One batch of a shard at a time. With more, Lambda keeps the order of each item only, and every commit is
            # an item of its own: a room's would be posted side by side, in any order, each in a frame of its own.
            parallelization_factor=1,
            report_batch_item_failures=True,
            bisect_batch_on_error=True,
            # Bounded by age alone: a number of tries may be spent within the first seconds of an outage.
            max_record_age=tried_for or Duration.minutes(10),
            on_failure=_Unread(self.failures),
        )


@jsii.implements(lambda_.IEventSourceDlq)
class _Unread:
    """CDK's own (`SqsDlq`) lets the function read the queue's attributes, too, which nobody does."""

    def __init__(self, queue: sqs.IQueue) -> None:
        self._queue = queue

    def bind(self, _target: lambda_.IEventSourceMapping, _function: lambda_.IFunction) -> lambda_.DlqDestinationConfig:
        return lambda_.DlqDestinationConfig(destination=self._queue.queue_arn)


def _pattern(prefix: KeyPrefix) -> dict[str, Any]:
    """What `KeyPrefix.covers` says, as Lambda's filter."""
    keys = {"pk": prefix.pk, "sk": prefix.sk}
    return {
        "eventName": list(prefix.changes),
        "dynamodb": {
            "Keys": {name: {"S": lambda_.FilterRule.begins_with(text)} for name, text in keys.items() if text}
        },
    }
