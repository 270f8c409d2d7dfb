"""moto's transactions, quick enough for a hundred items in a table of thousands.

For its rollback, moto copies the whole table and its stream anew for every item of a transaction. One copy tells the
same, and nothing here reads moto's stream.
"""

from __future__ import annotations

import copy
from types import SimpleNamespace
from typing import Any

import pytest
from moto.dynamodb import models
from moto.dynamodb.models.table import Table


def copy_tables_once(monkeypatch: pytest.MonkeyPatch) -> None:
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
