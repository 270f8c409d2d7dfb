"""The way to large rooms: a queue whose messages are shards of members, and the workers that take them."""

from __future__ import annotations

from typing import Any

from aws_cdk import Duration
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from infra import permissions
from infra.queues import encrypted_queue
from openhouse.delivery.queues import SHARDS_AT_A_TIME

# Of a message, before it is set aside and its shard goes on. AWS asks for five at least: that a worker was throttled
# counts as one, too.
_TRIES = 5


class ShardQueue(Construct):
    """In order within a shard, and shards side by side. What cannot be done ends up in `failures`.

    `workers`: at most. An account can have as few as 10 functions at a time, and these must not take them all.
    """

    def __init__(self, scope: Construct, id_: str, *, worker_seconds: int, workers: int) -> None:
        super().__init__(scope, id_)
        self._workers = workers
        self.failures = self._queue("Failures", retention_period=Duration.days(14))
        self.queue = self._queue(
            "Queue",
            retention_period=Duration.days(1),  # what is not done by then went to `failures` long ago
            # The shard of a worker that died waits for so long. AWS advises six times the function's time, so that a
            # throttled call can be repeated; but Lambda is asked for few workers at a time, and people wait.
            visibility_timeout=Duration.seconds(worker_seconds + 30),
            dead_letter_queue=sqs.DeadLetterQueue(queue=self.failures, max_receive_count=_TRIES),
        )

    def feed(self, worker: lambda_.IFunction) -> None:
        worker.add_to_role_policy(
            permissions.on_queue(
                self.queue, "ReceiveMessage", "ChangeMessageVisibility", "DeleteMessage", "GetQueueAttributes"
            )
        )
        lambda_.EventSourceMapping(
            self,
            "Mapping",
            target=worker,
            event_source_arn=self.queue.queue_arn,
            batch_size=SHARDS_AT_A_TIME,
            max_concurrency=self._workers,
            report_batch_item_failures=True,
        )

    def _queue(self, id_: str, **options: Any) -> sqs.Queue:
        return encrypted_queue(
            self,
            id_,
            fifo=True,
            # Throughput and deduplication per shard: 300 messages a second would not do for all of them together.
            deduplication_scope=sqs.DeduplicationScope.MESSAGE_GROUP,
            fifo_throughput_limit=sqs.FifoThroughputLimit.PER_MESSAGE_GROUP_ID,
            **options,
        )
