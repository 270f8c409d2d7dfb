"""What somebody must look at, and where the runbook says more: docs/operations.md has a heading for each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from aws_cdk import Duration
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_cloudwatch_actions as actions
from aws_cdk import aws_sns as sns
from constructs import Construct

from deployed.board.sections import BACKGROUND, DELIVERY, FRONT
from deployed.board.series import Aws, Line, Own, Source
from infra.measured import Parts
from openhouse.core.metrics import Metric

RUNBOOK = "docs/operations.md"
CONNECTIONS_A_SECOND = 500  # that an account may open, of all its WebSocket APIs; AWS raises it if asked
NEAR = 0.8  # of a quota
_HOURLY_AND_TASKS = ("task_step", "task_watch", "file_ends", "mornings")  # have alarms of their own


@dataclass(frozen=True, kw_only=True)
class Alarm:
    """Rings when `line` is above, or `below`, a number in `ringing` of the last `periods`, each of so many `minutes`.

    `why`: what it means to people. `heading`: of the runbook. `silence_rings`: no data is bad news.
    """

    id: str
    line: Line
    above: float | None = None
    below: float | None = None
    minutes: int = 1
    periods: int = 1
    ringing: int | None = None
    silence_rings: bool = False
    why: str
    heading: str

    @property
    def is_followed_by_the_emulator(self) -> bool:
        """As AWS would: `local/aws_like/alarms.py`."""
        (source, *more) = self.line.sources
        return not more and isinstance(source, Aws) and source.place in ("queue", "machine", "function")

    @property
    def description(self) -> str:
        return f"{self.why} {RUNBOOK}#{anchor(self.heading)}"


def anchor(heading: str) -> str:
    """As GitHub makes it of a heading."""
    return "".join(letter for letter in heading.lower().replace(" ", "-") if letter.isalnum() or letter == "-")


def _one(source: Source) -> Line:
    return Line("", (source,))


def _sum(*sources: Source) -> Line:
    """What was not told counts as nothing."""
    line = Line("", sources)
    return Line("", sources, " + ".join(f"FILL({name}, 0)" for name in line.named))


def _errors(*functions: str) -> Line:
    return _sum(*(Aws("function", "Errors", name) for name in functions))


def _age(queue: str) -> Line:
    return _one(Aws("queue", "ApproximateAgeOfOldestMessage", queue, "Maximum"))


def _waiting(queue: str) -> Line:
    return _one(Aws("queue", "ApproximateNumberOfMessagesVisible", f"failed {queue}", "Maximum"))


def _iterator(function: str) -> Line:
    return _one(Aws("function", "IteratorAge", function, "Maximum"))


STOPPED = "Nothing arrives"
LATE = "Commits are late"
GIVEN_UP = "Commits were given up"
FAILING = "Functions fail or are throttled"
BUSY = "Much at once"
STARTING_OVER = "Clients start over, or saves collide"
TIMERS = "Timers, reminders and mornings"
INDEX = "The search index is behind"
FILES = "Files remain"
TASKS = "Tasks fail"


_CANARY = "For five minutes no commit of the canary has arrived: probably nobody's does."
_HAS_STOPPED = "People write, and the fan-out does not run: nothing of the table's stream is delivered."
_IS_LATE = "Sockets hear of commits more than a minute late."
_NOT_POSTED = "Commits were not posted: find the cause, then `make redrive`."
_NO_ANSWER = "Requests are answered with 5xx."
_NO_REPLY = "Sockets cannot open, or are not answered."
_CRASHES = "Functions that post to sockets crash or run out of time."
_BEHIND = "Search, timers or reminders fall behind."
_TOO_FEW = "Functions are throttled: more run than the account allows."
_CONNECTING = "Nearly as many sockets open a second as the account allows; others are refused."
_POSTING = "Nearly as many posts a second as are allowed; more are put off."
_PUT_OFF = "DynamoDB puts off reads or writes."
_COLLIDE = "Commits of the same rooms collide: saves take longer."
_START_OVER = "Many clients that come back load everything again."
_TIMERS = "People look as if they were here, and locks as if they were held."
_REMINDERS = "Appointments that were made in the last minutes are not reminded of yet."
_NO_REMINDERS = "Some appointments will not be reminded of: the cause, then `openhouse reminders`."
_MORNINGS = "People are not told in the morning what their day has."
_INDEX = "Search and filtered lists lack what was written in the last minutes."
_NO_INDEX = "The search index lacks some changes: find the cause, then `openhouse search`."
_FILES = "Files that were to be gone are still there, hour after hour."
_GIVEN_UP = "Tasks were given up: a step failed again and again."
_TASKS = "Many tasks fail."
_STEPS = "Steps of tasks fail, and are tried again: tasks are slow."
_WATCH = "Nobody looks after tasks of which nothing is heard."


def _errors_of(function: str) -> Line:
    return _one(Aws("function", "Errors", function))


_BACKGROUND = tuple(name for name in BACKGROUND if name not in _HOURLY_AND_TASKS)
_TABLES = tuple(
    Aws("table", name, table) for table in ("main", "records") for name in ("ReadThrottleEvents", "WriteThrottleEvents")
)
_SOCKETS = _sum(Aws("sockets", "IntegrationError"), Aws("sockets", "ExecutionError"))
_CONFLICTS = Line("", (Own(Metric.CONFLICTS), Own(Metric.COMMITS)), "IF(b > 100, FILL(a, 0) / b, 0)")
_RESETS = Line("", (Own(Metric.RESETS), Own(Metric.RESUMES)), "IF(b > 50, FILL(a, 0) / b, 0)")
# Commits, and the fan-out did not run once. A mapping that is disabled tells no age of its stream. The mapping's own
# `InvokedEventCount` also counts what a throttled function did not take.
_DELIVERED = Line(
    "",
    (Own(Metric.COMMITS), Aws("function", "Invocations", "fanout")),
    "IF(a > 0 AND FILL(b, 0) == 0, 1, 0)",
)

_OF_EVERY_DEPLOYMENT = (
    Alarm(id="DeliveryHasStopped", line=_DELIVERED, above=0, periods=5, why=_HAS_STOPPED, heading=STOPPED),
    Alarm(id="FanoutIsLate", line=_iterator("fanout"), above=60_000, why=_IS_LATE, heading=LATE),
    Alarm(id="ShardsAreLate", line=_age("shards"), above=60, why=_IS_LATE, heading=LATE),
    Alarm(id="BatchesFailed", line=_waiting("batches"), above=0, why=_NOT_POSTED, heading=GIVEN_UP),
    Alarm(id="ShardsFailed", line=_waiting("shards"), above=0, why=_NOT_POSTED, heading=GIVEN_UP),
    Alarm(id="RequestsFail", line=_errors(*FRONT), above=5, minutes=5, why=_NO_ANSWER, heading=FAILING),
    Alarm(id="BackgroundFails", line=_errors(*_BACKGROUND), above=5, minutes=5, why=_BEHIND, heading=FAILING),
    Alarm(id="FunctionsThrottled", line=_one(Aws("account", "Throttles")), above=20, minutes=5, why=_TOO_FEW,
          heading=FAILING),
    Alarm(id="HttpFails", line=_one(Aws("http", "5xx")), above=5, minutes=5, why=_NO_ANSWER, heading=FAILING),
    Alarm(id="SocketsFail", line=_SOCKETS, above=5, minutes=5, why=_NO_REPLY, heading=FAILING),
    Alarm(id="ConnectionsNearQuota", line=_one(Aws("sockets", "ConnectCount")),
          above=NEAR * CONNECTIONS_A_SECOND * 60, why=_CONNECTING, heading=BUSY),
    Alarm(id="TablesThrottled", line=_sum(*_TABLES), above=10, minutes=5, periods=3, ringing=2, why=_PUT_OFF,
          heading=BUSY),
    Alarm(id="ConflictsAreMany", line=_CONFLICTS, above=1, minutes=5, periods=3, ringing=2, why=_COLLIDE,
          heading=STARTING_OVER),
    Alarm(id="ResetsAreMany", line=_RESETS, above=0.2, minutes=5, periods=3, ringing=2, why=_START_OVER,
          heading=STARTING_OVER),
    # A message's age counts from when it was sent, and it may have been delayed for 15 minutes.
    Alarm(id="TimersAreLate", line=_age("timers"), above=17 * 60, why=_TIMERS, heading=TIMERS),
    Alarm(id="TimersFailed", line=_waiting("timers"), above=0, why=_TIMERS, heading=TIMERS),
    Alarm(id="RemindersAreLate", line=_iterator("reminders"), above=600_000, why=_REMINDERS, heading=TIMERS),
    Alarm(id="RemindersFailed", line=_waiting("reminders"), above=0, why=_NO_REMINDERS, heading=TIMERS),
    Alarm(id="NoBriefs", line=_errors_of("mornings"), above=2, minutes=180, why=_MORNINGS, heading=TIMERS),
    Alarm(id="IndexIsLate", line=_iterator("word_index"), above=60_000, why=_INDEX, heading=INDEX),
    Alarm(id="IndexFailed", line=_waiting("index"), above=0, why=_NO_INDEX, heading=INDEX),
    Alarm(id="FilesRemain", line=_errors_of("file_ends"), above=2, minutes=180, why=_FILES, heading=FILES),
    Alarm(id="TasksGivenUp", line=_one(Aws("machine", "ExecutionsFailed")), above=0, minutes=5, why=_GIVEN_UP,
          heading=TASKS),
    Alarm(id="TasksFail", line=_one(Own(Metric.TASKS_FAILED)), above=10, minutes=15, why=_TASKS, heading=TASKS),
    Alarm(id="TaskStepsFail", line=_errors_of("task_step"), above=5, minutes=5, why=_STEPS, heading=TASKS),
    Alarm(id="TaskWatchFails", line=_errors_of("task_watch"), above=2, minutes=5, why=_WATCH, heading=TASKS),
)  # fmt: skip


def alarms(*, posts_per_second: int, canary: bool, fast_lane: bool) -> list[Alarm]:
    """All of a deployment."""
    heard = _one(Own(Metric.CANARY, "SampleCount"))
    silent = Alarm(
        id="CanaryIsSilent", line=heard, below=1, periods=5, silence_rings=True, why=_CANARY, heading=STOPPED
    )
    posting = [name for name in DELIVERY if fast_lane or name != "fast_lane"]
    return [
        *([silent] if canary else []),
        *_OF_EVERY_DEPLOYMENT,
        Alarm(id="DeliveryFails", line=_errors(*posting), above=5, minutes=5, why=_CRASHES, heading=FAILING),
        Alarm(
            id="PostsNearQuota",
            line=_one(Own(Metric.POSTS)),
            above=NEAR * posts_per_second * 60,
            why=_POSTING,
            heading=BUSY,
        ),
    ]


_Side = Literal["GREATER_THAN_THRESHOLD", "LESS_THAN_THRESHOLD"]


class Alarms(Construct):
    """`topic_arn`: the SNS topic that is told; empty for alarms that only the console shows."""

    def __init__(self, scope: Construct, id_: str, *, parts: Parts, wanted: list[Alarm], topic_arn: str) -> None:
        super().__init__(scope, id_)
        topic = sns.Topic.from_topic_arn(self, "Topic", topic_arn) if topic_arn else None
        self.all = [self._made(alarm, parts) for alarm in wanted]
        for alarm in self.all if topic else ():
            assert topic is not None
            alarm.add_alarm_action(actions.SnsAction(topic))
            alarm.add_ok_action(actions.SnsAction(topic))

    def _made(self, alarm: Alarm, parts: Parts) -> cloudwatch.Alarm:
        side: _Side = "GREATER_THAN_THRESHOLD" if alarm.below is None else "LESS_THAN_THRESHOLD"
        threshold = alarm.above if alarm.below is None else alarm.below
        assert threshold is not None
        missing = cloudwatch.TreatMissingData
        return cloudwatch.Alarm(
            self,
            alarm.id,
            metric=parts.math(alarm.line, Duration.minutes(alarm.minutes)),
            threshold=threshold,
            comparison_operator=cloudwatch.ComparisonOperator[side],
            evaluation_periods=alarm.periods,
            datapoints_to_alarm=alarm.ringing or alarm.periods,
            treat_missing_data=missing.BREACHING if alarm.silence_rings else missing.NOT_BREACHING,
            alarm_description=alarm.description,
        )
