"""The operation by which browsers say what they have measured."""

from __future__ import annotations

from http import HTTPStatus
from typing import Annotated

from pydantic import Field

from openhouse.api.http import Answer, HttpRequest, answer
from openhouse.api.operations.operation import AnyOperation, Operation
from openhouse.core.errors import Invalid, MalformedJson, ReportedTooSoon, TooLarge
from openhouse.core.metrics import MOST_SAMPLES
from openhouse.core.wire import Wire, parse
from openhouse.services import Services

MOST_BYTES = 2_000
LONGEST_MS = 600_000  # a browser that has slept for longer measures its sleep
MOST_COUNTED = 1_000


class MetricsBody(Wire):
    """Of the last minute of one browser."""

    commit_to_screen: Annotated[
        list[Annotated[int, Field(ge=0, le=LONGEST_MS)]],
        Field(max_length=MOST_SAMPLES, description="Milliseconds from when a commit was written until it was painted."),
    ]
    reconnects: Annotated[int, Field(ge=0, le=MOST_COUNTED)]
    errors: Annotated[int, Field(ge=0, le=MOST_COUNTED, description="That no screen has handled.")]


def _report(request: HttpRequest, services: Services) -> Answer:
    body = parse(MetricsBody, request.body())
    services.measured.take(
        request.principal,
        commit_to_screen=body.commit_to_screen,
        reconnects=body.reconnects,
        errors=body.errors,
    )
    return answer(HTTPStatus.NO_CONTENT)


METRICS_OPERATIONS: tuple[AnyOperation, ...] = (
    Operation(
        name="reportMetrics",
        tag="people",
        method="POST",
        path="/metrics",
        summary="Takes what a browser has measured, once a minute from each person",
        handle=_report,
        body=MetricsBody,
        max_body_bytes=MOST_BYTES,
        status=HTTPStatus.NO_CONTENT,
        errors=(MalformedJson, TooLarge, Invalid, ReportedTooSoon),
    ),
)
