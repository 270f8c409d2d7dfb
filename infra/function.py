"""The one way this project makes a Lambda function, and the layers that all of them share."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from aws_cdk import Duration, RemovalPolicy
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from constructs import Construct

from infra.configuration import LogLevel, SystemLogLevel, Target
from infra.layers import Recipe, build_dependencies, build_function, build_openhouse, build_task_libraries
from openhouse.function_spec import FunctionSpec, Trigger
from openhouse.settings import Settings

RUNTIME = lambda_.Runtime.PYTHON_3_13
ARCHITECTURE = lambda_.Architecture.ARM_64


class Layers(Construct):
    """The third-party packages, and this project's own one: they change at very different rates. Those that only tasks
    need are large, and kept from all others.
    """

    def __init__(self, scope: Construct, id_: str, *, target: Target) -> None:
        super().__init__(scope, id_)
        own = build_openhouse(target)
        openhouse = lambda_.Code.from_asset(str(own.folder), asset_hash=own.digest)
        self.target: Target = target
        self.all: Sequence[lambda_.ILayerVersion] = [
            self._layer("Dependencies", _packages(build_dependencies(target))),
            self._layer("Openhouse", openhouse),
        ]
        self._tasks = self._layer("Tasks", _packages(build_task_libraries(target)))

    def of(self, spec: FunctionSpec[Any, Any]) -> Sequence[lambda_.ILayerVersion]:
        return [*self.all, self._tasks] if spec.task_libraries else self.all

    def _layer(self, id_: str, code: lambda_.Code) -> lambda_.LayerVersion:
        return lambda_.LayerVersion(
            self, id_, code=code, compatible_runtimes=[RUNTIME], compatible_architectures=[ARCHITECTURE]
        )


def _packages(recipe: Recipe) -> lambda_.Code:
    return lambda_.Code.from_asset(str(recipe.folder), asset_hash=recipe.digest)


class Function(lambda_.Function):
    """`functions/<name>/handler.py` as its entry says, with a role that holds `may` and what logging and tracing need.

    `reserved`: how many of it can run whatever the others do, and no more then; 0 for any number. A new account has 10
    in all, and AWS lets it reserve none of them. `provisioned`: how many of it have started before anyone asks.

    `traced`: a sample, which Lambda takes by itself at a fixed rate, one call a second and every twentieth beyond that.
    """

    def __init__(
        self,
        scope: Construct,
        spec: FunctionSpec[Any, Any],
        *,
        settings: Settings,
        layers: Layers,
        may: Sequence[iam.PolicyStatement],
        log_level: LogLevel,
        system_log_level: SystemLogLevel,
        traced: bool,
        reserved: int = 0,
        provisioned: int = 0,
    ) -> None:
        name = spec.name
        code = build_function(name, layers.target)
        id_ = "".join(word.capitalize() for word in name.split("_"))
        log_group = logs.LogGroup(
            scope,
            f"{id_}Logs",
            retention=logs.RetentionDays.ONE_MONTH,
            removal_policy=RemovalPolicy.DESTROY,
        )
        role = iam.Role(scope, f"{id_}Role", assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"))
        log_group.grant_write(role)
        super().__init__(
            scope,
            id_,
            description=spec.purpose,
            runtime=RUNTIME,
            architecture=ARCHITECTURE,
            code=lambda_.Code.from_asset(str(code.folder), asset_hash=code.digest),
            handler="handler.handler",
            layers=layers.of(spec),
            role=role,
            initial_policy=may,
            timeout=Duration.seconds(spec.timeout_seconds),
            memory_size=spec.memory_mb,
            reserved_concurrent_executions=reserved or None,
            # Lambda ends what looks like a loop after sixteen turns: a chain of timers is one that is meant.
            # https://docs.aws.amazon.com/lambda/latest/dg/invocation-recursion.html
            recursive_loop=lambda_.RecursiveLoop.ALLOW if _wakes_itself(spec) else None,
            tracing=lambda_.Tracing.ACTIVE if traced else lambda_.Tracing.DISABLED,
            log_group=log_group,
            logging_format=lambda_.LoggingFormat.JSON,
            application_log_level_v2=lambda_.ApplicationLogLevel[log_level],
            system_log_level_v2=lambda_.SystemLogLevel[system_log_level],
            environment={
                **settings.environment(),
                "POWERTOOLS_SERVICE_NAME": name,
                "POWERTOOLS_LOG_LEVEL": {"WARN": "WARNING"}.get(log_level, log_level),
            },
        )
        self.lines: logs.ILogGroup = log_group
        self.invoked: lambda_.IFunction = self  # what is to be called: started ahead can only be a version
        if provisioned:
            self.invoked = lambda_.Alias(
                self,
                "Live",
                alias_name="live",
                version=self.current_version,
                provisioned_concurrent_executions=provisioned,
            )


def _wakes_itself(spec: FunctionSpec[Any, Any]) -> bool:
    """Whether it sends to the queue whose messages it is handed."""
    return spec.trigger is Trigger.TIMER_QUEUE and "timers" in spec.grants.sends_to
