"""Logs are fields: room, seq, connection_id, function_request_id, correlation_id. Never tokens, tickets or bodies."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Any, TypeVar

from aws_lambda_powertools import Logger

from openhouse.core.metrics import metrics

T = TypeVar("T")

# Service name and level come from POWERTOOLS_SERVICE_NAME and POWERTOOLS_LOG_LEVEL. Times as RFC 3339: where Lambda
# filters by level, it takes a line with any other time for one of level INFO.
logger = Logger(use_rfc3339=True)

_CORRELATION_ID = re.compile(r"[A-Za-z0-9=_-]{8,64}", re.ASCII)


def correlation_id() -> str | None:
    """Of what this process is doing: the browser's own id of a request, or that of the invocation."""
    found: str | None = logger.get_correlation_id()
    return found


@contextmanager
def correlated(given: str | None, otherwise: str | None) -> Iterator[None]:
    """Every line of the block has the id that somebody has `given`, if it is one that may stand in a log."""
    before = correlation_id()
    logger.set_correlation_id(given if given and _CORRELATION_ID.fullmatch(given) else otherwise or before)
    try:
        yield
    finally:
        logger.set_correlation_id(before)


def observed(handler: Callable[[dict[str, Any], Any], T]) -> Callable[[dict[str, Any], Any], T]:
    """A function's handler: its lines tell of which invocation they are, and what it has counted is told at its end."""

    @logger.inject_lambda_context
    @wraps(handler)
    def run(event: dict[str, Any], context: Any) -> T:
        try:
            with correlated(None, context.aws_request_id):
                return handler(event, context)
        finally:
            metrics.publish(logger.log_level)

    observed_handler: Callable[[dict[str, Any], Any], T] = run
    return observed_handler
