"""The socket side: a WebSocket API that lets nobody in without a ticket.

Functions need the API's id before its routes need the functions: hence `serve`.
"""

from __future__ import annotations

from aws_cdk import Aws
from aws_cdk import aws_apigatewayv2 as apigw
from aws_cdk import aws_apigatewayv2_authorizers as authorizers
from aws_cdk import aws_apigatewayv2_integrations as integrations
from aws_cdk import aws_lambda as lambda_
from constructs import Construct

from infra.access_logs import WEB_SOCKET_FIELDS, AccessLogs
from infra.throttling import burst

STAGE = "live"


class WebSocketApi(Construct):
    """`events_per_second`: connections and messages together. An account can open 500 sockets a second anyway.

    `watched`: API Gateway writes a line for each of them, which cannot be had of connections alone.
    """

    def __init__(self, scope: Construct, id_: str, *, events_per_second: int, watched: bool) -> None:
        super().__init__(scope, id_)
        # What is not JSON has no `action` and goes to $default as well, which answers it.
        self._api = apigw.WebSocketApi(
            self, "Api", api_name="openhouse-socket", route_selection_expression="$request.body.action"
        )
        self.stage = apigw.WebSocketStage(
            self,
            "LiveStage",
            web_socket_api=self._api,
            stage_name=STAGE,
            auto_deploy=True,
            access_log_settings=AccessLogs(self, "AccessLogs", WEB_SOCKET_FIELDS) if watched else None,
            throttle=apigw.ThrottleSettings(rate_limit=events_per_second, burst_limit=burst(events_per_second)),
        )

    @property
    def id(self) -> str:
        return self._api.api_id

    @property
    def host(self) -> str:
        return f"{self.id}.execute-api.{Aws.REGION}.{Aws.URL_SUFFIX}"

    @property
    def url(self) -> str:
        """The wss address, without a ticket."""
        return self.stage.url

    def serve(self, *, authorizer: lambda_.IFunction, function: lambda_.IFunction) -> None:
        # WebSocket APIs ask an authorizer at $connect only; its context comes with every later message.
        tickets = authorizers.WebSocketLambdaAuthorizer(
            "TicketAuthorizer", authorizer, identity_source=["route.request.querystring.ticket"]
        )
        for route, id_ in {"$connect": "Connect", "$disconnect": "Disconnect", "$default": "Message"}.items():
            self._api.add_route(
                route,
                integration=integrations.WebSocketLambdaIntegration(f"{id_}Integration", function),
                authorizer=tickets if route == "$connect" else None,
            )
