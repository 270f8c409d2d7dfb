"""The queue that holds timers back until they are due, on its way to the function that is handed them."""

from __future__ import annotations

from aws_cdk import Duration
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from infra import permissions
from infra.queues import encrypted_queue

_AT_A_TIME = 10  # timers that the function is handed
# Of a timer, before it is set aside: half a minute each, so for the 15 minutes in which a reminder is of use. No
# minutes of throttling lose one.
_TRIES = 30


class TimerQueue(Construct):
    """What cannot be done ends up in `failures`."""

    def __init__(self, scope: Construct, id_: str, *, function_seconds: int) -> None:
        super().__init__(scope, id_)
        self.failures = encrypted_queue(self, "Failures", retention_period=Duration.days(14))
        self.queue = encrypted_queue(
            self,
            "Queue",
            retention_period=Duration.days(1),
            # AWS advises six times the function's time, so that a throttled call can be repeated: people would wait
            # for that, and a timer that runs twice does no harm.
            visibility_timeout=Duration.seconds(function_seconds + 5),
            dead_letter_queue=sqs.DeadLetterQueue(queue=self.failures, max_receive_count=_TRIES),
        )

    def feed(self, function: lambda_.IFunction) -> None:
        function.add_to_role_policy(
            permissions.on_queue(self.queue, "ReceiveMessage", "DeleteMessage", "GetQueueAttributes")
        )
        lambda_.EventSourceMapping(
            self,
            "Mapping",
            target=function,
            event_source_arn=self.queue.queue_arn,
            batch_size=_AT_A_TIME,
            report_batch_item_failures=True,
        )
