"""What a check is: what it settles, what it is told, and how it says what it has found."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import Any

from cli.doctor.line import Line
from cli.doctor.visitor import Visitor
from openhouse_client.rest import Rest
from openhouse_client.websocket import open_websocket

PATIENCE = 15.0  # seconds for any one thing to happen; a cold start is among them


class NotWell(Exception):
    """What was found instead of what should be."""


class NotTold(Exception):
    """Here it cannot be found out, which is nobody's fault."""


@dataclass
class Examination:
    """What the checks know of each other. `rest` and `line` are there once the checks that make them have passed."""

    visitor: Visitor
    at_the_end: AsyncExitStack
    posts: int  # of the burst
    rest: Rest | None = None
    line: Line | None = None
    record_id: str = ""  # of an escrow that the visitor may change

    async def open(self) -> Line:
        """One more socket, in its rooms. Raises ClientError, TimeoutError, NotWell."""
        line, _ = await self.resume({})
        return line

    async def resume(self, positions: Mapping[str, Any]) -> tuple[Line, Mapping[str, Any]]:
        """One that goes on from these positions, and the reply to that. Raises as `open` does."""
        line = Line(await open_websocket((await self.calls().ticket()).url))
        self.at_the_end.push_async_callback(line.close)
        return line, await joined(line, positions)

    def socket(self) -> Line:
        assert self.line is not None
        return self.line

    def calls(self) -> Rest:
        assert self.rest is not None
        return self.rest


@dataclass(frozen=True)
class Question:
    """`settles`: what the answer tells. `advice`: what to do when the answer is bad."""

    name: str
    settles: str
    advice: str


@dataclass(frozen=True)
class Check(Question):
    """`examine` answers with the figure that was found; it raises NotWell, NotTold, or what the calls it makes raise.

    `essential`: nothing can be examined without it.
    """

    examine: Callable[[Examination], Awaitable[str]]
    essential: bool = False


async def joined(line: Line, positions: Mapping[str, Any]) -> Mapping[str, Any]:
    """The reply to its `sync`. Raises NotWell, TimeoutError, ClientError."""
    reply = await line.ask("sync", patience=PATIENCE, positions=positions)
    if not reply.get("ok"):
        raise NotWell(f"the reply to `sync` is {json.dumps(reply)}")
    return reply


def tells_of(noun: str, record_id: str, version: int) -> Callable[[Any], bool]:
    """Whether a frame has the commit by which the record came to this version."""

    def tells(frame: Any) -> bool:
        return any(
            event["data"].get(f"{noun}Id") == record_id and event["data"].get("version") == version
            for commit in frame.get("commits", [])
            for event in commit["events"]
        )

    return tells


def ms(seconds: float) -> str:
    return f"{1000 * seconds:,.0f} ms"
