"""What API Gateway hands to a function."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from openhouse.identity import authorizer_context

if TYPE_CHECKING:
    from openhouse.core.principal import Principal


def http_event(
    principal: Principal,
    method: str,
    path: str,
    body: Mapping[str, Any] | None = None,
    query: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    """A request to the HTTP API, past its authorizer (payload version 2.0)."""
    return {
        "version": "2.0",
        "rawPath": path,
        "headers": {"content-type": "application/json"},
        "queryStringParameters": query,
        "requestContext": {
            "http": {"method": method, "path": path},
            "stage": "$default",
            "authorizer": {"lambda": authorizer_context.context(principal)},
        },
        "body": None if body is None else json.dumps(body),
        "isBase64Encoded": False,
    }
