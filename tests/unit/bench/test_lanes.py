"""What the benchmark of both lanes makes of what watchers heard."""

from __future__ import annotations

import math

from bench.lanes import WATCHERS, Seen, compare, figures
from local.aws_like.client import Report


def seen_after(delays: list[float]) -> Seen:
    """Records that begin a second after each other, and are heard of so many seconds later."""
    began = {f"r{number}": float(number) for number in range(len(delays))}
    heard = {id_: at + delay for (id_, at), delay in zip(began.items(), delays, strict=True)}
    return Seen(began, {name: dict(heard) for name in WATCHERS}, dict.fromkeys(WATCHERS, 0), busy=2)


REPORT = Report({"posts.POST.200": 40, "sockets.ping": 6, "sockets.sync": 4, "stream.batches_again": 1}, (), ())


def test_delays_are_of_who_was_never_cut_off_and_posts_are_of_commits_alone() -> None:
    found = figures(seen_after([0.1] * 9 + [1.0]), REPORT)
    assert [round(found[name]) for name in ("p50", "p95", "p99")] == [100, 1000, 1000]
    assert found["posts"] == 30 / 10 / len(WATCHERS)
    assert (found["syncs"], found["retries"], found["busy"], found["alarms"]) == (4, 1, 2, 0)


def test_what_was_missed_while_cut_off_does_not_count_as_late() -> None:
    seen = seen_after([0.1] * 3 + [9.0] + [0.1] * 6)
    assert round(figures(seen, REPORT)["thirdP50"]) == 100
    seen.heard[WATCHERS[2]].clear()
    assert math.isnan(figures(seen, REPORT)["thirdP50"])


def test_what_was_created_until_functions_had_started_is_told_apart() -> None:
    """A benchmark of 985 records has nine slowest ones of a hundredth: they are those that wait for the first start."""
    found = figures(seen_after([3.5, 2.5, 1.5, 0.5] + [0.1] * 6), REPORT)
    assert (round(found["first"]), found["cold"]) == (3500, 4)
    assert [round(found[name]) for name in ("p50", "p99", "thirdP50")] == [100, 100, 100]


def test_both_are_shown_side_by_side() -> None:
    fast, slow = figures(seen_after([0.2] * 10), REPORT), figures(seen_after([0.5] * 10), REPORT)
    (line,) = [line for line in compare(fast, slow).splitlines() if "all others" in line]
    assert line.split()[-2:] == ["200", "500"]
