"""The REST side: an HTTP API that asks the authorizer about every request."""

from __future__ import annotations

from collections.abc import Sequence

from aws_cdk import Aws, Duration
from aws_cdk import aws_apigatewayv2 as apigw
from aws_cdk import aws_apigatewayv2_authorizers as authorizers
from aws_cdk import aws_apigatewayv2_integrations as integrations
from aws_cdk import aws_lambda as lambda_
from constructs import Construct

from infra.access_logs import HTTP_FIELDS, AccessLogs

# An account has 10,000 requests a second for all its APIs and for posts to sockets: REST may take a tenth.
_REQUESTS_PER_SECOND = 1_000
_BURST = 500

_GET, _POST, _PUT, _PATCH, _DELETE = (
    apigw.HttpMethod.GET,
    apigw.HttpMethod.POST,
    apigw.HttpMethod.PUT,
    apigw.HttpMethod.PATCH,
    apigw.HttpMethod.DELETE,
)


class HttpApi(Construct):
    def __init__(self, scope: Construct, id_: str, *, authorizer: lambda_.IFunction, origins: Sequence[str]) -> None:
        super().__init__(scope, id_)
        self._api = apigw.HttpApi(
            self,
            "Api",
            api_name="openhouse-http",
            create_default_stage=False,  # made below, with logs and limits
            cors_preflight=_cors(origins),
            # No identity source and no cache: with one, a request without a token would be refused by API Gateway
            # with a bare 401 instead of a problem; with the other, a removed user would linger.
            default_authorizer=authorizers.HttpLambdaAuthorizer(
                "TokenAuthorizer",
                authorizer,
                response_types=[authorizers.HttpLambdaResponseType.SIMPLE],
                identity_source=[],
                results_cache_ttl=Duration.seconds(0),
            ),
        )
        apigw.HttpStage(
            self,
            "LiveStage",
            http_api=self._api,
            stage_name="$default",
            auto_deploy=True,
            access_log_settings=AccessLogs(self, "AccessLogs", HTTP_FIELDS),
            throttle=apigw.ThrottleSettings(rate_limit=_REQUESTS_PER_SECOND, burst_limit=_BURST),
        )

    @property
    def id(self) -> str:
        return self._api.api_id

    @property
    def url(self) -> str:
        """Without a slash at the end: paths are appended to it."""
        return f"https://{self.id}.execute-api.{Aws.REGION}.{Aws.URL_SUFFIX}"

    def serve_module(self, path: str, function: lambda_.IFunction) -> None:
        """The routes of one CRM module, such as `escrows`."""
        integration = _integration(path, function)
        # Not ANY: that would match a preflight's OPTIONS too, and put it before the authorizer.
        self._route(f"/{path}", [_GET, _POST], integration)
        self._route(f"/{path}/{{proxy+}}", [_GET, _POST, _PATCH, _DELETE], integration)

    def serve_directory(self, function: lambda_.IFunction) -> None:
        integration = _integration("directory", function)
        self._route("/me", [_GET], integration)
        self._route("/realtime/tickets", [_POST], integration)
        self._route("/directory", [_GET], integration)
        self._route("/directory/teams/{teamId}", [_PUT], integration)
        self._route("/directory/users/{userId}", [_PUT, _DELETE], integration)

    def _route(
        self, path: str, methods: Sequence[apigw.HttpMethod], integration: integrations.HttpLambdaIntegration
    ) -> None:
        self._api.add_routes(path=path, methods=methods, integration=integration)


def _integration(name: str, function: lambda_.IFunction) -> integrations.HttpLambdaIntegration:
    return integrations.HttpLambdaIntegration(
        f"{name.capitalize()}Integration",
        function,
        payload_format_version=apigw.PayloadFormatVersion.VERSION_2_0,
        # One permission for the API: with one per route, a function's policy outgrows its 20 KB at some 50 routes.
        scope_permission_to_route=False,
    )


def _cors(origins: Sequence[str]) -> apigw.CorsPreflightOptions | None:
    if not origins:
        return None
    return apigw.CorsPreflightOptions(
        allow_origins=list(origins),
        allow_methods=[apigw.CorsHttpMethod(method.value) for method in (_GET, _POST, _PUT, _PATCH, _DELETE)],
        allow_headers=["authorization", "content-type", "if-match", "idempotency-key"],
        expose_headers=["etag", "retry-after"],
        max_age=Duration.hours(1),
    )
