"""SQS as functions and Lambda meet it: slow to take, taking batches in part, and slower to hand on."""

from __future__ import annotations

import asyncio
import json
import time
from typing import Any

from local.aws_like import measures
from local.aws_like.calls import Answer, is_of_a_function, note_repeats
from local.aws_like.functions import Functions
from local.aws_like.imitation import Imitation

_FAILED = {"SenderFault": False, "Code": "InternalError", "Message": "The service could not take this message."}


class Queues:
    """`sqs`, `lambda_svc`: the emulator's modules."""

    def __init__(self, imitation: Imitation, sqs: Any, lambda_svc: Any, functions: Functions) -> None:
        self._imitation = imitation
        self._lambda = lambda_svc
        self._functions = functions
        self._handle = sqs.handle_request
        self._run_batch = lambda_svc._run_sqs_batch  # noqa: SLF001
        self._batches_at_once = lambda_svc._sqs_esm_concurrency  # noqa: SLF001
        sqs.handle_request = self.handle_request
        lambda_svc._run_sqs_batch = self._run_later  # noqa: SLF001
        lambda_svc._sqs_esm_concurrency = self._concurrency  # noqa: SLF001

    async def handle_request(self, method: str, path: str, headers: dict[str, str], body: bytes, query: Any) -> Answer:
        action = headers.get("x-amz-target", "").rpartition(".")[2]
        if not self._imitation.on or not is_of_a_function(headers):
            return await self._original(method, path, headers, body, query)
        self._imitation.count(f"sqs.{action}")
        note_repeats(self._imitation, headers)
        await asyncio.sleep(self._imitation.delay(measures.QUEUE_SEND))
        if action == "SendMessageBatch" and self._imitation.happens(measures.QUEUE_TOOK_A_PART):
            return await self._take_a_part(method, path, headers, json.loads(body), query)
        return await self._original(method, path, headers, body, query)

    async def _original(self, *request: Any) -> Answer:
        answer: Answer = await self._handle(*request)
        return answer

    async def _take_a_part(self, method: str, path: str, headers: dict[str, str], call: Any, query: Any) -> Answer:
        """All but the last entry."""
        self._imitation.count("refused.sqs")
        *taken, left = call["Entries"]
        answer: dict[str, Any] = {}
        if taken:
            part = json.dumps({**call, "Entries": taken}).encode()
            status, answered, body = await self._original(method, path, headers, part, query)
            if status != 200:
                return status, answered, body
            answer = json.loads(body)
        answer.setdefault("Successful", [])
        answer["Failed"] = [*answer.get("Failed", []), {"Id": left["Id"], **_FAILED}]
        return 200, {"Content-Type": "application/x-amz-json-1.0"}, json.dumps(answer).encode()

    # Handing on -------------------------------------------------------------------------------------------------------

    def _concurrency(self, esm: Any, func_rec: Any, config: Any, queue: Any = None) -> int:
        """A group that is under way is not received, so batches of a FIFO queue may be worked on side by side, too."""
        if not self._imitation.on:
            before: int = self._batches_at_once(esm, func_rec, config, queue)
            return before
        configured: int = self._batches_at_once(esm, func_rec, config)
        return configured

    def _run_later(self, esm: Any, func_rec: Any, event: Any, batch: Any, queue_url: str, queue_name: str) -> None:
        if not self._imitation.on:
            self._run_batch(esm, func_rec, event, batch, queue_url, queue_name)
            return
        self._imitation.count("sqs.messages_handed_on", len(batch))
        self._imitation.count("sqs.messages_again", sum(message["receive_count"] > 1 for message in batch))
        time.sleep(self._imitation.delay(measures.QUEUE_HANDOVER))
        invisible_until = min(message["visible_at"] for message in batch)
        with self._functions.retrying_throttles(until=invisible_until):
            self._run_batch(esm, func_rec, event, batch, queue_url, queue_name)
