"""`/_aws_like`, at the emulator's own address: PUT conditions to switch it on, DELETE to end it, GET what happened."""

from __future__ import annotations

import asyncio
import json
from typing import Any

from local.aws_like.alarms import Alarms
from local.aws_like.conditions import Conditions
from local.aws_like.imitation import Imitation

PATH = "/_aws_like"


class Control:
    """An ASGI application around another one."""

    def __init__(self, imitation: Imitation, alarms: Alarms, around: Any) -> None:
        self._imitation = imitation
        self._alarms = alarms
        self._around = around

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http" or scope["path"] != PATH:
            await self._around(scope, receive, send)
            return
        status, content = await self._answer(scope["method"], await _body(receive))
        headers = [(b"content-type", b"application/json")]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": json.dumps(content).encode()})

    async def _answer(self, method: str, body: bytes) -> tuple[int, Any]:
        match method:
            case "PUT":
                try:
                    conditions = Conditions.read(json.loads(body or b"{}"))
                except ValueError as error:
                    return 400, {"message": str(error)}
                # In a thread: whoever polls the stream finishes what it is at, which may need this loop.
                await asyncio.to_thread(self._imitation.switch, conditions)
            case "DELETE":
                await asyncio.to_thread(self._imitation.switch, None)
            case "GET":
                pass
            case _:
                return 405, {"message": "GET, PUT or DELETE"}
        conditions_now = self._imitation.conditions
        return 200, {
            "conditions": conditions_now.values() if conditions_now else None,
            "counts": self._imitation.counts(),
            "alarms": sorted(self._alarms.raised),
            "unknownAlarms": sorted(self._alarms.unknown),
        }


async def _body(receive: Any) -> bytes:
    body, more = b"", True
    while more:
        message = await receive()
        body += message.get("body", b"")
        more = message.get("more_body", False)
    return body
