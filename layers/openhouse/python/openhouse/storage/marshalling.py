"""JSON documents as DynamoDB writes them, and back. Numbers are int or float; DynamoDB keeps decimals.

boto3 has the same, but only together with clients for S3 and threads of their own, which cost every cold start.
https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_AttributeValue.html
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from openhouse.storage.keys import Item


def marshal(item: Item) -> dict[str, Any]:
    """Raises TypeError for what is no JSON document."""
    return {name: _serialized(value) for name, value in item.items()}


def unmarshal(item: Mapping[str, Any]) -> Item:
    return {name: _deserialized(value) for name, value in item.items()}


def _serialized(value: Any) -> dict[str, Any]:
    if isinstance(value, str):
        return {"S": value}
    if value is None:
        return {"NULL": True}
    if isinstance(value, bool):
        return {"BOOL": value}
    if isinstance(value, int) or (isinstance(value, float) and math.isfinite(value)):
        return {"N": str(value)}
    if isinstance(value, Mapping):
        return {"M": {name: _serialized(each) for name, each in value.items()}}
    if isinstance(value, list | tuple):
        return {"L": [_serialized(each) for each in value]}
    raise TypeError(f"a JSON document holds no {type(value).__name__}")


def _deserialized(value: Mapping[str, Any]) -> Any:
    ((kind, content),) = value.items()
    match kind:
        case "S" | "BOOL":
            return content
        case "N":
            return _number(content)
        case "NULL":
            return None
        case "M":
            return {name: _deserialized(each) for name, each in content.items()}
        case "L":
            return [_deserialized(each) for each in content]
    raise TypeError(f"no attribute of ours is of the type {kind}")


def _number(text: str) -> int | float:
    if text.isdecimal():
        return int(text)
    number = Decimal(text)
    return int(number) if number == number.to_integral_value() else float(number)
