"""Where each metric is found: CloudWatch's namespaces and dimensions, of this deployment's own parts."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from aws_cdk import Duration
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_sqs as sqs

from deployed.board.series import Aws, Line, Own, Place, Source
from openhouse.core.metrics import DIMENSIONS, NAMESPACE

MINUTE = Duration.minutes(1)


@dataclass(frozen=True)
class Parts:
    """Of a deployment, by the names that the dashboard has for them."""

    functions: Mapping[str, lambda_.IFunction]
    queues: Mapping[str, sqs.IQueue]
    tables: Mapping[str, dynamodb.ITable]
    http_api_id: str
    socket_api_id: str
    socket_stage: str
    machine_arn: str

    def metric(self, source: Source, period: Duration = MINUTE) -> cloudwatch.Metric:
        """Raises KeyError for what there is not in this deployment."""
        if isinstance(source, Own):
            return _metric(NAMESPACE, source.metric.label, DIMENSIONS, source.statistic, period)
        namespace, dimensions = self._place(source)
        return _metric(namespace, source.name, dimensions, source.statistic, period)

    def has(self, source: Source) -> bool:
        return not (isinstance(source, Aws) and source.place == "function" and source.of not in self.functions)

    def math(self, line: Line, period: Duration = MINUTE, *, number: int = 0) -> cloudwatch.IMetric:
        """What a line shows. `number`: of the line, as all on a chart share the names of sources."""
        if not line.expression:
            (source,) = line.sources
            return self.metric(source, period)
        using = {f"{name}{number}": self.metric(source, period) for name, source in line.named.items()}
        return cloudwatch.MathExpression(
            expression=re.sub(r"\b[a-z]\b", lambda name: f"{name[0]}{number}", line.expression),
            using_metrics=dict[str, cloudwatch.IMetric](using),
            label=line.label,
            period=period,
        )

    def _place(self, source: Aws) -> tuple[str, dict[str, str]]:
        api = {"ApiId": self.socket_api_id, "Stage": self.socket_stage}
        places: dict[Place, Callable[[], tuple[str, dict[str, str]]]] = {
            "function": lambda: ("AWS/Lambda", {"FunctionName": self.functions[source.of].function_name}),
            "account": lambda: ("AWS/Lambda", {}),
            "http": lambda: ("AWS/ApiGateway", {"ApiId": self.http_api_id}),
            "sockets": lambda: ("AWS/ApiGateway", api),
            "queue": lambda: ("AWS/SQS", {"QueueName": self.queues[source.of].queue_name}),
            "table": lambda: ("AWS/DynamoDB", {"TableName": self.tables[source.of].table_name}),
            "machine": lambda: ("AWS/States", {"StateMachineArn": self.machine_arn}),
        }
        return places[source.place]()


def _metric(
    namespace: str, name: str, dimensions: Mapping[str, str], statistic: str, period: Duration
) -> cloudwatch.Metric:
    return cloudwatch.Metric(
        namespace=namespace,
        metric_name=name,
        dimensions_map=dict(dimensions),
        statistic=statistic,
        period=period,
    )
