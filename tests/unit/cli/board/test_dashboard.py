"""`openhouse dashboard`: what it reads out of the lines of functions, and what it draws of that."""

from __future__ import annotations

import itertools
import json
from html import escape
from pathlib import Path
from typing import Any

import pytest

from cli.board.drawing import ACROSS, AWS_ALONE, NOTHING, board, empty_text, picture, svg
from cli.board.page import page
from cli.board.reading import Logged, read, statistic_of
from cli.board.run import _function_of
from deployed.board.sections import sections
from deployed.board.series import Line, Own, Widget, aws, own
from deployed.terminal import CommandFailed
from openhouse.core.metrics import Metric
from tests.unit.deployed.test_board import PRICES

BEGIN = 1_772_452_800.0  # seconds since 1970


def told(seconds: float, **values: list[float]) -> Logged:
    """A line of embedded metrics."""
    metrics = [{"Name": name, "Unit": "Count"} for name in values]
    directive = {"Namespace": "Openhouse", "Dimensions": [["service"]], "Metrics": metrics}
    about = {"Timestamp": int((BEGIN + seconds) * 1_000), "CloudWatchMetrics": [directive]}
    return Logged("crm", BEGIN + seconds, json.dumps({"_aws": about, "service": "openhouse", **values}))


def said(seconds: float, function: str = "crm", **fields: Any) -> Logged:
    return Logged(function, BEGIN + seconds, json.dumps(fields))


def report(seconds: float, function: str, took: float) -> Logged:
    return Logged(function, BEGIN + seconds, f"REPORT RequestId: 0199\tDuration: {took} ms\tBilled Duration: 1 ms")


MINUTE = [told(0, Commits=[1], Conflicts=[3]), told(30, Commits=[2]), told(59, Posts=[4], CommitToPost=[80, 120, 400])]


def test_counts_become_rates_and_latencies_percentiles():
    found = read(MINUTE)
    assert found.step == 1
    commits = found.points(own("", Metric.COMMITS))
    assert commits is not None
    assert (len(commits), commits[0], commits[1], commits[30]) == (60, 60, 0, 120)
    assert found.whole(own("", Metric.COMMITS)) == 3  # a minute
    p95 = found.points(own("", Metric.COMMIT_TO_POST, "p95"))
    assert p95 is not None
    assert (p95[0], p95[59]) == (None, 400)
    assert found.whole(own("", Metric.COMMIT_TO_POST, "p50")) == 120


def test_what_is_reckoned_of_several_is_reckoned_for_each_step():
    line = Line("", (Own(Metric.CONFLICTS), Own(Metric.COMMITS)), "FILL(a, 0) / b")
    points = read(MINUTE).points(line)
    assert points is not None
    assert (points[0], points[1], points[30]) == (3, None, 0)


def test_a_long_run_has_longer_steps():
    assert read([told(0, Commits=[1]), told(7_200, Commits=[1])]).step == 300


def test_only_the_end_of_a_run_may_be_asked_for():
    found = read(MINUTE, last_seconds=30)
    assert found.last - found.first == 30
    assert found.points(own("", Metric.CONFLICTS)) is None


def test_calls_and_errors_make_up_for_what_aws_would_tell():
    lines = [
        *MINUTE,
        report(1, "crm", 40),
        report(2, "directory", 80),
        report(3, "socket", 5),
        said(4, level="ERROR", message="request failed"),
        said(5, "fanout", level="ERROR", message="not posted"),
        said(6, level="INFO", message="committed"),
    ]
    found = read(lines)
    assert found.whole(aws("", "http", "Count")) == 2
    assert found.whole(aws("", "http", "Latency", statistic="p95")) == 80
    assert found.whole(aws("", "function", "Invocations", "socket")) == 1
    assert found.whole(aws("", "sockets", "MessageCount")) == 4 + 2  # of both ways, as AWS counts
    assert found.whole(aws("", "http", "5xx")) == 1
    assert found.whole(aws("", "function", "Errors", "fanout")) == 1
    assert found.points(aws("", "queue", "ApproximateAgeOfOldestMessage", "shards")) is None


def test_other_lines_other_namespaces_and_broken_ones_are_passed_over():
    other = told(10, Commits=[7])
    lines = [
        *MINUTE,
        Logged("crm", BEGIN, "{broken"),
        Logged("crm", BEGIN, "START RequestId: 1"),
        said(1, level="INFO"),
    ]
    found = read([*lines, other._replace(text=other.text.replace('"Openhouse"', '"Another"'))])
    assert found.whole(own("", Metric.COMMITS)) == 3


def test_where_nothing_was_told_it_says_what_to_do():
    with pytest.raises(CommandFailed, match="use the app"):
        read([said(0, level="INFO", message="connected")])


@pytest.mark.parametrize(
    ("statistic", "value"), [("p50", 3), ("p99", 4), ("Sum", 10), ("Maximum", 4), ("SampleCount", 4)]
)
def test_statistics_are_those_of_cloudwatch(statistic: str, value: float):
    assert statistic_of(statistic, [4, 1, 3, 2]) == value


def test_a_log_group_is_of_its_function():
    assert _function_of("FanoutWorkerLogsB00934F9") == "fanout_worker"
    assert _function_of("CrmLogsF2670DC6") == "crm"


def test_a_chart_says_its_numbers_or_why_there_are_none():
    found = read(MINUTE)
    drawn = svg(Widget("Commits", "a minute", (own("commits", Metric.COMMITS),)), found)
    assert "commits  3" in drawn
    assert "var(--series-0)" in drawn
    nothing = [
        (Widget("Tasks", "", (own("failed", Metric.TASKS_FAILED),)), NOTHING),
        (Widget("Failed", "", (aws("crm", "function", "Errors", "crm"),)), NOTHING),
        (Widget("Waits", "", (aws("x", "queue", "Age", "shards"),)), AWS_ALONE),
    ]
    for widget, why in nothing:
        assert empty_text(widget, found) == why
        assert why in svg(widget, found)


def test_the_page_and_the_picture_have_all_questions_and_charts(tmp_path: Path):
    found, shown = read(MINUTE), sections(PRICES)
    html = page(shown, found, "here <&>")
    for section in shown:
        assert f"<h2>{section.question}</h2>" in html
        assert all(f"<h3>{escape(widget.title)} " in html for widget in section.widgets)
    assert "From here &lt;&amp;&gt;" in html
    assert "src=" not in html  # it needs nothing from elsewhere
    assert "url(http" not in html
    assert "<link" not in html
    picture(shown, found, tmp_path / "d.png")
    assert (tmp_path / "d.png").read_bytes().startswith(b"\x89PNG")
    with pytest.raises(CommandFailed, match="cannot be written"):
        picture(shown, found, tmp_path / "nowhere" / "d.png")


def test_the_charts_of_the_picture_stand_in_columns_and_their_times_apart():
    figure = board(sections(PRICES), read([told(seconds, Commits=[9_999_999]) for seconds in (0, 300)]))
    lefts: set[int] = set()
    for axes in figure.get_axes():
        lefts.add(round(axes.get_window_extent().x0))
        labels = [label.get_window_extent() for label in axes.get_xticklabels() if label.get_text()]
        labels.sort(key=lambda label: label.x0)
        assert all(one.x1 + 8 < other.x0 for one, other in itertools.pairwise(labels))
    assert len(lefts) == ACROSS
