"""Log lines of an account: all of them, also where a page holds no more and names no next one."""

from __future__ import annotations

from typing import Any

from deployed.cloud import EVENTS_OF_A_PAGE, Cloud


class Logs:
    """An emulator's: one page of what begins then, the oldest first."""

    def __init__(self, events: list[dict[str, Any]]) -> None:
        self._events = events

    def client(self, _name: str, **_options: Any) -> Logs:
        return self

    def get_paginator(self, _name: str) -> Logs:
        return self

    def paginate(self, **_options: Any) -> list[dict[str, Any]]:
        return [{"logGroups": [{"logGroupName": "/aws/crm"}]}]

    def filter_log_events(self, *, startTime: int, **_options: Any) -> dict[str, Any]:  # noqa: N803
        found = [event for event in self._events if event["timestamp"] >= startTime]
        return {"events": found[:EVENTS_OF_A_PAGE]}


def lines(count: int, since: float = 0) -> list[tuple[str, float, str]]:
    session: Any = Logs([{"timestamp": number, "message": str(number)} for number in range(count)])
    return [*Cloud(session=session, emulator_url="http://127.0.0.1:1").log_lines("/aws/", since)]


def test_of_more_than_a_page_none_is_missing_or_told_twice() -> None:
    assert [text for _, _, text in lines(2 * EVENTS_OF_A_PAGE + 7)] == [*map(str, range(2 * EVENTS_OF_A_PAGE + 7))]
    assert lines(0) == []
    assert lines(5)[-1] == ("crm", 0.004, "4")


def test_earlier_ones_are_left_out() -> None:
    assert [text for _, _, text in lines(9, since=0.006)] == ["6", "7", "8"]
