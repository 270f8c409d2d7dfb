"""The five questions of whoever runs it, from top to bottom, and the charts that answer them."""

from __future__ import annotations

from collections.abc import Mapping

from deployed.board.series import Aws, Line, Own, Section, Widget, aws, own
from openhouse.core.metrics import Metric

REST = ("crm", "files", "directory")
FRONT = ("authorizer", *REST, "socket")  # people wait for these
DELIVERY = ("fanout", "fanout_worker", "fast_lane")
BACKGROUND = ("word_index", "timers", "reminders", "task_step", "task_watch", "file_ends", "mornings")
FAILURES = {
    "batches": "commits",
    "shards": "shards",
    "timers": "timers",
    "index": "search index",
    "reminders": "reminders",
}

CONNECTED = Section(
    "Are people connected?",
    "Sockets open as others close; hardly any client has to start over.",
    (
        Widget(
            "Sockets opened and closed",
            "a minute",
            (own("opened", Metric.CONNECTIONS), own("closed", Metric.DISCONNECTIONS)),
            "Both alike: people come and go. More closed than opened: they are leaving, or thrown out.",
        ),
        Widget(
            "Tickets, and what sockets say",
            "a minute",
            # API Gateway's own MessageCount is of what sockets are sent as well as of what they say:
            # https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-websocket-api-logging.html
            (own("tickets issued", Metric.TICKETS), aws("messages of sockets", "function", "Invocations", "socket")),
            "A browser beats every 25 s: messages divided by 2.4 are people, at most.",
        ),
        Widget(
            "Clients that came back",
            "rooms a minute",
            (own("went on", Metric.RESUMES), own("started over", Metric.RESETS)),
            "Who starts over loads lists again: the log could not tell what they had missed.",
        ),
    ),
)

ARRIVING = Section(
    "Do their changes arrive?",
    "Every commit is posted, the canary is heard each minute, and nothing waits.",
    (
        Widget(
            "Commits and posts",
            "a minute",
            (
                own("commits", Metric.COMMITS),
                own("posts", Metric.POSTS),
                aws("calls of the fan-out", "function", "Invocations", "fanout"),
            ),
            "Posts or calls end while commits go on: delivery has stopped.",
        ),
        Widget(
            "Who was not reached",
            "sockets a minute",
            (own("gone", Metric.GONE), own("lagging", Metric.LAGGING), own("put off", Metric.THROTTLED)),
            "Gone is normal. Lagging clients notice the gap and ask; put off is the limit of posts a second.",
        ),
        Widget(
            "The canary",
            "ms",
            (own("until its commit had arrived", Metric.CANARY, "Maximum"),),
            "One a minute, through the stream. A gap: nothing arrived.",
        ),
        Widget(
            "What waits",
            "s",
            (
                Line("in the stream", (Aws("function", "IteratorAge", "fanout", "Maximum"),), "a / 1000"),
                aws("shards of large rooms", "queue", "ApproximateAgeOfOldestMessage", "shards", "Maximum"),
            ),
            "The oldest commit that nobody was told of yet.",
        ),
    ),
)

FAST = Section(
    "How fast?",
    "Half of all commits are posted within 100 ms, and painted within 200.",
    (
        Widget(
            "From a commit to its post",
            "ms",
            (
                own("p50", Metric.COMMIT_TO_POST, "p50"),
                own("p95", Metric.COMMIT_TO_POST, "p95"),
                own("p99", Metric.COMMIT_TO_POST, "p99"),
            ),
        ),
        Widget(
            "From a commit to the screen",
            "ms",
            (own("p50", Metric.COMMIT_TO_SCREEN, "p50"), own("p95", Metric.COMMIT_TO_SCREEN, "p95")),
            "As a sample of browsers measures it, each by its own clock.",
        ),
        Widget(
            "REST answers",
            "ms",
            (aws("p95", "http", "Latency", statistic="p95"),),
        ),
    ),
)

FAILING = Section(
    "What fails?",
    "All of these lie at nothing, but for conflicts below one a commit.",
    (
        Widget(
            "Answers 5xx",
            "a minute",
            (aws("REST", "http", "5xx"), aws("sockets", "sockets", "IntegrationError")),
        ),
        Widget(
            "Functions that failed",
            "a minute",
            (aws("all functions of the account", "account", "Errors"),),
            'Which of them: the alarms above, and the query "What went wrong most often".',
        ),
        Widget(
            "Throttled",
            "a minute",
            (
                aws("functions", "account", "Throttles"),
                Line(
                    "tables",
                    tuple(
                        Aws("table", name, table)
                        for table in ("main", "records")
                        for name in ("ReadThrottleEvents", "WriteThrottleEvents")
                    ),
                    "FILL(a, 0) + FILL(b, 0) + FILL(c, 0) + FILL(d, 0)",
                ),
            ),
        ),
        Widget(
            "Set aside",
            "messages",
            tuple(
                aws(label, "queue", "ApproximateNumberOfMessagesVisible", f"failed {name}", "Maximum")
                for name, label in FAILURES.items()
            ),
            "What was given up, and waits for a person.",
        ),
        Widget(
            "Conflicts of a commit",
            "tries",
            (Line("conflicts", (Own(Metric.CONFLICTS), Own(Metric.COMMITS)), "FILL(a, 0) / b"),),
        ),
        Widget(
            "Locks",
            "a minute",
            (own("taken", Metric.LOCKS_TAKEN), own("refused", Metric.LOCKS_REFUSED)),
        ),
        Widget(
            "How tasks ended",
            "a minute",
            (
                own("completed", Metric.TASKS_COMPLETED),
                own("failed", Metric.TASKS_FAILED),
                own("cancelled", Metric.TASKS_CANCELLED),
            ),
        ),
        Widget(
            "Browsers",
            "a minute, of a sample",
            (own("reconnects", Metric.RECONNECTS), own("errors", Metric.BROWSER_ERRORS)),
        ),
    ),
)


def costing(price: Mapping[str, float]) -> Section:
    """`price`: dollars for one of each of what is counted here."""
    return Section(
        "What does it cost?",
        "It follows the people at work. What stands in any case, and what is stored, is not in here.",
        (
            Widget(
                "Dollars an hour, by what AWS asks for",
                "$ an hour",
                (
                    Line(
                        "socket messages",
                        (Aws("sockets", "MessageCount"),),  # of both ways, as they are billed
                        f"a * 60 * {price['socket messages']:.10f}",
                    ),
                    Line("REST", (Aws("http", "Count"),), f"a * 60 * {price['http requests']:.10f}"),
                    Line(
                        "write units",
                        (
                            Aws("table", "ConsumedWriteCapacityUnits", "main"),
                            Aws("table", "ConsumedWriteCapacityUnits", "records"),
                        ),
                        f"(FILL(a, 0) + FILL(b, 0)) * 60 * {price['write units']:.10f}",
                    ),
                    Line(
                        "read units",
                        (
                            Aws("table", "ConsumedReadCapacityUnits", "main"),
                            Aws("table", "ConsumedReadCapacityUnits", "records"),
                        ),
                        f"(FILL(a, 0) + FILL(b, 0)) * 60 * {price['read units']:.10f}",
                    ),
                    Line(
                        "function calls", (Aws("account", "Invocations"),), f"a * 60 * {price['function calls']:.10f}"
                    ),
                ),
                "By list prices, at the rate of the last minute. The bill: `openhouse cost`, and the budget.",
                stacked=True,
            ),
        ),
    )


def sections(price: Mapping[str, float]) -> tuple[Section, ...]:
    return CONNECTED, ARRIVING, FAST, FAILING, costing(price)
