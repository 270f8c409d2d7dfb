"""What an operation is given and what it answers: headers and bodies in, JSON out."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Mapping
from typing import Any

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.utilities.data_classes import APIGatewayProxyEventV2

from openhouse.core import json_text
from openhouse.core.errors import BadParameter, MalformedJson, TooLarge
from openhouse.core.merge_patch import Document
from openhouse.core.principal import Principal
from openhouse.crm.module import MAX_RECORD_BYTES
from openhouse.crm.records import Precondition
from openhouse.identity.authorizer_context import header
from openhouse.storage.idempotency import IdempotencyKey

MAX_BODY_BYTES = 3 * MAX_RECORD_BYTES  # a record of any size, also if its letters come as \uXXXX
MAX_BULK_BYTES = 5 * MAX_BODY_BYTES  # 3 MB: Lambda takes no more than 6 MB, and quotes grow on the way to it
MAX_DEPTH = 32
RETRY_AFTER_SECONDS = "1"
CSV = "text/csv; charset=utf-8"
REQUEST_ID = "x-request-id"  # the header in which a browser says what it calls a request
CURSOR_HEADER = "Openhouse-Cursor"  # where an answer that is no JSON goes on

ETAGS = re.compile(r'\s*"\d{1,15}"(?:\s*,\s*"\d{1,15}")*\s*')
LOCK_TOKEN = re.compile(r"[1-9]\d{0,14}", re.ASCII)
REQUEST_KEY = re.compile(r"[\x21-\x7e]{1,200}")


Answer = Response[str]


class HttpRequest:
    """One request to an operation. `path`: what stands in its path's parameters."""

    def __init__(
        self, event: APIGatewayProxyEventV2, path: Mapping[str, str], principal: Principal, max_body_bytes: int
    ) -> None:
        self._event = event
        self._max_body_bytes = max_body_bytes
        self.path = path
        self.principal = principal

    def body(self, *, optional: bool = False) -> Document:
        """The request's JSON object; of no body an empty one if it is `optional`. Raises TooLarge or MalformedJson."""
        raw = self._raw_body()
        return {} if optional and not raw.strip() else parse_object(raw)

    @property
    def query(self) -> Mapping[str, str]:
        return self._event.query_string_parameters

    @property
    def origin(self) -> str | None:
        """Of the page that asks; None of what is no browser."""
        return header(self._event.raw_event, "origin")

    @property
    def precondition(self) -> Precondition:
        """The headers If-Match and Lock-Token. Raises BadParameter."""
        match = header(self._event.raw_event, "if-match")
        if match is None or match.strip() == "*":
            return Precondition(None, self.lock_token)
        if not ETAGS.fullmatch(match):
            raise BadParameter('If-Match takes the ETag of a record, such as "7"')
        return Precondition(frozenset(map(int, re.findall(r"\d+", match))), self.lock_token)

    @property
    def lock_token(self) -> int | None:
        """The Lock-Token header. Raises BadParameter."""
        token = header(self._event.raw_event, "lock-token")
        if token is None:
            return None
        if not LOCK_TOKEN.fullmatch(token):
            raise BadParameter("Lock-Token takes the token of a lock, a number such as 3")
        return int(token)

    @property
    def idempotency_key(self) -> IdempotencyKey | None:
        """The request's identity, if it has an Idempotency-Key. Raises BadParameter or TooLarge."""
        key = header(self._event.raw_event, "idempotency-key")
        if key is None:
            return None
        if not REQUEST_KEY.fullmatch(key):
            raise BadParameter("Idempotency-Key takes 1 to 200 printable ASCII characters without spaces")
        match = header(self._event.raw_event, "if-match") or ""
        body = self._raw_body().decode("latin-1")
        return IdempotencyKey.of(self.principal.user_id, key, self._event.http_method, self._event.path, match, body)

    def _raw_body(self) -> bytes:
        raw = self._event.raw_event
        text = raw.get("body") or ""
        body = base64.b64decode(text) if raw.get("isBase64Encoded") else text.encode("utf-8", "surrogatepass")
        if len(body) > self._max_body_bytes:
            raise TooLarge(f"a body may hold {self._max_body_bytes} bytes")
        return body


def parse_object(body: bytes) -> Document:
    """A JSON object in UTF-8 (of bytes, Python's own parser takes UTF-16, too). Raises MalformedJson."""
    try:
        document = json_text.parse(body.decode())
        json.dumps(document, ensure_ascii=False).encode()  # a lone surrogate has no UTF-8
    except (ValueError, RecursionError) as error:
        raise MalformedJson("the body must be one JSON object in UTF-8, with every name in an object once") from error
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
    body = None if document is None else json_text.compact(document)
    return Response(status, "application/json", body, dict(headers or {}))


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")
