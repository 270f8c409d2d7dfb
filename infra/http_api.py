"""The REST side: an HTTP API that asks the authorizer about every request."""

from __future__ import annotations

from collections.abc import Container, Iterable, Sequence

from aws_cdk import Aws, Duration
from aws_cdk import aws_apigatewayv2 as apigw
from aws_cdk import aws_apigatewayv2_authorizers as authorizers
from aws_cdk import aws_apigatewayv2_integrations as integrations
from aws_cdk import aws_lambda as lambda_
from constructs import Construct

from infra.access_logs import HTTP_FIELDS, AccessLogs
from infra.throttling import burst
from openhouse.api.http import CURSOR_HEADER, REQUEST_ID
from openhouse.api.operations.operation import AnyOperation

# In this order. Not ANY: that would match a preflight's OPTIONS too, and put it before the authorizer.
_METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")


class HttpApi(Construct):
    """`operations`: all that will be served; `serve` says by which function.

    `authorizer_seconds`: for which API Gateway keeps what the authorizer said of a token.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        authorizer: lambda_.IFunction,
        origins: Sequence[str],
        operations: Sequence[AnyOperation],
        requests_per_second: int,
        authorizer_seconds: int,
    ) -> None:
        super().__init__(scope, id_)
        self._api = apigw.HttpApi(
            self,
            "Api",
            api_name="openhouse-http",
            create_default_stage=False,  # made below, with logs and limits
            cors_preflight=_cors(origins, operations),
            # Without a token no function of ours is called: a flood of such requests costs little. What is kept is
            # whose the token was: the functions ask the directory who that is now.
            default_authorizer=authorizers.HttpLambdaAuthorizer(
                "TokenAuthorizer",
                authorizer,
                response_types=[authorizers.HttpLambdaResponseType.SIMPLE],
                identity_source=["$request.header.Authorization"],
                results_cache_ttl=Duration.seconds(authorizer_seconds),
            ),
        )
        apigw.HttpStage(
            self,
            "LiveStage",
            http_api=self._api,
            stage_name="$default",
            auto_deploy=True,
            access_log_settings=AccessLogs(self, "AccessLogs", HTTP_FIELDS),
            throttle=apigw.ThrottleSettings(rate_limit=requests_per_second, burst_limit=burst(requests_per_second)),
        )

    @property
    def id(self) -> str:
        return self._api.api_id

    @property
    def url(self) -> str:
        """Without a slash at the end: paths are appended to it."""
        return f"https://{self.host}"

    @property
    def host(self) -> str:
        return f"{self.id}.execute-api.{Aws.REGION}.{Aws.URL_SUFFIX}"

    def serve(self, name: str, operations: Iterable[AnyOperation], function: lambda_.IFunction) -> None:
        integration = integrations.HttpLambdaIntegration(
            f"{name.capitalize()}Integration",
            function,
            payload_format_version=apigw.PayloadFormatVersion.VERSION_2_0,
            # One permission for the API: with one per route, a function's policy outgrows its 20 KB at some 50 routes.
            scope_permission_to_route=False,
        )
        for path, methods in _routes(operations).items():
            self._api.add_routes(
                path=path, methods=[apigw.HttpMethod(method) for method in methods], integration=integration
            )


def _routes(operations: Iterable[AnyOperation]) -> dict[str, list[str]]:
    """Methods by path. All that lies below a first segment is one route: our own 404 answers what is unknown there."""
    found: dict[str, set[str]] = {}
    for operation in operations:
        first, _, below = operation.path.strip("/").partition("/")
        found.setdefault(f"/{first}/{{proxy+}}" if below else f"/{first}", set()).add(operation.method)
    return {path: _in_order(methods) for path, methods in found.items()}


def _cors(origins: Sequence[str], operations: Sequence[AnyOperation]) -> apigw.CorsPreflightOptions | None:
    if not origins:
        return None
    headers = {
        "if-match": any(operation.conditional for operation in operations),
        "lock-token": any(operation.fenced for operation in operations),
        "idempotency-key": any(operation.idempotent for operation in operations),
    }
    methods = _in_order({operation.method for operation in operations})
    return apigw.CorsPreflightOptions(
        allow_origins=list(origins),
        allow_methods=[apigw.CorsHttpMethod(method) for method in methods],
        allow_headers=[
            "authorization",
            "content-type",
            REQUEST_ID,
            *(name for name, taken in headers.items() if taken),
        ],
        expose_headers=["etag", "retry-after", CURSOR_HEADER.lower()],
        max_age=Duration.hours(1),
    )


def _in_order(methods: Container[str]) -> list[str]:
    return [method for method in _METHODS if method in methods]
