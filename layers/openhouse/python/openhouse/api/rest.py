"""The REST edge: operations as routes; whatever goes wrong is answered as a problem document (RFC 9457)."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping
from http import HTTPStatus
from typing import Any

from aws_lambda_powertools.event_handler import APIGatewayHttpResolver, Response

from openhouse.api.http import REQUEST_ID, REQUEST_KEY, RETRY_AFTER_SECONDS, Answer, HttpRequest
from openhouse.api.operations.operation import AnyOperation
from openhouse.core.errors import InternalError, NotFound, OpenhouseError
from openhouse.core.observability import correlated, logger
from openhouse.identity.authorizer_context import Caller, caller_of, header
from openhouse.services import Services
from openhouse.storage.keys import Key, request_key, user_key

# No browser keeps an answer after its person has signed out, or takes one for something else than it says it is.
_GUARDED = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}


class RestApi:
    """Answers the requests of these operations, each with one call of its `handle`."""

    def __init__(self, operations: Iterable[AnyOperation], services: Services) -> None:
        self._services = services
        self._resolver = APIGatewayHttpResolver()
        self._resolver.exception_handler(OpenhouseError)(_problem)
        self._resolver.exception_handler(Exception)(_unexpected)
        self._resolver.not_found(_no_route)
        for operation in operations:
            path = re.sub(r"{(\w+)}", r"<\1>", operation.path)
            self._resolver.route(path, method=operation.method)(self._route(operation))

    def handle(self, event: dict[str, Any], context: Any) -> dict[str, Any]:
        """The Lambda proxy answer to an HTTP API event (payload 2.0)."""
        with correlated(header(event, REQUEST_ID), event["requestContext"].get("requestId")):
            answer = self._resolver.resolve(event, context)
            return {**answer, "headers": {**answer["headers"], **_GUARDED}}

    def _route(self, operation: AnyOperation) -> Callable[..., Answer]:
        def route(**path: str) -> Answer:
            event, services = self._resolver.current_event, self._services
            authorizer = event.raw_event["requestContext"].get("authorizer") or {}
            caller = caller_of(authorizer.get("lambda"))  # nothing else of it is looked at before that is known
            key = header(event.raw_event, "idempotency-key")
            ahead = services.table.ahead(self._reads(operation, caller, path, key))
            with logger.append_context_keys(operation=operation.name), ahead:
                principal = services.callers.principal(caller)
                return operation.handle(HttpRequest(event, path, principal, operation.max_body_bytes), services)

        return route

    def _reads(
        self, operation: AnyOperation, caller: Caller, path: Mapping[str, str], idempotency_key: str | None
    ) -> list[Key]:
        """What it will read if they are still who they were."""
        if caller.principal is None:
            return []
        found = operation.reads(caller.principal, path)
        if not found:  # one item alone is read as well when it is asked for
            return []
        if self._services.callers.asks_again:
            found.append(user_key(caller.user_id))
        if operation.idempotent and idempotency_key and REQUEST_KEY.fullmatch(idempotency_key):
            found.append(request_key(caller.user_id, idempotency_key))
        return found


def _problem(error: OpenhouseError) -> Answer:
    headers = {"Retry-After": RETRY_AFTER_SECONDS} if error.retryable else {}
    if error.status == HTTPStatus.UNAUTHORIZED:
        headers["WWW-Authenticate"] = "Bearer"
    document = json.dumps(error.problem(), ensure_ascii=False)
    return Response(error.status, "application/problem+json", document, headers)


def _unexpected(error: Exception) -> Answer:
    logger.exception("request failed", exc_info=error)
    return _problem(InternalError("try again; the cause has been logged"))


def _no_route(_error: Exception) -> Answer:
    return _problem(NotFound("there is no such path, or it does not support this method"))
