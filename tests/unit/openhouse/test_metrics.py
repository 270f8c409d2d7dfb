"""What an invocation has counted is one document of CloudWatch's embedded format, or none."""

from __future__ import annotations

import json
import logging
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace
from typing import Any

import pytest

from openhouse.core.metrics import MOST_SAMPLES, Collected, Metric, metrics
from openhouse.core.observability import correlated, correlation_id, logger, observed
from tests.log_lines import logged


def told(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    return [line for line in lines if "_aws" in line]


def test_counts_are_added_up_and_samples_are_kept_in_one_document(capsys: pytest.CaptureFixture[str]):
    collected = Collected()
    collected.count(Metric.COMMITS)
    collected.count(Metric.COMMITS, 2)
    collected.sample(Metric.COMMIT_TO_POST, [120.0, 80.5])
    collected.publish()
    (document,) = told(capsys)
    assert document["Commits"] == [3]
    assert document["CommitToPost"] == [120.0, 80.5]
    (directive,) = document["_aws"]["CloudWatchMetrics"]
    assert directive["Namespace"] == "Openhouse"
    assert directive["Dimensions"] == [["service"]]
    assert document["service"] == "openhouse"
    units = {metric["Name"]: metric["Unit"] for metric in directive["Metrics"]}
    assert units == {"Commits": "Count", "CommitToPost": "Milliseconds"}


def test_where_nothing_was_counted_nothing_is_written_and_nothing_is_told_twice(capsys: pytest.CaptureFixture[str]):
    collected = Collected()
    collected.count(Metric.GONE, 0)
    collected.publish()
    assert told(capsys) == []
    collected.count(Metric.GONE)
    collected.publish()
    collected.publish()
    assert len(told(capsys)) == 1


def test_more_samples_than_a_document_takes_are_left_out(capsys: pytest.CaptureFixture[str]):
    collected = Collected()
    for _ in range(5):
        collected.sample(Metric.COMMIT_TO_POST, [1.0] * 50)
    collected.publish()
    (document,) = told(capsys)
    assert len(document["CommitToPost"]) == MOST_SAMPLES


def count_thousand(collected: Collected) -> None:
    for _ in range(1_000):
        collected.count(Metric.POSTS)


def test_threads_count_side_by_side():
    collected = Collected()
    with ThreadPoolExecutor(8) as pool:
        for _ in range(8):
            pool.submit(count_thousand, collected)
    assert collected.take() == {Metric.POSTS: [8_000]}


@pytest.mark.parametrize(
    ("level", "written"), [(logging.INFO, None), (logging.WARNING, "WARN"), (logging.ERROR, "ERROR")]
)
def test_a_document_has_the_level_below_which_lambda_leaves_lines_out(
    level: int, written: str | None, capsys: pytest.CaptureFixture[str]
):
    collected = Collected()
    collected.count(Metric.TICKETS)
    collected.publish(level)
    (document,) = told(capsys)
    assert document.get("level") == written
    assert ("timestamp" in document) is (written is not None)


def test_a_handler_tells_what_it_has_counted_also_when_it_fails(capsys: pytest.CaptureFixture[str]):
    metrics.take()

    @observed
    def handler(event: dict[str, Any], context: Any) -> None:
        metrics.count(Metric.COMMITS)
        logger.info("at work")
        raise ValueError(event["why"])

    context = SimpleNamespace(
        function_name="crm", memory_limit_in_mb=512, invoked_function_arn="arn", aws_request_id="0199a0c1-9d24"
    )
    with logged() as lines, pytest.raises(ValueError, match="bad luck"):
        handler({"why": "bad luck"}, context)
    assert [line["correlation_id"] for line in lines.of("at work")] == ["0199a0c1-9d24"]
    assert [document["Commits"] for document in told(capsys)] == [[1]]
    assert correlation_id() is None


@pytest.mark.parametrize(
    "given", ["short", "with space and more", "x" * 65, 'quote"quote', "line\nline\nline", "ümläutümläut", ""]
)
def test_a_name_that_may_not_stand_in_a_log_is_not_taken(given: str):
    with correlated(given, "of-api-gateway"):
        assert correlation_id() == "of-api-gateway"
    with correlated("0199a0c19d247b6e", "of-api-gateway"):
        assert correlation_id() == "0199a0c19d247b6e"
    assert correlation_id() is None
