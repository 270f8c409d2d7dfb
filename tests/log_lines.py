"""What functions log, as documents: the lines that CloudWatch would get."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from io import StringIO
from typing import Any, cast

from openhouse.core.observability import logger


class Lines:
    def __init__(self) -> None:
        self.text = StringIO()

    def of(self, message: str) -> list[dict[str, Any]]:
        documents = [json.loads(line) for line in self.text.getvalue().splitlines()]
        return [document for document in documents if document.get("message") == message]


@contextmanager
def logged() -> Iterator[Lines]:
    """Of the block."""
    lines = Lines()
    handler = cast("Any", logger.registered_handler)
    before = handler.setStream(lines.text)
    try:
        yield lines
    finally:
        handler.setStream(before)
