"""What moto does slowly, quick enough for a hundred items in a table of thousands."""

from __future__ import annotations

import copy
from types import SimpleNamespace
from typing import Any

import pytest
from moto.core.serialize import BaseJSONSerializer
from moto.dynamodb import models
from moto.dynamodb.models.table import Table


def quicken(monkeypatch: pytest.MonkeyPatch) -> None:
    copy_tables_once(monkeypatch)
    answer_values_as_they_are(monkeypatch)


def answer_values_as_they_are(monkeypatch: pytest.MonkeyPatch) -> None:
    """moto looks for each of the ten kinds of an attribute under all names that it might have in an object of moto's.

    DynamoDB's are no such objects: they are what is to be answered already. (But for binary ones; there are none here.)
    """
    structure = BaseJSONSerializer._serialize_type_structure

    def serialize(self: Any, serialized: Any, value: Any, shape: Any, key: str) -> None:
        if shape.name == "AttributeValue" and isinstance(value, dict):
            self._default_serialize(serialized, value, shape, key)
        else:
            structure(self, serialized, value, shape, key)

    monkeypatch.setattr(BaseJSONSerializer, "_serialize_type_structure", serialize)


def copy_tables_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """For its rollback, moto copies the whole table and its stream anew for every item of a transaction.

    One copy tells the same, and nothing here reads moto's stream.
    """
    transact = models.DynamoDBBackend.transact_write_items

    def transact_with_one_copy(backend: models.DynamoDBBackend, items: list[dict[str, Any]]) -> None:
        copies: dict[str, Table] = {}

        def copied(value: Any) -> Any:
            if not isinstance(value, Table):
                return copy.deepcopy(value)
            if value.name not in copies:
                copies[value.name] = copy.deepcopy(value, {id(value.stream_shard): value.stream_shard})
            return copies[value.name]

        with monkeypatch.context() as during:
            during.setattr(models, "copy", SimpleNamespace(deepcopy=copied))
            transact(backend, items)

    monkeypatch.setattr(models.DynamoDBBackend, "transact_write_items", transact_with_one_copy)
