"""The two APIs: who gets in, from where, how fast, and what is written down about it."""

import json
import re
from typing import Any

import pytest

from openhouse.contract.operations import documented_operations
from openhouse.crm.modules import MODULES
from tests.contract.sixth_module import SIX
from tests.infra.assembly import APP, DATA, Assembly
from tests.infra.conftest import ORIGIN

API, ROUTE, STAGE = (f"AWS::ApiGatewayV2::{kind}" for kind in ("Api", "Route", "Stage"))


def routes(assembly: Assembly, api: str) -> dict[str, dict[str, Any]]:
    found = (route.properties for route in assembly.of_type(ROUTE).values())
    return {route["RouteKey"]: route for route in found if route["ApiId"] == f"{{{api}}}"}


def test_rest_has_these_routes_and_asks_the_authorizer_on_each(aws: Assembly):
    found = routes(aws, "Http/Api")

    assert found.keys() == {
        "GET /me",
        "POST /metrics",
        "GET /search",
        "GET /views",
        "GET /presence",
        "GET /locks",
        "GET /system",
        "GET /notifications",
        "POST /notifications",
        "POST /notifications/{proxy+}",
        "GET /files",
        "POST /files",
        *(f"{method} /files/{{proxy+}}" for method in ("GET", "POST", "DELETE")),
        "GET /tasks",
        "POST /tasks",
        "GET /tasks/{proxy+}",
        "POST /tasks/{proxy+}",
        "GET /preferences",
        "PATCH /preferences",
        "POST /realtime/{proxy+}",
        "GET /directory",
        "GET /directory/{proxy+}",
        "POST /directory/{proxy+}",
        "PUT /directory/{proxy+}",
        "DELETE /directory/{proxy+}",
        *(
            route
            for path in (module.path for module in MODULES)
            for route in (
                f"GET /{path}",
                f"POST /{path}",
                f"GET /{path}/{{proxy+}}",
                f"POST /{path}/{{proxy+}}",
                f"PATCH /{path}/{{proxy+}}",
                f"DELETE /{path}/{{proxy+}}",
            )
        ),
    }
    for route in found.values():
        assert route["AuthorizationType"] == "CUSTOM"
        assert route["AuthorizerId"] == "{Http/Api/TokenAuthorizer}"


def test_a_sixth_module_is_served_like_the_others(more: Assembly):
    found = routes(more, "Http/Api")

    assert {key for key in found if "deals" in key} == {
        key.replace("escrows", "deals") for key in found if "escrows" in key
    }
    assert found["POST /deals"]["AuthorizerId"] == "{Http/Api/TokenAuthorizer}"


def test_every_call_of_a_module_has_a_route(more: Assembly):
    deployed = [re.sub(r"{proxy\+}", "{rest}", key) for key in routes(more, "Http/Api")]
    for call in documented_operations(SIX):
        assert any(leads_to(route, f"{call.method} {call.path}") for route in deployed), call.name


def leads_to(route: str, call: str) -> bool:
    """As API Gateway matches a path: `{rest}` stands for all that follows."""
    pattern = re.sub(r"{rest}", ".+", re.sub(r"{(?!rest)\w+}", "[^/]+", route))
    return re.fullmatch(pattern, call) is not None


def test_the_list_of_a_live_entity_has_a_route(more: Assembly):
    assert "GET /viewings" in routes(more, "Http/Api")


def test_no_route_puts_a_browsers_preflight_before_the_authorizer(aws: Assembly):
    assert not [key for key in routes(aws, "Http/Api") if key.startswith(("ANY ", "OPTIONS ", "$default"))]


def test_a_request_without_a_token_calls_nothing_and_whose_a_token_is_is_kept_for_minutes(aws: Assembly):
    authorizer = aws.of_type("AWS::ApiGatewayV2::Authorizer")["Http/Api/TokenAuthorizer"].properties

    assert authorizer["IdentitySource"] == ["$request.header.Authorization"]
    assert authorizer["AuthorizerResultTtlInSeconds"] == 300
    for name in ("crm", "directory"):  # so these ask who that is now
        assert aws.environment(name)["AUTHORIZER_IS_CACHED"] == "1"
    assert authorizer["EnableSimpleResponses"] is True
    assert authorizer["AuthorizerPayloadFormatVersion"] == "2.0"
    assert "{Authorizer.Arn}" in authorizer["AuthorizerUri"]


def test_a_socket_opens_only_with_a_ticket(aws: Assembly):
    found = routes(aws, "Sockets/Api")
    authorizer = aws.of_type("AWS::ApiGatewayV2::Authorizer")["Sockets/Api/TicketAuthorizer"].properties

    assert found.keys() == {"$connect", "$disconnect", "$default"}
    assert found["$connect"]["AuthorizationType"] == "CUSTOM"
    assert found["$connect"]["AuthorizerId"] == "{Sockets/Api/TicketAuthorizer}"
    assert authorizer["IdentitySource"] == ["route.request.querystring.ticket"]


@pytest.mark.parametrize("route", ["$connect", "$disconnect", "$default"])
def test_one_function_hears_of_a_socket_from_its_opening_to_its_end(aws: Assembly, route: str):
    target = routes(aws, "Sockets/Api")[route]["Target"].removeprefix("integrations/")
    integration = aws.of_type("AWS::ApiGatewayV2::Integration")[target.strip("{}")]

    assert "{Socket.Arn}" in integration.properties["IntegrationUri"]


def test_only_configured_origins_may_call_from_a_browser(aws: Assembly):
    cors = aws.of_type(API)["Http/Api"].properties["CorsConfiguration"]

    assert cors["AllowOrigins"] == [ORIGIN]
    assert cors["AllowMethods"] == ["GET", "POST", "PUT", "PATCH", "DELETE"]
    assert cors["AllowHeaders"] == [
        *("authorization", "content-type", "x-request-id"),
        *("if-match", "lock-token", "idempotency-key"),
    ]
    assert cors["ExposeHeaders"] == ["etag", "retry-after", "openhouse-cursor"]
    assert "AllowCredentials" not in cors


@pytest.mark.parametrize(
    ("path", "name", "api"),
    [("Http/LiveStage", "$default", "Http/Api"), ("Sockets/LiveStage", "live", "Sockets/Api")],
)
def test_a_stage_is_throttled(aws: Assembly, path: str, name: str, api: str):
    stage = aws.of_type(STAGE)[path].properties

    assert stage["StageName"] == name
    assert stage["ApiId"] == f"{{{api}}}"
    assert stage["AutoDeploy"] is True
    assert stage["DefaultRouteSettings"] == {"ThrottlingBurstLimit": 500, "ThrottlingRateLimit": 1000}


def test_requests_are_logged_and_messages_of_sockets_are_not(aws: Assembly):
    assert_logs(aws, "Http/LiveStage")
    assert "AccessLogSettings" not in aws.of_type(STAGE)["Sockets/LiveStage"].properties
    assert "TracingConfig" not in aws.functions["socket"].properties


def test_messages_of_sockets_are_logged_and_traced_where_that_is_wanted(local: Assembly):
    assert_logs(local, "Sockets/LiveStage")
    assert local.functions["socket"].properties["TracingConfig"] == {"Mode": "Active"}


def assert_logs(assembly: Assembly, path: str) -> None:
    """As JSON, with no place for a token or a ticket, into a group that takes nothing of the account's policy."""
    settings = assembly.of_type(STAGE)[path].properties["AccessLogSettings"]
    log = assembly.of_type("AWS::Logs::LogGroup")[path.replace("LiveStage", "AccessLogs")]
    line = json.loads(settings["Format"])

    assert settings["DestinationArn"] == f"{{{log.path}.Arn}}"
    assert log.properties["RetentionInDays"] == 30
    assert log.properties["LogGroupName"].startswith("/aws/vendedlogs/")
    assert line["requestId"] == "$context.requestId"
    assert all(value == f"$context.{name}" for name, value in line.items())
    assert not [name for name in line if "query" in name.lower() or "header" in name.lower()]


def test_the_accounts_log_role_is_there_long_before_the_socket_log_needs_it(aws: Assembly):
    before = {resource["Type"] for resource in aws.raw(DATA)["Resources"].values()}

    assert "AWS::ApiGateway::Account" in before
    assert DATA in aws.manifest["artifacts"][APP]["dependencies"]
    assert aws.one("AWS::ApiGateway::Account").properties == {"CloudWatchRoleArn": "{AccountLogRole/Role.Arn}"}


def test_the_accounts_log_role_stays_with_its_other_apis_unless_the_first_deployment_fails(aws: Assembly):
    for resource in (aws.one("AWS::ApiGateway::Account"), aws.of_type("AWS::IAM::Role")["AccountLogRole/Role"]):
        assert resource.definition["DeletionPolicy"] == "RetainExceptOnCreate"


def test_the_outputs_name_every_endpoint(aws: Assembly):
    assert aws.outputs(DATA) == {
        "FilesBucket": "{Files/Bucket}",
        "FilesUrl": "https://{Files/Bucket}.s3.{Region}.{URLSuffix}",
        "TableName": "{Table}",
        "RecordsTableName": "{Records}",
        "UserPoolId": "{SignIn/Users}",
        "ClientId": "{SignIn/Users/WebClient}",
    }
    assert aws.outputs(APP) == {
        "HttpApiId": "{Http/Api}",
        "HttpUrl": "https://{Http/Api}.execute-api.{Region}.{URLSuffix}",
        "WebSocketApiId": "{Sockets/Api}",
        "WebSocketUrl": "wss://{Sockets/Api}.execute-api.{Region}.{URLSuffix}/live",
        "WebSocketStage": "live",
        "ShardsUrl": "{Shards/Queue}",
        "FailedBatchesUrl": "{TableStream/Failures}",
        "FailedShardsUrl": "{Shards/Failures}",
        "TimersUrl": "{TimerQueue/Queue}",
        "TimersArn": "{TimerQueue/Queue.Arn}",
        "ScheduleGroup": "{Schedules/Group}",
        "ScheduleRoleArn": "{Schedules/Role.Arn}",
        "TasksMachineArn": "{Tasks/Machine.Arn}",
        "BrokerageShards": "16",
        "CognitoUrl": "https://cognito-idp.{Region}.{URLSuffix}",
        "Region": "{Region}",
    }
