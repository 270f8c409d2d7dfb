"""JSON documents as DynamoDB writes them, and back. Numbers are int or float; DynamoDB keeps decimals."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from boto3.dynamodb.types import TypeDeserializer, TypeSerializer

from openhouse.storage.keys import Item


class _Serializer(TypeSerializer):
    def serialize(self, value: Any) -> Any:
        return super().serialize(Decimal(repr(value)) if isinstance(value, float) else value)


class _Deserializer(TypeDeserializer):
    def _deserialize_n(self, value: str) -> int | float:
        number = Decimal(value)
        return int(number) if number == number.to_integral_value() else float(number)


_serializer, _deserializer = _Serializer(), _Deserializer()


def marshal(item: Item) -> dict[str, Any]:
    return {name: _serializer.serialize(value) for name, value in item.items()}


def unmarshal(item: Any) -> Item:
    return {name: _deserializer.deserialize(value) for name, value in item.items()}
