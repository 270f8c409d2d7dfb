"""API Gateway as callers, sockets and posts meet it: late, throttled, and with an end to every socket."""

from __future__ import annotations

import asyncio
import contextvars
import json
import time
from dataclasses import dataclass, field
from typing import Any

from local.aws_like import measures
from local.aws_like.calls import THROTTLED, Answer
from local.aws_like.conditions import Conditions
from local.aws_like.imitation import Imitation
from local.aws_like.throttle import Throttle

_GOING_AWAY, _TOO_LARGE = 1001, 1009
_TOO_MANY, _FAILED = "Too Many Requests", "Internal server error"


@dataclass
class _Socket:
    """What is known of one while it is open."""

    conditions: Conditions
    opened: float
    active: float = field(default=0.0)
    accepted: bool = False
    ended: bool = False
    refused: int = 0  # the status of $connect's function that failed

    @property
    def ends_at(self) -> float:
        return min(self.opened + self.conditions.socket_seconds, self.active + self.conditions.idle_seconds)


_SOCKET: contextvars.ContextVar[_Socket] = contextvars.ContextVar("socket")


class Gateway:
    """`apigateway`: the emulator's module. All in its event loop."""

    def __init__(self, imitation: Imitation, apigateway: Any) -> None:
        self._imitation = imitation
        self._module = apigateway
        self._begin(Conditions())
        self._speaking: set[asyncio.Task[None]] = set()
        self._execute = apigateway.handle_execute
        self._connections = apigateway.handle_connections_api
        self._open = apigateway.handle_websocket
        self._invoke = apigateway._invoke_ws_lambda  # noqa: SLF001
        apigateway.handle_execute = self.handle_execute
        apigateway.handle_connections_api = self.handle_connections_api
        apigateway.handle_websocket = self.handle_websocket
        apigateway._invoke_ws_lambda = self._invoke_function  # noqa: SLF001
        imitation.on_change.append(self._begin)

    def _begin(self, conditions: Conditions | None) -> None:
        if conditions is not None:
            rates = {
                "account": conditions.account_requests,
                "http": conditions.stage_requests,
                "socket": conditions.stage_requests,
            }
            self._throttles = {name: Throttle(rate, rate // 2) for name, rate in rates.items()}

    def _passes(self, *names: str) -> bool:
        passed = all(self._throttles[name].passes() for name in names)
        if not passed:
            self._imitation.count(f"{names[-1]}.throttled")
        return passed

    # REST -------------------------------------------------------------------------------------------------------------

    async def handle_execute(self, *request: Any, **more: Any) -> Answer:
        if self._imitation.on:
            self._imitation.count("http.requests")
            if not self._passes("account", "http"):
                return 429, {"Content-Type": "application/json"}, json.dumps({"message": _TOO_MANY}).encode()
            await asyncio.sleep(self._imitation.delay(measures.HTTP_API))
        answer: Answer = await self._execute(*request, **more)
        return answer

    # Posts ------------------------------------------------------------------------------------------------------------

    async def handle_connections_api(self, method: str, *request: Any) -> Answer:
        """`request`: the API, the stage, the connection, the body, the headers."""
        if not self._imitation.on:
            answer: Answer = await self._connections(method, *request)
            return answer
        await asyncio.sleep(self._imitation.delay(measures.POST_TO_CONNECTION))
        status, headers, body = await self._post(method, request)
        self._imitation.count(f"posts.{method}.{status}")
        return status, headers, body

    async def _post(self, method: str, request: tuple[Any, ...]) -> Answer:
        if not self._passes("account") or self._imitation.happens(measures.POST_THROTTLED):
            return self._refuse(429, "LimitExceededException")
        if method == "POST" and len(request[3]) > measures.SOCKET_MESSAGE_KB.value * 1024:
            return self._refuse(413, "PayloadTooLargeException")
        answer: Answer = await self._connections(method, *request)
        return answer

    def _refuse(self, status: int, code: str) -> Answer:
        return (
            status,
            {"Content-Type": "application/json", "x-amzn-ErrorType": code},
            b'{"message":"%s"}' % code.encode(),
        )

    # Sockets ----------------------------------------------------------------------------------------------------------

    async def handle_websocket(
        self, scope: Any, receive: Any, send: Any, api_id: str, path_override: Any = None
    ) -> None:
        conditions = self._imitation.conditions
        if conditions is None:
            await self._open(scope, receive, send, api_id, path_override)
            return
        now = time.monotonic()
        socket = _Socket(conditions, opened=now, active=now)
        token = _SOCKET.set(socket)

        async def send_and_note(message: Any) -> None:
            kind = message["type"]
            if kind == "websocket.close":
                if socket.ended:
                    return
                socket.ended = True
                if not socket.accepted and socket.refused:
                    await self._module._refuse_ws_handshake(scope, send, socket.refused, _FAILED, "", "")  # noqa: SLF001
                    return
            elif kind == "websocket.accept":
                self._imitation.count("sockets.opened")
                socket.accepted = True
            socket.active = time.monotonic()
            await send(message)

        try:
            await self._open(
                scope, lambda: self._receive(socket, receive, send_and_note), send_and_note, api_id, path_override
            )
        finally:
            _SOCKET.reset(token)

    async def _receive(self, socket: _Socket, receive: Any, send: Any) -> Any:
        waiting = asyncio.ensure_future(receive())
        try:
            while not waiting.done():
                left = socket.ends_at - time.monotonic()
                if socket.accepted and left <= 0:
                    idle = (
                        socket.active + socket.conditions.idle_seconds
                        < socket.opened + socket.conditions.socket_seconds
                    )
                    return await self._cut(send, _GOING_AWAY, "Going away", "idle" if idle else "age")
                await asyncio.wait({waiting}, timeout=max(left, 0.01))
        finally:
            if not waiting.done():
                waiting.cancel()
        message = waiting.result()
        if message["type"] == "websocket.receive":
            socket.active = time.monotonic()
            text = message.get("text") or (message.get("bytes") or b"").decode(errors="replace")
            # A whole message comes at once here: who has cut it into frames cannot be told from who has not.
            if len(text.encode()) > measures.SOCKET_MESSAGE_KB.value * 1024:
                return await self._cut(send, _TOO_LARGE, "Message too long", "size")
            self._imitation.count(f"sockets.{_action(text)}")
        return message

    async def _cut(self, send: Any, code: int, reason: str, why: str) -> Any:
        self._imitation.count(f"sockets.cut.{why}")
        await send({"type": "websocket.close", "code": code, "reason": reason})
        return {"type": "websocket.disconnect", "code": code, "reason": reason}

    async def _invoke_function(self, *call: Any, **more: Any) -> Any:
        """`call`: the API, account, region, route, stage, connection, kind of event, its id, and the rest."""
        if not self._imitation.on:
            return await self._invoke(*call, **more)
        connection, kind, request = call[5:8]
        if kind == "DISCONNECT":
            return await self._invoke(*call, **more)
        if not self._passes("account", "socket"):
            _refuse_socket(429)
            return {"statusCode": 429, "body": _frame(_TOO_MANY, connection, request)}
        await asyncio.sleep(self._imitation.delay(measures.WEBSOCKET_API))
        if kind == "MESSAGE":  # which nothing waits for: messages of one socket are worked on side by side
            speaking = asyncio.create_task(self._speak(connection, request, call, more))
            self._speaking.add(speaking)
            speaking.add_done_callback(self._speaking.discard)
            return None
        answer = await self._invoke(*call, **more)
        if int((answer or {}).get("statusCode", 200)) >= 500:
            _refuse_socket(502)
        return answer

    async def _speak(self, connection: str, request: str, call: tuple[Any, ...], more: Any) -> None:
        answer = await self._invoke(*call, **more) or {}
        open_one = self._module._ws_connections.get(connection)  # noqa: SLF001
        if int(answer.get("statusCode", 200)) >= 500 and open_one is not None:
            self._imitation.count("sockets.throttled" if answer.get("body") == THROTTLED else "sockets.failed")
            await open_one["outbox"].put(_frame(_FAILED, connection, request))


def _refuse_socket(status: int) -> None:
    _SOCKET.get().refused = status


def _frame(message: str, connection: str, request: str) -> str:
    """API Gateway's own."""
    return json.dumps({"message": message, "connectionId": connection, "requestId": request})


def _action(text: str) -> str:
    """What a message asks for; `other` where that cannot be said."""
    try:
        action = json.loads(text)["action"]
    except (ValueError, TypeError, KeyError):
        return "other"
    return action if action in {"sync", "ping", "auth"} else "other"
