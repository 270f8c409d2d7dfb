"""Streams of the emulator are polled side by side, each by one thread at a time."""

from __future__ import annotations

import threading
from types import SimpleNamespace
from typing import Any

from local.stream_polls import StreamPolls

FAST, SLOW, QUEUE = (
    ("0", "us-east-1", {"UUID": name, "EventSourceArn": f"arn:aws:{service}:us-east-1:0:table/{name}"})
    for name, service in (("fast", "dynamodb"), ("slow", "dynamodb"), ("queue", "sqs"))
)


def service(poll: Any) -> Any:
    made = SimpleNamespace(_iter_all_esms=lambda: iter([FAST, SLOW, QUEUE]))
    made._poll_dynamodb_streams = lambda: poll([mapping[2]["UUID"] for mapping in made._iter_all_esms()])
    StreamPolls(made)
    return made


def test_a_slow_stream_does_not_keep_another_waiting():
    release, fast_again = threading.Event(), threading.Event()
    polled: list[str] = []

    def poll(names: list[str]) -> bool:
        (name,) = names
        polled.append(name)
        if name == "slow":
            assert release.wait(10)
        elif polled.count("fast") == 2:
            fast_again.set()
        return False

    made = service(poll)
    assert made._poll_dynamodb_streams() is False
    while "slow" not in polled or "fast" not in polled:
        pass
    for _ in range(1_000):
        made._poll_dynamodb_streams()
        if fast_again.wait(0.01):
            break
    assert fast_again.is_set()
    assert polled.count("slow") == 1  # by one thread alone
    release.set()


def test_what_comes_while_a_stream_is_polled_is_polled_again():
    begun, release, done = threading.Event(), threading.Event(), threading.Event()
    polls = 0

    def poll(names: list[str]) -> bool:
        nonlocal polls
        if names != ["slow"]:
            return False
        polls += 1
        if polls == 1:
            begun.set()
            assert release.wait(10)
        else:
            done.set()
        return False

    made = service(poll)
    made._poll_dynamodb_streams()
    assert begun.wait(10)
    made._poll_dynamodb_streams()
    release.set()
    assert done.wait(10)


def test_others_still_see_all_mappings():
    assert list(service(lambda _names: False)._iter_all_esms()) == [FAST, SLOW, QUEUE]
