"""What somebody must look at: deliveries that were given up, and deliveries that are late."""

from __future__ import annotations

from collections.abc import Mapping

from aws_cdk import Duration
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_cloudwatch_actions as actions
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_sns as sns
from aws_cdk import aws_sqs as sqs
from aws_cdk import aws_stepfunctions as sfn
from constructs import Construct


class Alarms(Construct):
    """`topic_arn`: the SNS topic that is told; empty for alarms that only the console shows."""

    def __init__(self, scope: Construct, id_: str, *, topic_arn: str) -> None:
        super().__init__(scope, id_)
        self._topic = sns.Topic.from_topic_arn(self, "Topic", topic_arn) if topic_arn else None

    def on_failures(self, queues: Mapping[str, sqs.IQueue]) -> None:
        for id_, queue in queues.items():
            self._alarm(
                id_,
                queue.metric_approximate_number_of_messages_visible(period=Duration.minutes(1), statistic="Maximum"),
                above=0,
                why="Commits were not posted. docs/operations.md: find the cause, then `make redrive`.",
            )

    def on_lateness(self, fanout: lambda_.IFunction, shards: sqs.IQueue) -> None:
        a_minute, most = Duration.minutes(1), "Maximum"
        why = "Sockets hear of commits more than a minute late. docs/operations.md says what to look at."
        in_the_stream = fanout.metric("IteratorAge", period=a_minute, statistic=most)
        self._alarm("FanoutIsLate", in_the_stream, above=a_minute.to_milliseconds(), why=why)
        in_the_queue = shards.metric_approximate_age_of_oldest_message(period=a_minute, statistic=most)
        self._alarm("ShardsAreLate", in_the_queue, above=a_minute.to_seconds(), why=why)

    def on_timers(self, timers: sqs.IQueue, failures: sqs.IQueue) -> None:
        """A message's age counts from when it was sent, and it may have been delayed for 15 minutes."""
        a_minute, most = Duration.minutes(1), "Maximum"
        why = "People look as if they were here, and locks as if they were held. docs/operations.md."
        waiting = timers.metric_approximate_age_of_oldest_message(period=a_minute, statistic=most)
        self._alarm("TimersAreLate", waiting, above=Duration.minutes(17).to_seconds(), why=why)
        failed = failures.metric_approximate_number_of_messages_visible(period=a_minute, statistic=most)
        self._alarm("TimersFailed", failed, above=0, why=why)

    def on_the_index(self, function: lambda_.IFunction, failures: sqs.IQueue) -> None:
        a_minute, most = Duration.minutes(1), "Maximum"
        self._alarm(
            "IndexIsLate",
            function.metric("IteratorAge", period=a_minute, statistic=most),
            above=a_minute.to_milliseconds(),
            why="Search and filtered lists lack what was written in the last minutes. docs/operations.md.",
        )
        self._alarm(
            "IndexFailed",
            failures.metric_approximate_number_of_messages_visible(period=a_minute, statistic=most),
            above=0,
            why="The search index lacks some changes. docs/operations.md: find the cause, then `openhouse search`.",
        )

    def on_reminders(self, function: lambda_.IFunction, failures: sqs.IQueue) -> None:
        a_minute, most = Duration.minutes(1), "Maximum"
        self._alarm(
            "RemindersAreLate",
            function.metric("IteratorAge", period=a_minute, statistic=most),
            above=Duration.minutes(10).to_milliseconds(),
            why="Appointments that were made in the last minutes are not reminded of yet. docs/operations.md.",
        )
        self._alarm(
            "RemindersFailed",
            failures.metric_approximate_number_of_messages_visible(period=a_minute, statistic=most),
            above=0,
            why="Some appointments will not be reminded of. docs/operations.md: the cause, then `openhouse reminders`.",
        )

    def on_tasks(self, machine: sfn.CfnStateMachine, step: lambda_.IFunction, watch: lambda_.IFunction) -> None:
        minutes = Duration.minutes(5)
        executions = cloudwatch.Metric(
            namespace="AWS/States",
            metric_name="ExecutionsFailed",
            dimensions_map={"StateMachineArn": machine.attr_arn},
            period=minutes,
            statistic="Sum",
        )
        why = "Tasks were given up: a step failed again and again. docs/operations.md says where to look."
        self._alarm("TasksGivenUp", executions, above=0, why=why)
        why = "Steps of tasks fail, and are tried again: tasks are slow. docs/operations.md."
        self._alarm("TaskStepsFail", step.metric_errors(period=minutes), above=5, why=why)
        why = "Nobody looks after tasks of which nothing is heard. docs/operations.md."
        self._alarm("TaskWatchFails", watch.metric_errors(period=minutes), above=2, why=why)

    def on_files(self, function: lambda_.IFunction) -> None:
        self._alarm(
            "FilesRemain",
            function.metric_errors(period=Duration.hours(3), statistic="Sum"),
            above=2,
            why="Files that were to be gone are still there, hour after hour. docs/operations.md.",
        )

    def on_mornings(self, function: lambda_.IFunction) -> None:
        self._alarm(
            "NoBriefs",
            function.metric_errors(period=Duration.hours(3), statistic="Sum"),
            above=2,
            why="People are not told in the morning what their day has. docs/operations.md.",
        )

    def _alarm(self, id_: str, metric: cloudwatch.Metric, *, above: float, why: str) -> None:
        alarm = cloudwatch.Alarm(
            self,
            id_,
            metric=metric,
            threshold=above,
            comparison_operator=cloudwatch.ComparisonOperator.GREATER_THAN_THRESHOLD,
            evaluation_periods=1,
            treat_missing_data=cloudwatch.TreatMissingData.NOT_BREACHING,
            alarm_description=why,
        )
        if self._topic is not None:
            alarm.add_alarm_action(actions.SnsAction(self._topic))
