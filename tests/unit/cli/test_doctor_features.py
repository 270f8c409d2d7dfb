"""What the doctor finds of going on after a gap, locks, imports and reserved actions, where they do not work."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from typing import Any

import boto3
import pytest

from cli.doctor import features
from cli.doctor.check import Examination, NotWell
from cli.doctor.checks import reserved
from cli.doctor.line import Line
from cli.doctor.visitor import Visitor
from deployed.cloud import Cloud
from openhouse_client.errors import Problem
from tests.unit.deployed.examples import ON_AWS


class Rest:
    """The API of one record: `lets` through changes under these tokens while it is locked with token 7."""

    def __init__(self, lets: tuple[int | None, ...] = (), tasks: tuple[dict[str, Any], ...] = ()) -> None:
        self.lets, self.is_locked, self.tasks = lets, False, [*tasks]

    async def lock(self, *_which: str) -> dict[str, Any]:
        self.is_locked = True
        return {"token": 7}

    async def unlock(self, *_which: Any) -> None:
        self.is_locked = False

    async def patch(self, _path: str, id_: str, _changes: Any, *, lock_token: int | None = None) -> dict[str, Any]:
        if self.is_locked and lock_token not in self.lets:
            raise Problem(423, "locked", "somebody else has it", retryable=False)
        return {"id": id_, "version": 3}

    async def task(self, _id: str) -> dict[str, Any]:
        return self.tasks.pop(0)


class Wire:
    """A socket that answers the first `sync` with nothing and the second one with `frames` before its reply."""

    def __init__(self, *frames: Any, reset: bool = False) -> None:
        self.frames, self.reset = frames, reset
        self.said: asyncio.Queue[str] = asyncio.Queue()

    async def send(self, text: str) -> None:
        request = json.loads(text)
        room = {"epoch": "e", "seq": 4, "reset": self.reset and bool(request["positions"])}
        for frame in self.frames if request["positions"] else ():
            await self.said.put(json.dumps(frame))
        await self.said.put(json.dumps({"reply": request["id"], "ok": True, "rooms": {"team:t": room}, "more": False}))

    async def receive(self) -> str:
        return await self.said.get()

    async def close(self) -> None: ...


def examined(check: Callable[[Examination], Awaitable[str]], rest: Rest, wire: Callable[[], Wire] = Wire) -> str:
    async def run() -> str:
        async with AsyncExitStack() as at_the_end:
            visitor = Visitor(Cloud(boto3.Session(region_name="us-east-1")), ON_AWS)
            examination = Examination(visitor, at_the_end, 10, rest=rest, record_id="r-1")  # type: ignore[arg-type]

            async def resume(positions: Any) -> Any:
                line = Line(wire())
                at_the_end.push_async_callback(line.close)
                return line, await line.ask("sync", patience=60, positions=positions)

            examination.resume = resume
            return await check(examination)

    return asyncio.run(run())


COMMIT = {"commits": [{"events": [{"data": {"escrowId": "r-1", "version": 3}}]}]}


def test_what_was_missed_comes_before_the_reply() -> None:
    assert examined(features.resume, Rest(), lambda: Wire(COMMIT)).startswith("1 commit missed, there again after")


def test_a_log_that_cannot_go_on_and_a_change_that_does_not_come_are_not_well() -> None:
    with pytest.raises(NotWell, match="cannot go on from where a socket was a moment ago: team:t"):
        examined(features.resume, Rest(), lambda: Wire(COMMIT, reset=True))
    with pytest.raises(NotWell, match="did not come before the reply"):
        examined(features.resume, Rest(), Wire)


def test_a_lock_keeps_others_out() -> None:
    rest = Rest()
    assert "refused to others, released" in examined(features.lock, rest)
    assert not rest.is_locked


@pytest.mark.parametrize(("lets", "said"), [((None,), "without a token"), ((8,), "under another token")])
def test_a_lock_that_lets_others_through_is_not_well(lets: tuple[int | None, ...], said: str) -> None:
    with pytest.raises(NotWell, match=said):
        examined(features.lock, Rest(lets))


def test_a_task_that_fails_tells_why(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(features, "_LOOK_SECONDS", 0)
    running = {"id": "t-1", "status": "running", "message": ""}
    failed = {**running, "status": "failed", "message": "", "problem": {"detail": "the file is empty"}}

    async def wait(examination: Examination) -> str:
        return str(await features._waited_for(examination, running, "proposed"))

    with pytest.raises(NotWell, match="a task is failed: the file is empty"):
        examined(wait, Rest(tasks=(running, failed)))


class Refusing(Wire):
    """One that is told of somebody who comes, before each answer."""

    async def send(self, text: str) -> None:
        request = json.loads(text)
        await self.said.put(json.dumps(COMMIT))
        refused = {"error": {"code": "unknown_action"}} if request["action"].startswith("$") else {"ok": True}
        await self.said.put(json.dumps({"reply": request["id"], **refused}))


def test_what_is_told_meanwhile_is_no_answer_to_a_reserved_action() -> None:
    async def asked(examination: Examination) -> str:
        async def opened() -> Line:
            line = Line(Refusing())
            examination.at_the_end.push_async_callback(line.close)
            return line

        examination.open = opened
        return await reserved(examination)

    told = "$connect unknown_action, $disconnect unknown_action, $default unknown_action"
    assert examined(asked, Rest()) == f"answers: {told}"
