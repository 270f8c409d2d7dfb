"""What `openhouse cost` says stands in every deployment, in the templates of one."""

from __future__ import annotations

import json

from cli.costs.ours import SHARE
from cli.costs.standing import ACCESS_LINE_BYTES, ALARMS, DASHBOARDS, POLLED_QUEUES, TRACED
from deployed.board.sections import sections
from tests.infra.assembly import ROOT, Assembly

METRICS_OF_A_FREE_DASHBOARD = 50

# Of each of its fields, what a line of the HTTP API has for it.
LINE = {
    "requestId": "QxTkVjDgIAMEJqg=",
    "requestTime": "02/Mar/2026:12:00:00 +0000",
    "identity.sourceIp": "203.0.113.195",
    "routeKey": "PATCH /escrows/{proxy+}",
    "status": "200",
    "authorizer.error": "-",
    "httpMethod": "PATCH",
    "path": "/escrows/01a20594-c049-7800-a03d-d2131af2e972",
    "responseLatency": "61",
    "integrationLatency": "57",
    "integrationErrorMessage": "-",
}


def test_alarms_watch_so_many_metrics(aws: Assembly):
    alarms = aws.of_type("AWS::CloudWatch::Alarm").values()
    watched = [each for alarm in alarms for each in alarm.properties.get("Metrics", [{"MetricStat": alarm}])]
    assert len([each for each in watched if "MetricStat" in each]) == ALARMS


def test_there_is_a_dashboard_of_so_few_metrics_that_aws_may_give_it_for_nothing(aws: Assembly):
    assert len(aws.of_type("AWS::CloudWatch::Dashboard")) == DASHBOARDS
    price = dict.fromkeys(("socket messages", "http requests", "write units", "read units", "function calls"), 1.0)
    lines = [line for section in sections(price) for widget in section.widgets for line in widget.lines]
    assert sum(len(line.sources) for line in lines) <= METRICS_OF_A_FREE_DASHBOARD


def test_no_event_source_tells_metrics_that_are_paid_for(aws: Assembly):
    mappings = aws.of_type("AWS::Lambda::EventSourceMapping").values()
    assert [each.path for each in mappings if "MetricsConfig" in each.properties] == []


def test_what_is_measured_by_browsers_is_the_share_that_the_app_has():
    text = (ROOT / "web" / "app" / "src" / "live" / "share.ts").read_text()
    assert f"export const SHARE = {SHARE};" in text


def test_lambda_asks_so_many_queues(aws: Assembly):
    mappings = aws.of_type("AWS::Lambda::EventSourceMapping").values()
    queues = [each for each in mappings if "Queue" in str(each.properties["EventSourceArn"])]
    assert len(queues) == POLLED_QUEUES


def test_these_functions_are_traced(aws: Assembly):
    modes = {name: each.properties.get("TracingConfig", {}).get("Mode") for name, each in aws.functions.items()}
    assert {name for name, mode in modes.items() if mode == "Active"} == TRACED


def test_a_line_of_the_http_api_is_of_so_many_bytes(aws: Assembly):
    (stage,) = (each for each in aws.of_type("AWS::ApiGatewayV2::Stage").values() if "Http" in each.path)
    form = json.loads(stage.properties["AccessLogSettings"]["Format"])
    line = json.dumps({name: LINE[field.removeprefix("$context.")] for name, field in form.items()})
    assert abs(len(line) - ACCESS_LINE_BYTES) < 0.1 * ACCESS_LINE_BYTES
