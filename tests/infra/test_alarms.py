"""Each alarm of the template rings when it is fed with what it is about, and none does when all is well."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from infra.alarms import RUNBOOK, anchor
from openhouse.core.metrics import Metric
from tests.infra.assembly import Assembly
from tests.infra.cloudwatch import Feed, name_of, state_of

ROOT = Path(__file__).parents[2]
NOW = 540  # minutes: the longest alarm looks at three hours, and at two periods more
OWN = "service=openhouse"
HTTP, SOCKETS = "ApiId={Http/Api}", "ApiId={Sockets/Api},Stage=live"


def own(metric: Metric) -> str:
    return f"Openhouse {metric.label} {OWN}"


def function(name: str, what: str) -> str:
    return f"AWS/Lambda {what} FunctionName={{{name}}}"


def failed(queue: str) -> str:
    return f"AWS/SQS ApproximateNumberOfMessagesVisible QueueName={{{queue}/Failures.QueueName}}"


def age(queue: str) -> str:
    return f"AWS/SQS ApproximateAgeOfOldestMessage QueueName={{{queue}/Queue.QueueName}}"


HANDED = "AWS/Lambda InvokedEventCount EventSourceMappingUUID={TableStream/Mapping}"
RAN = function("Fanout", "Invocations")

Feeding = Callable[[Feed, int], None]


def each_minute(metric: str, *values: float) -> Feeding:
    return lambda feed, minute: feed.tell(metric, minute, *values)


def healthy(feed: Feed, minute: int) -> None:
    """A busy minute: some of everything that may be there when all is well."""
    for metric, number in {
        Metric.COMMITS: 600,
        Metric.CONFLICTS: 60,
        Metric.POSTS: 3_000,
        Metric.GONE: 12,
        Metric.LAGGING: 2,
        Metric.CONNECTIONS: 30,
        Metric.RESUMES: 90,
        Metric.RESETS: 1,
        Metric.TASKS_FAILED: 0.2,
    }.items():
        feed.tell(own(metric), minute, number)
    feed.tell(own(Metric.CANARY), minute, 310)
    feed.tell(HANDED, minute, 600)
    feed.tell(RAN, minute, 200)
    for name in ("Crm", "Socket", "Fanout", "Timers", "WordIndex", "Reminders"):
        feed.tell(function(name, "Errors"), minute, 0)
    for name in ("Fanout", "WordIndex", "Reminders"):
        feed.tell(function(name, "IteratorAge"), minute, 400)
    for queue in ("TableStream", "Shards", "TimerQueue", "RecordStream", "AppointmentStream"):
        feed.tell(failed(queue), minute, 0)
    feed.tell(age("Shards"), minute, 1)
    feed.tell(age("TimerQueue"), minute, 900)
    feed.tell("AWS/Lambda Throttles", minute, 0)
    feed.tell(f"AWS/ApiGateway 5xx {HTTP}", minute, 0)
    feed.tell(f"AWS/ApiGateway ConnectCount {SOCKETS}", minute, 30)


def no(*metrics: str) -> Feeding:
    """A minute in which they are not told."""

    def quiet(feed: Feed, minute: int) -> None:
        whole = Feed()
        healthy(whole, minute)
        for metric, values in whole.told(minute).items():
            if metric not in metrics:
                feed.tell(metric, minute, *values)

    return quiet


def also(metric: str, *values: float) -> Feeding:
    """A healthy minute with something beside it."""

    def minute_of(feed: Feed, minute: int) -> None:
        no(metric)(feed, minute)
        feed.tell(metric, minute, *values)

    return minute_of


TROUBLE: dict[str, Feeding] = {
    "CanaryIsSilent": no(own(Metric.CANARY)),
    "DeliveryHasStopped": no(RAN),
    "FanoutIsLate": also(function("Fanout", "IteratorAge"), 61_000),
    "ShardsAreLate": also(age("Shards"), 61),
    "BatchesFailed": also(failed("TableStream"), 1),
    "ShardsFailed": also(failed("Shards"), 1),
    "RequestsFail": also(function("Directory", "Errors"), 2),
    "DeliveryFails": also(function("FanoutWorker", "Errors"), 2),
    "BackgroundFails": also(function("Timers", "Errors"), 2),
    "FunctionsThrottled": also("AWS/Lambda Throttles", 5),
    "HttpFails": also(f"AWS/ApiGateway 5xx {HTTP}", 2),
    "SocketsFail": also(f"AWS/ApiGateway IntegrationError {SOCKETS}", 2),
    "ConnectionsNearQuota": also(f"AWS/ApiGateway ConnectCount {SOCKETS}", 24_001),
    "PostsNearQuota": also(own(Metric.POSTS), 384_001),
    "TablesThrottled": also("AWS/DynamoDB WriteThrottleEvents TableName={Records}", 3),
    "ConflictsAreMany": also(own(Metric.CONFLICTS), 601),
    "ResetsAreMany": also(own(Metric.RESETS), 19),
    "TimersAreLate": also(age("TimerQueue"), 1_021),
    "TimersFailed": also(failed("TimerQueue"), 1),
    "RemindersAreLate": also(function("Reminders", "IteratorAge"), 600_001),
    "RemindersFailed": also(failed("AppointmentStream"), 1),
    "NoBriefs": also(function("Mornings", "Errors"), 0.02),
    "IndexIsLate": also(function("WordIndex", "IteratorAge"), 60_001),
    "IndexFailed": also(failed("RecordStream"), 1),
    "FilesRemain": also(function("FileEnds", "Errors"), 0.02),
    "TasksGivenUp": also("AWS/States ExecutionsFailed StateMachineArn={Tasks/Machine.Arn}", 0.2),
    "TasksFail": also(own(Metric.TASKS_FAILED), 0.7),
    "TaskStepsFail": also(function("TaskStep", "Errors"), 2),
    "TaskWatchFails": also(function("TaskWatch", "Errors"), 0.5),
}


def alarms_of(aws: Assembly) -> dict[str, dict[str, Any]]:
    found = aws.of_type("AWS::CloudWatch::Alarm").items()
    return {path.removeprefix("Alarms/"): alarm.properties for path, alarm in found}


def fed(feeding: Feeding, *, since: int = 0, before: Feeding = healthy) -> Feed:
    feed = Feed()
    for minute in range(NOW):
        (feeding if minute >= since else before)(feed, minute)
    return feed


def ringing(aws: Assembly, feed: Feed) -> set[str]:
    return {name for name, alarm in alarms_of(aws).items() if state_of(alarm, feed, NOW) == "ALARM"}


def test_no_alarm_rings_when_all_is_well(aws: Assembly):
    assert ringing(aws, fed(healthy)) == set()


def test_only_the_canary_rings_of_a_deployment_of_which_nothing_is_heard(aws: Assembly):
    assert ringing(aws, Feed()) == {"CanaryIsSilent"}


@pytest.mark.parametrize("name", TROUBLE)
def test_an_alarm_rings_of_what_it_is_about_and_no_other_does(aws: Assembly, name: str):
    assert ringing(aws, fed(TROUBLE[name])) == {name}


def test_there_is_a_test_for_each_alarm(aws: Assembly):
    assert alarms_of(aws).keys() == TROUBLE.keys()


def test_a_minute_of_trouble_rings_only_those_of_what_needs_no_second_look(aws: Assembly):
    patient = {"CanaryIsSilent", "DeliveryHasStopped", "TablesThrottled", "ConflictsAreMany", "ResetsAreMany"}
    for name in patient:
        assert ringing(aws, fed(TROUBLE[name], since=NOW - 1)) == set(), name


def test_delivery_that_stops_is_told_whatever_stops_it(aws: Assembly):
    """A mapping that is disabled, and a fan-out that is throttled totally: neither tells an age of the stream. Lambda
    counts again and again as handed over what a throttled function did not take.
    """
    nothing = (RAN, HANDED, function("Fanout", "IteratorAge"), function("Fanout", "Errors"), own(Metric.CANARY))

    def throttled(feed: Feed, minute: int) -> None:
        no(*nothing)(feed, minute)
        feed.tell(HANDED, minute, 90)
        feed.tell("AWS/Lambda Throttles", minute, 30)

    assert ringing(aws, fed(no(*nothing), since=NOW - 12)) == {"CanaryIsSilent", "DeliveryHasStopped"}
    both = {"CanaryIsSilent", "DeliveryHasStopped", "FunctionsThrottled"}
    assert ringing(aws, fed(throttled, since=NOW - 12)) == both


def test_delivery_that_stops_at_night_is_told_by_the_canarys_own_commits(aws: Assembly):
    def stopped(feed: Feed, minute: int) -> None:
        feed.tell(own(Metric.COMMITS), minute, 1)

    assert ringing(aws, fed(stopped, since=NOW - 7, before=night)) == {"CanaryIsSilent", "DeliveryHasStopped"}


def test_a_canary_that_is_broken_itself_does_not_say_that_delivery_has_stopped(aws: Assembly):
    assert ringing(aws, fed(no(own(Metric.CANARY)), since=NOW - 7)) == {"CanaryIsSilent"}

    def no_canary(feed: Feed, minute: int) -> None:
        """Nor anybody else, at night; or no line of any log arrives, and with them none of our own metrics."""

    assert ringing(aws, fed(no_canary, since=NOW - 7, before=night)) == {"CanaryIsSilent"}


def night(feed: Feed, minute: int) -> None:
    """Nobody writes but the canary: what is not told is no trouble, and one conflict in one commit is no rate."""
    feed.tell(own(Metric.CANARY), minute, 300)
    feed.tell(own(Metric.COMMITS), minute, 1)
    feed.tell(own(Metric.CONFLICTS), minute, 3)
    feed.tell(own(Metric.RESUMES), minute, 1)
    feed.tell(own(Metric.RESETS), minute, 1)
    feed.tell(RAN, minute, 1)


def weekend(feed: Feed, minute: int) -> None:
    """A canary, and nobody at all."""
    for metric, value in {own(Metric.CANARY): 300, own(Metric.COMMITS): 1, RAN: 1}.items():
        feed.tell(metric, minute, value)


def morning(feed: Feed, minute: int) -> None:
    """Three thousand people are back within five minutes, with what they missed over the weekend, and write at once."""
    healthy(feed, minute)
    for metric, number in {
        Metric.COMMITS: 1_500,
        Metric.CONFLICTS: 700,
        Metric.POSTS: 120_000,
        Metric.CONNECTIONS: 600,
        Metric.RESUMES: 1_800,
        Metric.RESETS: 40,
    }.items():
        feed.tell(own(metric), minute, number)
    feed.tell(f"AWS/ApiGateway ConnectCount {SOCKETS}", minute, 600)
    feed.tell(f"AWS/ApiGateway 5xx {HTTP}", minute, 0.8)
    feed.tell(RAN, minute, 500)


def importing(feed: Feed, minute: int) -> None:
    """In a brokerage of 200 who all see it: ten rows a second."""
    healthy(feed, minute)
    feed.tell(own(Metric.COMMITS), minute, 600)
    feed.tell(own(Metric.POSTS), minute, 120_000)
    feed.tell(own(Metric.THROTTLED), minute, 200)


@pytest.mark.parametrize("feeding", [night, weekend, morning, importing], ids=lambda feeding: feeding.__name__)
def test_what_is_unusual_and_no_trouble_rings_nothing(aws: Assembly, feeding: Feeding):
    assert ringing(aws, fed(feeding)) == set()
    assert ringing(aws, fed(feeding, since=NOW - 5)) == set()


@pytest.mark.parametrize(
    "late", [RAN, own(Metric.COMMITS), own(Metric.CANARY), ""], ids=["ran", "commits", "canary", "all"]
)
@pytest.mark.parametrize("usual", [healthy, night], ids=["day", "night"])
def test_metrics_that_come_three_minutes_late_ring_nothing(aws: Assembly, usual: Feeding, late: str):
    def minutes(feed: Feed, minute: int) -> None:
        whole = Feed()
        usual(whole, minute)
        for metric, values in whole.told(minute).items():
            if minute < NOW - 3 or late not in ("", metric):
                feed.tell(metric, minute, *values)

    assert ringing(aws, fed(minutes)) == set()


def test_after_the_first_deployment_the_canary_rings_until_it_is_heard(aws: Assembly):
    """So whoever deploys sees that the topic tells somebody, and that it is over."""

    def nothing(feed: Feed, minute: int) -> None:
        pass

    assert ringing(aws, fed(weekend, since=NOW - 1, before=nothing)) == set()


def test_every_alarm_names_a_heading_of_the_runbook(aws: Assembly):
    text = (ROOT / RUNBOOK).read_text()
    anchors = {anchor(heading) for heading in re.findall(r"^#+ (.+)$", text, re.MULTILINE)}
    for name, alarm in alarms_of(aws).items():
        place, _, heading = alarm["AlarmDescription"].rpartition(" ")[2].partition("#")
        assert place == RUNBOOK, name
        assert heading in anchors, name
        assert f"`{name}`" in text, name


def test_whoever_operates_it_is_told_when_it_rings_and_when_it_is_over(elsewhere: Assembly):
    topic = ["arn:aws:sns:us-east-1:111122223333:operators"]
    alarms = alarms_of(elsewhere)
    assert alarms.keys() == TROUBLE.keys() - {"CanaryIsSilent"}
    assert all(alarm["AlarmActions"] == alarm["OKActions"] == topic for alarm in alarms.values())


def test_each_metric_that_an_alarm_asks_about_is_one_that_is_told(aws: Assembly):
    own_names = {metric.label for metric in Metric}
    for alarm in alarms_of(aws).values():
        asked = (
            [alarm]
            if "MetricName" in alarm
            else [m["MetricStat"]["Metric"] for m in alarm["Metrics"] if "MetricStat" in m]
        )
        for metric in asked:
            assert metric["Namespace"] != "Openhouse" or metric["MetricName"] in own_names, name_of(metric)


def test_the_budget_is_told_of_before_it_is_spent(elsewhere: Assembly):
    budget = elsewhere.one("AWS::Budgets::Budget").properties
    assert budget["Budget"]["BudgetLimit"] == {"Amount": 50, "Unit": "USD"}
    rules = [each["Notification"] for each in budget["NotificationsWithSubscribers"]]
    assert told_of(rules, actual=39, forecast=49) == set()
    assert told_of(rules, actual=41, forecast=49) == {"ACTUAL"}
    assert told_of(rules, actual=20, forecast=51) == {"FORECASTED"}


def told_of(rules: list[dict[str, Any]], *, actual: float, forecast: float) -> set[str]:
    """As AWS Budgets compares them, in percent of 50 dollars."""
    spent = {"ACTUAL": actual / 50 * 100, "FORECASTED": forecast / 50 * 100}
    kinds = {rule["NotificationType"]: rule for rule in rules}
    assert {rule["ComparisonOperator"] for rule in rules} == {"GREATER_THAN"}
    return {kind for kind, rule in kinds.items() if spent[kind] > rule["Threshold"]}


def test_the_dashboard_asks_its_questions_from_top_to_bottom(aws: Assembly):
    body = aws.one("AWS::CloudWatch::Dashboard").properties["DashboardBody"]
    widgets = sorted(
        json.loads(re.sub(r"\{[A-Z][\w/.]*\}", "x", body))["widgets"], key=lambda one: (one["y"], one["x"])
    )
    questions = [one["properties"]["markdown"].split("\n")[0] for one in widgets if one["type"] == "text"]
    assert questions == [
        "## Are people connected?",
        "## Do their changes arrive?",
        "## How fast?",
        "## What fails?",
        "## What does it cost?",
    ]
    shown = {
        metric[1] for one in widgets for metric in one["properties"].get("metrics", []) if metric[0] == "Openhouse"
    }
    assert shown == {metric.label for metric in Metric}


def test_the_saved_queries_are_those_of_the_runbook_and_ask_the_functions_own_log_groups(aws: Assembly):
    queries = aws.of_type("AWS::Logs::QueryDefinition").values()
    names = {each.properties["Name"].removeprefix("Openhouse/") for each in queries}
    text = (ROOT / RUNBOOK).read_text()
    assert names
    assert [name for name in names if name not in text] == []
    groups = {f"{{{path}}}" for path in aws.of_type("AWS::Logs::LogGroup")}
    for query in queries:
        assert query.properties["LogGroupNames"]
        assert set(query.properties["LogGroupNames"]) <= groups


def test_the_dashboard_is_named_for_its_region_as_an_account_knows_a_name_once(aws: Assembly):
    assert aws.one("AWS::CloudWatch::Dashboard").properties["DashboardName"] == "Openhouse-{Region}"


def test_the_budget_has_no_name_that_would_be_in_the_way_of_the_next_one(elsewhere: Assembly):
    """Who tells it something else gets another budget, which is made while this one is still there."""
    assert "BudgetName" not in elsewhere.one("AWS::Budgets::Budget").properties["Budget"]
