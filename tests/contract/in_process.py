"""Asks the functions themselves what schemathesis would ask over HTTP, and reads the answer as it does."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import requests
from schemathesis import Case
from schemathesis.core.transport import Response

from openhouse.core.principal import Principal
from tests.functional.conftest import World
from tests.functional.test_http import call

BASE_URL = "http://localhost"


def ask(world: World, case: Case[Any], who: Principal) -> Response:
    request = requests.Request(**case.as_transport_kwargs(base_url=BASE_URL)).prepare()
    url = urlsplit(str(request.url))
    status, content, headers = call(
        world,
        str(request.method),
        url.path,
        _text(request.body),
        who=who,
        headers={name.lower(): str(value) for name, value in request.headers.items()},
        query=dict(parse_qsl(url.query, keep_blank_values=True)) or None,
    )
    return Response(
        status_code=status,
        headers={name: [value] for name, value in headers.items()},
        content=b"" if content is None else json.dumps(content).encode(),
        request=request,
        elapsed=0,
        verify=True,
    )


def _text(body: Any) -> bytes | str | None:
    """API Gateway hands on what is text as a text."""
    assert isinstance(body, bytes | str | None)
    try:
        return body.decode() if isinstance(body, bytes) else body
    except UnicodeDecodeError:
        return body
