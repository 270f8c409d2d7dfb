"""Tables that `openhouse restore` has made of what was, as a deployment names them."""

from __future__ import annotations

import json
import re
from typing import Any, NamedTuple, Self

from infra.configuration_error import ConfigurationError

_STREAM_ARN = re.compile(r"(arn:aws[a-z-]*:dynamodb:[a-z0-9-]+:\d{12}:table/[\w.-]{3,255})/stream/[\w:.-]+")


class RestoredTables(NamedTuple):
    """Tables that the functions use in place of those that the stack made. Each by the ARN of its stream, which tells
    the table's, too.
    """

    table: str
    records: str

    @classmethod
    def read(cls, value: Any) -> Self | None:
        """Of the context; None if there are none. Raises ConfigurationError."""
        try:
            streams = json.loads(value or "{}") if isinstance(value, str) else value
        except ValueError:
            streams = None
        if not isinstance(streams, dict) or (streams and {*streams} != {*cls._fields}):
            raise ConfigurationError(
                f"restoredTables is {value!r}: write {{}}, or what `openhouse restore prepare` said: the ARNs of the "
                f"streams of {' and '.join(cls._fields)}"
            )
        for name, arn in streams.items():
            if not isinstance(arn, str) or not _STREAM_ARN.fullmatch(arn):
                raise ConfigurationError(f"restoredTables: {name} is {arn!r}: write the whole ARN of its stream")
        if streams and streams["table"] == streams["records"]:
            raise ConfigurationError("restoredTables: table and records are the same one")
        return cls(**streams) if streams else None


def table_arn(stream_arn: str) -> str:
    """Of the table that the stream is of."""
    return stream_arn.partition("/stream/")[0]
