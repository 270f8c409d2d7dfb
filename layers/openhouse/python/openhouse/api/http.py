"""The REST edge: routes, headers and bodies in; JSON and problem documents (RFC 9457) out."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any

from aws_lambda_powertools.event_handler import APIGatewayHttpResolver, Response

from openhouse.core.errors import BadParameter, InternalError, MalformedJson, NotFound, OpenhouseError, TooLarge
from openhouse.core.json_text import compact
from openhouse.core.merge_patch import Document
from openhouse.core.observability import logger
from openhouse.core.principal import Principal
from openhouse.crm.module import MAX_RECORD_BYTES
from openhouse.crm.records import ANY_VERSION, VersionPrecondition
from openhouse.identity.authorizer_context import principal_of
from openhouse.storage.idempotency import IdempotencyKey

MAX_BODY_BYTES = 3 * MAX_RECORD_BYTES  # a record of any size, also if its letters come as \uXXXX
MAX_DEPTH = 32
RETRY_AFTER_SECONDS = "1"

ETAGS = re.compile(r'\s*"\d{1,15}"(?:\s*,\s*"\d{1,15}")*\s*')
REQUEST_KEY = re.compile(r"[\x21-\x7e]{1,200}")


Answer = Response[str]


class Api:
    """A resolver whose every answer is JSON, and whose every error is a problem document."""

    def __init__(self) -> None:
        self.resolver = APIGatewayHttpResolver()
        self.resolver.exception_handler(OpenhouseError)(_problem)
        self.resolver.exception_handler(Exception)(_unexpected)
        self.resolver.not_found(_no_route)

    def handle(self, event: dict[str, Any], context: Any) -> dict[str, Any]:
        """The Lambda proxy answer to an HTTP API event (payload 2.0)."""
        return self.resolver.resolve(event, context)

    def route(self, method: str, path: str) -> Callable[[Callable[..., Answer]], Callable[..., Answer]]:
        return self.resolver.route(path, method=method)

    @property
    def principal(self) -> Principal:
        """Who is calling. Raises what the authorizer refused them with."""
        authorizer = self.resolver.current_event.raw_event["requestContext"].get("authorizer") or {}
        return principal_of(authorizer.get("lambda"))

    def body(self, max_bytes: int = MAX_BODY_BYTES, *, optional: bool = False) -> Document:
        """The request's JSON object; of no body an empty one if it is `optional`. Raises TooLarge or MalformedJson."""
        raw = self._raw_body(max_bytes)
        return {} if optional and not raw.strip() else parse_object(raw)

    @property
    def query(self) -> Mapping[str, str]:
        return self.resolver.current_event.query_string_parameters

    @property
    def precondition(self) -> VersionPrecondition:
        """The If-Match header. Raises BadParameter."""
        header = self._header("if-match")
        if header is None or header.strip() == "*":
            return ANY_VERSION
        if not ETAGS.fullmatch(header):
            raise BadParameter('If-Match takes the ETag of a record, such as "7"')
        return VersionPrecondition(frozenset(map(int, re.findall(r"\d+", header))))

    def idempotency_key(self, principal: Principal, max_bytes: int = MAX_BODY_BYTES) -> IdempotencyKey | None:
        """The request's identity, if it has an Idempotency-Key. Raises BadParameter."""
        key = self._header("idempotency-key")
        if key is None:
            return None
        if not REQUEST_KEY.fullmatch(key):
            raise BadParameter("Idempotency-Key takes 1 to 200 printable ASCII characters without spaces")
        event = self.resolver.current_event
        match = self._header("if-match") or ""
        body = self._raw_body(max_bytes).decode("latin-1")
        return IdempotencyKey.of(principal.user_id, key, event.http_method, event.path, match, body)

    def _raw_body(self, max_bytes: int) -> bytes:
        raw = self.resolver.current_event.raw_event
        text = raw.get("body") or ""
        body = base64.b64decode(text) if raw.get("isBase64Encoded") else text.encode()
        if len(body) > max_bytes:
            raise TooLarge(f"a body may hold {max_bytes} bytes")
        return body

    def _header(self, name: str) -> str | None:
        headers: Mapping[str, str] = self.resolver.current_event.raw_event.get("headers") or {}
        return next((value for key, value in headers.items() if key.lower() == name), None)


def parse_object(body: bytes) -> Document:
    """A JSON object; numbers that JSON does not have and text that is not Unicode are refused."""
    try:
        document = json.loads(body, parse_constant=_refuse_constant)
        json.dumps(document, ensure_ascii=False).encode()  # a lone surrogate has no UTF-8
    except (ValueError, RecursionError) as error:
        raise MalformedJson("the body must be one JSON object in UTF-8") from error
    if not isinstance(document, dict) or not _is_shallow(document, MAX_DEPTH):
        raise MalformedJson(f"the body must be one JSON object, nested no deeper than {MAX_DEPTH}")
    return document


def _is_shallow(value: Any, left: int) -> bool:
    """Whatever walks a document afterwards may recurse."""
    if isinstance(value, dict | list):
        inner = value.values() if isinstance(value, dict) else value
        return left > 0 and all(_is_shallow(one, left - 1) for one in inner)
    return True


def answer(status: int, document: Any = None, headers: Mapping[str, str] | None = None) -> Answer:
    body = None if document is None else compact(document)
    return Response(status, "application/json", body, dict(headers or {}))


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")


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
    return _problem(NotFound("there is no such address, or it does not take this method"))
