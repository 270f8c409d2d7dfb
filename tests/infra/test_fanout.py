"""The way from the table's stream to the sockets: bounds on every retry, queues for what fails, alarms on those."""

from __future__ import annotations

import json
from typing import Any

import pytest

from infra.configuration_error import ConfigurationError
from openhouse.collaboration.reminders import LEAD
from openhouse.delivery.dispatcher import LAST_TURN
from openhouse.delivery.fast_lane import PATIENCE
from openhouse.delivery.posting_call import Limits
from openhouse.delivery.queues import SHARDS_AT_A_TIME
from openhouse.delivery.rate_limiter import LONGEST_WAIT
from tests.infra.assembly import Assembly
from tests.infra.test_configuration import read


def mappings(aws: Assembly) -> dict[str, dict[str, Any]]:
    """By function."""
    found = aws.of_type("AWS::Lambda::EventSourceMapping").values()
    return {mapping.properties["FunctionName"]: mapping.properties for mapping in found}


def test_fan_out_is_handed_log_entries_and_changes_of_the_directory_alone_from_the_oldest_on(aws: Assembly):
    mapping = mappings(aws)["{Fanout}"]
    patterns = [json.loads(each["Pattern"]) for each in mapping["FilterCriteria"]["Filters"]]

    assert mapping["EventSourceArn"] == "{Table.StreamArn}"
    assert mapping["StartingPosition"] == "TRIM_HORIZON"
    entries = {"pk": {"S": [{"prefix": "L#"}]}, "sk": {"S": [{"prefix": "C#"}]}}
    people = {"pk": {"S": [{"prefix": "D#user:"}]}, "sk": {"S": [{"prefix": "D"}]}}
    teams = {"pk": {"S": [{"prefix": "D#team:"}]}, "sk": {"S": [{"prefix": "D"}]}}
    assert patterns == [
        {"eventName": ["INSERT"], "dynamodb": {"Keys": entries}},
        {"eventName": ["INSERT", "MODIFY"], "dynamodb": {"Keys": people}},
        {"eventName": ["INSERT"], "dynamodb": {"Keys": teams}},
    ]
    assert mapping["BatchSize"] == 100
    assert "MaximumBatchingWindowInSeconds" not in mapping


def test_the_search_index_is_handed_every_change_of_a_record_with_what_it_was_and_is(aws: Assembly):
    mapping = mappings(aws)["{WordIndex}"]
    (pattern,) = (json.loads(each["Pattern"]) for each in mapping["FilterCriteria"]["Filters"])

    assert mapping["EventSourceArn"] == "{Records.StreamArn}"
    records = {"pk": {"S": [{"prefix": "R#"}]}}
    assert pattern == {"eventName": ["INSERT", "MODIFY", "REMOVE"], "dynamodb": {"Keys": records}}
    assert mapping["MaximumRecordAgeInSeconds"] == 12 * 3600
    assert mapping["DestinationConfig"] == {"OnFailure": {"Destination": "{RecordStream/Failures.Arn}"}}
    stream = aws.of_type("AWS::DynamoDB::Table")["Records"].properties["StreamSpecification"]
    assert stream == {"StreamViewType": "NEW_AND_OLD_IMAGES"}


def test_reminders_follow_every_change_of_an_appointment_and_of_nothing_else(aws: Assembly):
    mapping = mappings(aws)["{Reminders}"]
    (pattern,) = (json.loads(each["Pattern"]) for each in mapping["FilterCriteria"]["Filters"])

    assert mapping["EventSourceArn"] == "{Records.StreamArn}"
    appointments = {"pk": {"S": [{"prefix": "R#"}]}, "sk": {"S": [{"prefix": "appointment#"}]}}
    assert pattern == {"eventName": ["INSERT", "MODIFY", "REMOVE"], "dynamodb": {"Keys": appointments}}
    assert mapping["MaximumRecordAgeInSeconds"] == 12 * 3600
    assert mapping["DestinationConfig"] == {"OnFailure": {"Destination": "{AppointmentStream/Failures.Arn}"}}


def test_schedules_are_of_a_group_of_their_own_and_send_to_the_queue_of_timers_alone(aws: Assembly):
    (group,) = aws.of_type("AWS::Scheduler::ScheduleGroup")
    told = aws.environment("reminders")

    assert {name: told[name] for name in ("SCHEDULE_GROUP", "SCHEDULE_ROLE_ARN", "TIMERS_ARN")} == {
        "SCHEDULE_GROUP": f"{{{group}}}",
        "SCHEDULE_ROLE_ARN": "{Schedules/Role.Arn}",
        "TIMERS_ARN": "{TimerQueue/Queue.Arn}",
    }
    (statement,) = aws.of_type("AWS::IAM::Role")["Schedules/Role"].properties["AssumeRolePolicyDocument"]["Statement"]
    assert statement["Principal"] == {"Service": "scheduler.amazonaws.com"}
    assert statement["Condition"] == {
        "StringEquals": {"aws:SourceAccount": "{AccountId}", "aws:SourceArn": f"{{{group}.Arn}}"}
    }


def test_a_shard_of_the_stream_is_worked_on_by_one_function_at_a_time_so_that_rooms_keep_their_order(aws: Assembly):
    assert mappings(aws)["{Fanout}"]["ParallelizationFactor"] == 1


def test_a_batch_that_fails_is_cut_and_retried_until_it_is_old_and_then_noted(aws: Assembly):
    mapping = mappings(aws)["{Fanout}"]

    assert mapping["BisectBatchOnFunctionError"] is True
    assert mapping["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
    assert mapping.get("MaximumRetryAttempts", -1) == -1  # without end
    assert mapping["MaximumRecordAgeInSeconds"] == 600
    assert mapping["DestinationConfig"] == {"OnFailure": {"Destination": "{TableStream/Failures.Arn}"}}
    assert aws.of_type("AWS::SQS::Queue")["TableStream/Failures"].properties["MessageRetentionPeriod"] == 14 * 24 * 3600


def test_shards_wait_in_a_queue_that_keeps_their_order_and_works_on_them_side_by_side(aws: Assembly):
    queue = aws.of_type("AWS::SQS::Queue")["Shards/Queue"].properties
    mapping = mappings(aws)["{FanoutWorker}"]

    assert queue["FifoQueue"] is True
    assert (queue["DeduplicationScope"], queue["FifoThroughputLimit"]) == ("messageGroup", "perMessageGroupId")
    assert mapping["EventSourceArn"] == "{Shards/Queue.Arn}"
    assert mapping["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
    assert mapping["ScalingConfig"] == {"MaximumConcurrency": 5}
    assert mapping["BatchSize"] == SHARDS_AT_A_TIME


def test_a_shard_that_fails_is_retried_a_few_times_and_then_set_aside(aws: Assembly):
    queues = aws.of_type("AWS::SQS::Queue")

    assert queues["Shards/Queue"].properties["RedrivePolicy"] == {
        "deadLetterTargetArn": "{Shards/Failures.Arn}",
        "maxReceiveCount": 5,
    }
    assert queues["Shards/Failures"].properties["MessageRetentionPeriod"] == 14 * 24 * 3600


def test_a_timer_that_fails_comes_again_when_its_function_must_have_ended_and_is_set_aside_at_last(aws: Assembly):
    queues, mapping = aws.of_type("AWS::SQS::Queue"), mappings(aws)["{Timers}"]
    queue = queues["TimerQueue/Queue"].properties

    assert mapping["EventSourceArn"] == "{TimerQueue/Queue.Arn}"
    assert mapping["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
    assert queue["VisibilityTimeout"] > aws.functions["timers"].properties["Timeout"]
    assert queue["RedrivePolicy"] == {"deadLetterTargetArn": "{TimerQueue/Failures.Arn}", "maxReceiveCount": 30}
    assert queue["VisibilityTimeout"] * 30 >= LEAD.total_seconds()  # a reminder is tried for as long as it is of use
    assert queues["TimerQueue/Failures"].properties["MessageRetentionPeriod"] == 14 * 24 * 3600


def test_no_function_is_ended_while_it_waits_for_its_turn_or_posts(aws: Assembly):
    queue = aws.of_type("AWS::SQS::Queue")["Shards/Queue"].properties
    last_turn = LAST_TURN + LONGEST_WAIT + 2 * Limits().call  # posting, and closing those whose time is over

    for name in ("fanout", "fanout_worker"):
        assert aws.functions[name].properties["Timeout"] >= last_turn + 10  # to follow up
    worker = aws.functions["fanout_worker"].properties["Timeout"]
    assert worker < queue["VisibilityTimeout"] <= worker + 60  # a shard whose worker died waits for no longer


def test_the_fast_lane_is_not_ended_while_it_posts(aws: Assembly):
    assert aws.functions["fast_lane"].properties["Timeout"] >= PATIENCE + 2 * Limits().call + 10


def test_writers_are_told_of_the_fast_lane_and_the_streams_function_looks_for_what_it_did(aws: Assembly):
    assert aws.environment("crm")["FAST_LANE_FUNCTION"] == "{FastLane}"
    assert aws.environment("crm")["URL_SUFFIX"] == aws.environment("fanout")["URL_SUFFIX"]
    assert aws.environment("fanout")["FAST_LANE"] == "1"


def test_the_limit_of_posts_and_the_shards_are_those_of_the_configuration(aws: Assembly):
    for name in ("fanout", "fanout_worker", "fast_lane"):
        assert aws.environment(name)["POSTS_PER_SECOND"] == "8000"
    for name in ("socket", "directory", "fanout", "fanout_worker", "fast_lane"):
        assert aws.environment(name)["BROKERAGE_SHARDS"] == "16"


@pytest.mark.parametrize(
    ("choice", "value"),
    [
        ("brokerageShards", 0),
        ("brokerageShards", "many"),
        ("postsPerSecond", -5),
        ("postsPerSecond", 99),
        ("postsPerSecond", None),
        ("alarmTopicArn", "operators"),
        ("alarmTopicArn", "arn:aws:sqs:us-east-1:111122223333:queue"),
    ],
)
def test_a_choice_that_cannot_be_deployed_is_refused_by_name(choice: str, value: Any):
    with pytest.raises(ConfigurationError, match=choice):
        read(**{choice: value})


def test_a_topic_and_numbers_are_taken_as_written():
    topic = "arn:aws:sns:us-east-1:111122223333:operators"
    written = read(brokerageShards="32", postsPerSecond="2000", alarmTopicArn=topic)
    assert (written.brokerage_shards, written.posts_per_second, written.alarm_topic_arn) == (32, 2_000, topic)
