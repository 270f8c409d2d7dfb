"""Lambda as its callers meet it: it takes a while to get there, so many at a time and no more, and it tries again."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from local.aws_like import measures
from local.aws_like.calls import THROTTLED
from local.aws_like.conditions import Conditions
from local.aws_like.imitation import Imitation

_FIRST_PAUSE, _LONGEST_PAUSE = 0.25, 5.0  # seconds between two tries of who polls and is throttled; AWS tells of none


class Functions:
    """`lambda_svc`, `lambda_runtime`: the emulator's modules."""

    def __init__(self, imitation: Imitation, lambda_svc: Any, lambda_runtime: Any) -> None:
        self._imitation = imitation
        self._lambda = lambda_svc
        self._patience = threading.local()
        self._cap = lambda_svc._ACCOUNT_CONCURRENCY_CAP  # noqa: SLF001
        self._execute = lambda_svc._execute_function  # noqa: SLF001
        self._dispatch = lambda_svc._execute_function_dispatch  # noqa: SLF001
        self._throttle = lambda_svc._throttle_response  # noqa: SLF001
        self._as_proxy_response = lambda_svc.lambda_execute_result_to_api_proxy_response
        self._worker = lambda_runtime.get_or_create_worker
        lambda_svc._execute_function = self.execute  # noqa: SLF001
        lambda_svc._execute_function_dispatch = self._dispatch_later  # noqa: SLF001
        lambda_svc._throttle_response = self._count_throttle  # noqa: SLF001
        lambda_svc.lambda_execute_result_to_api_proxy_response = self._proxy_response
        lambda_runtime.get_or_create_worker = self._any_worker
        imitation.on_change.append(self._limit)

    def execute(self, func: Any, event: Any) -> Any:
        """The emulator's own result: `{body, error?, throttle?, log}`."""
        for pause in pauses():
            result = self._execute(func, event)
            until = getattr(self._patience, "until", 0.0)
            if not result.get("throttle") or time.time() + pause >= until:
                break
            time.sleep(pause)
        return result

    @contextmanager
    def retrying_throttles(self, *, until: float) -> Iterator[None]:
        """What this thread invokes in the block is tried again while there is no place for it. `until`: since 1970."""
        self._patience.until = until
        try:
            yield
        finally:
            self._patience.until = 0.0

    def _limit(self, conditions: Conditions | None) -> None:
        self._lambda._ACCOUNT_CONCURRENCY_CAP = conditions.functions if conditions else self._cap  # noqa: SLF001

    def _dispatch_later(self, func: Any, config: Any, event: Any, request_id: str, started: float) -> Any:
        if self._imitation.on:
            self._imitation.count("functions.invoked")
            self._imitation.seen("functions.most_at_once", self._lambda.executions_in_flight()[0])
            time.sleep(self._imitation.delay(measures.INVOCATION))
        result = self._dispatch(func, config, event, request_id, started)
        if result.get("error"):
            self._imitation.count("functions.failed")
            why = str(result.get("body"))[:300]
            self._imitation.count(f"failed: {config['FunctionName']}: {why}")  # for whoever wonders
        return result

    def _count_throttle(self, *arguments: Any, **named: Any) -> Any:
        self._imitation.count("functions.throttled")
        return self._throttle(*arguments, **named)

    def _proxy_response(self, result: Any) -> Any:
        """An HTTP API says no more than that it did not work: by which status, AWS does not document for a throttle."""
        status = {True: 503, False: 500}[bool(result.get("throttle"))]
        if not self._imitation.on or not result.get("error"):
            return self._as_proxy_response(result)
        text = {503: "Service Unavailable", 500: "Internal Server Error"}[status]
        headers = {"Content-Type": "application/json"}
        return {"statusCode": status, "headers": headers, "body": f'{{"message":"{text}"}}'}, None

    # Functions of sockets ---------------------------------------------------------------------------------------------

    def _any_worker(self, func_name: str, config: Any, code_zip: Any, qualifier: str = "$LATEST") -> Any:
        """The emulator calls these one after the other, past every limit."""
        if not self._imitation.on:
            return self._worker(func_name, config, code_zip, qualifier=qualifier)
        return _Limited(self._lambda, {"config": config, "code_zip": code_zip})


class _Limited:
    """Looks like a worker of the emulator's, and is one call of any that is free."""

    def __init__(self, lambda_svc: Any, func: Any) -> None:
        self._lambda = lambda_svc
        self._func = func

    def invoke(self, event: Any, _request_id: str) -> dict[str, Any]:
        result = self._lambda._execute_function(self._func, event)  # noqa: SLF001
        if result.get("error"):
            return {"status": "error", "error": THROTTLED if result.get("throttle") else "Internal server error"}
        return {"status": "ok", "result": result.get("body")}


def pauses() -> Iterator[float]:
    """Seconds between tries, without end."""
    pause = _FIRST_PAUSE
    while True:
        yield pause
        pause = min(2 * pause, _LONGEST_PAUSE)
