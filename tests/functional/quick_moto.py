"""What moto does slowly, quick enough for a hundred items in a table of thousands. What it answers stays the same."""

from __future__ import annotations

import copy
import functools
from collections import defaultdict, deque
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from botocore import UNSIGNED
from botocore.awsrequest import AWSPreparedRequest
from botocore.config import Config
from botocore.parsers import BaseJSONParser as AnswerParser
from moto.core import responses
from moto.core.botocore_stubber import BotocoreStubber
from moto.core.models import DEFAULT_ACCOUNT_ID
from moto.core.parse import BaseJSONParser as RequestParser
from moto.core.serialize import BaseJSONSerializer
from moto.core.utils import method_names_from_class
from moto.dynamodb import models
from moto.dynamodb.comparisons import ConditionExpressionParser
from moto.dynamodb.exceptions import ItemSizeTooLarge
from moto.dynamodb.models import table as tables
from moto.dynamodb.models.dynamo_type import DynamoType, Item, LimitedSizeDict
from moto.dynamodb.models.table import Table
from moto.dynamodb.responses import DynamoHandler

# Of a client: no signature, which moto does not look at, and no account of this machine's software in every request.
PLAIN = Config(signature_version=UNSIGNED, user_agent="tests")
_NAMES = functools.cache(method_names_from_class)
_LARGEST_ITEM = 405_000  # bytes, as moto has it


def quicken(monkeypatch: pytest.MonkeyPatch) -> None:
    go_straight_to_the_handler(monkeypatch)
    copy_what_a_transaction_changes(monkeypatch)
    look_at_one_partition(monkeypatch)
    take_and_answer_values_as_they_are(monkeypatch)
    count_bytes_once(monkeypatch)
    read_an_expression_once(monkeypatch)


def go_straight_to_the_handler(monkeypatch: pytest.MonkeyPatch) -> None:
    """moto compares the address with those of all services, makes a web server's request of what it was handed, and
    looks through all methods of its class, for every call.
    """
    process = BotocoreStubber.process_request

    def process_quickly(stubber: BotocoreStubber, request: AWSPreparedRequest) -> Any:
        headers = {name: _text(value) for name, value in request.headers.items()}
        if not headers.get("X-Amz-Target", "").startswith("DynamoDB_"):
            return process(stubber, request)
        handler: Any = DynamoHandler()
        handler.normalized_request = SimpleNamespace(
            method=request.method,
            headers=headers,
            content_type=headers["Content-Type"],
            values={},
            data=request.body,
            path="/",
        )
        handler.headers, handler.current_account = headers, DEFAULT_ACCOUNT_ID
        handler.querystring, handler.uri_match, handler.response_headers = {}, {}, {}
        handler.region, handler.partition = "us-east-1", "aws"
        handler.parse_parameters(handler.normalized_request)
        return handler.call_action()

    monkeypatch.setattr(BotocoreStubber, "process_request", process_quickly)
    monkeypatch.setattr(responses, "method_names_from_class", _NAMES)
    monkeypatch.setattr(responses, "gen_amzn_requestid_long", lambda _headers: "request")
    cast = vars(DynamoType)["cast_value"].fget
    # Most are texts, which moto asks whether they are one of five other kinds first.
    monkeypatch.setattr(DynamoType, "cast_value", property(lambda one: one.value if one.type == "S" else cast(one)))


def _text(value: str | bytes) -> str:
    return value.decode() if isinstance(value, bytes) else value


def take_and_answer_values_as_they_are(monkeypatch: pytest.MonkeyPatch) -> None:
    """moto looks for each of the ten kinds of an attribute under all names that it might have in an object of moto's,
    and so do both who read what came over the wire, where it has one kind.

    DynamoDB's are no such objects: they are what is to be answered already. (But for binary ones; there are none here.)
    """
    for parser, method in ((RequestParser, "_parse_structure"), (AnswerParser, "_handle_structure")):
        monkeypatch.setattr(parser, method, _unless_an_attribute(getattr(parser, method)))
    structure = BaseJSONSerializer._serialize_type_structure

    def serialize(self: Any, serialized: Any, value: Any, shape: Any, key: str) -> None:
        if shape.name == "AttributeValue" and isinstance(value, dict):
            self._default_serialize(serialized, value, shape, key)
        else:
            structure(self, serialized, value, shape, key)

    monkeypatch.setattr(BaseJSONSerializer, "_serialize_type_structure", serialize)


def _unless_an_attribute(parse: Any) -> Any:
    def parse_unless(self: Any, shape: Any, value: Any) -> Any:
        return value if shape.name == "AttributeValue" else parse(self, shape, value)

    return parse_unless


def count_bytes_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """With each attribute of a new item, moto counts the bytes of all those before it; and it encodes to count."""

    def item(self: Item, hash_key: DynamoType, range_key: DynamoType | None, attrs: dict[str, Any]) -> None:
        self.hash_key, self.range_key = hash_key, range_key
        self.attrs = LimitedSizeDict()
        for name, value in attrs.items():
            dict.__setitem__(self.attrs, name, DynamoType(value))
        if self.size() > _LARGEST_ITEM:
            raise ItemSizeTooLarge

    size = DynamoType.size

    def quick_size(self: DynamoType) -> int:
        value = self.value
        if type(value) is str:
            return len(value) if value.isascii() else len(value.encode())
        if self.type != "M":
            return size(self)
        of_map = sum(len(name) if name.isascii() else len(name.encode()) for name in value)
        return of_map + sum(one.size() if type(one) is DynamoType else DynamoType(one).size() for one in value.values())

    monkeypatch.setattr(Item, "__init__", item)
    monkeypatch.setattr(DynamoType, "size", quick_size)


def read_an_expression_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """moto cuts a condition's text into words anew for every item of a transaction. The product has few such texts."""
    words = ConditionExpressionParser._lex_condition_expression

    @functools.cache
    def words_of(expression: str) -> Any:
        return tuple(words(ConditionExpressionParser(expression, None, None)))

    def read(self: Any) -> Any:
        return deque(words_of(self.condition_expression))

    monkeypatch.setattr(ConditionExpressionParser, "_lex_condition_expression", read)


def copy_what_a_transaction_changes(monkeypatch: pytest.MonkeyPatch) -> None:
    """For its rollback, moto copies the whole table and its stream anew for every item of a transaction.

    Only the items that the transaction updates change; others are put in the place of items, or taken away. What is
    rolled back never was in the stream.
    """
    transact = models.DynamoDBBackend.transact_write_items

    def transact_with_few_copies(backend: models.DynamoDBBackend, items: list[dict[str, Any]]) -> None:
        before: dict[str, Table] = {}
        told = {name: len(shard.items) for name, shard in _streams(backend)}

        def copied(value: Any) -> Any:
            if not isinstance(value, Table):
                return copy.deepcopy(value)
            if value.name not in before:
                before[value.name] = _before(value, items)
            return before[value.name]

        try:
            with monkeypatch.context() as during:
                during.setattr(models, "copy", SimpleNamespace(deepcopy=copied))
                transact(backend, items)
        except Exception:
            for name, shard in _streams(backend):
                del shard.items[told[name] :]
            raise

    monkeypatch.setattr(models.DynamoDBBackend, "transact_write_items", transact_with_few_copies)


def _streams(backend: models.DynamoDBBackend) -> Iterator[tuple[str, Any]]:
    return ((name, table.stream_shard) for name, table in backend.tables.items() if table.stream_shard)


def _before(table: Table, transaction: list[dict[str, Any]]) -> Table:
    """The table as it is, whatever the transaction makes of it."""
    kept = copy.copy(table)
    kept.items = defaultdict(dict, {hash_key: dict(partition) for hash_key, partition in table.items.items()})
    for write in transaction:
        (what,) = write.values()
        if "Key" in what and what["TableName"] == table.name:
            hash_key, range_key = (DynamoType(what["Key"][name]) for name in ("pk", "sk"))
            if item := table.get_item(hash_key, range_key):
                kept.items[hash_key][range_key] = copy.deepcopy(item)
    return kept


def look_at_one_partition(monkeypatch: pytest.MonkeyPatch) -> None:
    """For each query, moto sorts the whole table, and copies what it found before it writes it into the answer."""
    query = Table.query

    def query_one_partition(self: Table, hash_key: DynamoType, *args: Any, **kwargs: Any) -> Any:
        partition = self.items.get(hash_key, {})
        with monkeypatch.context() as during:
            # By its class: an attribute of its own would stay with it, and with the copies that are made of it.
            during.setattr(Table, "all_items", lambda _: [partition[range_key] for range_key in sorted(partition)])
            during.setattr(tables, "copy", SimpleNamespace(deepcopy=lambda found: found))
            return query(self, hash_key, *args, **kwargs)

    monkeypatch.setattr(Table, "query", query_one_partition)
