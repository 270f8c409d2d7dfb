"""What the deployed functions log of a change, from the request to the post, and what they have counted."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from typing import Any
from uuid import uuid4

from cli.board.run import LOG_GROUPS
from local.stack import RunningStack
from tests.e2e.conftest import Caller, RawSocket, until


def test_a_change_is_followed_by_its_name_from_its_request_to_its_post(
    ava: Caller, stack: RunningStack, joined: Callable[[Caller], RawSocket]
) -> None:
    name, began = uuid4().hex[:16], time.time()
    socket = joined(ava)
    made = ava("POST", "/escrows", {"propertyAddress": "1 Main St"}, headers={"x-request-id": name})
    assert made.status_code == 201, made.text
    (commit,) = socket.wait_for_commits(1)
    assert commit["request"] == name
    found: list[dict[str, Any]] = []

    def is_told() -> bool:
        """A function's lines come with its next call, if they come late: so each is called again."""
        assert ava("PATCH", f"/escrows/{made.json()['id']}", {"notes": uuid4().hex}).status_code == 200
        socket.ask("ping")
        found[:] = [json.loads(text) for _, _, text in stack.cloud.log_lines(LOG_GROUPS, began) if text.startswith("{")]
        counted = {metric for line in found if "_aws" in line for metric in line}
        return (
            bool(written(found, name)) and bool(posted(found, name)) and counted >= {"Commits", "Posts", "Connections"}
        )

    until(is_told)
    assert [line["rooms"][commit["room"]] for line in written(found, name)] == [commit["seq"]]
    assert all(line["first_seq"] <= commit["seq"] <= line["last_seq"] for line in posted(found, name))


def written(lines: list[dict[str, Any]], name: str) -> list[dict[str, Any]]:
    return [line for line in lines if line.get("message") == "committed" and line.get("correlation_id") == name]


def posted(lines: list[dict[str, Any]], name: str) -> list[dict[str, Any]]:
    return [line for line in lines if line.get("message") == "delivered" and name in line["requests"]]
