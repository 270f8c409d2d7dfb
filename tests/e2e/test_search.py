"""Search over the deployed stack: what people type, and the index that a function keeps up behind it."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest

from cli.search import rebuild_index
from deployed.terminal import Steps
from local.seed import BROKER_ID
from local.stack import RunningStack
from openhouse.storage.keys import TermRow, term_range
from openhouse.storage.table import Table
from tests.e2e.conftest import Caller, until

NORTH = "team:north"


@pytest.fixture
def table(stack: RunningStack) -> Table:
    client = stack.cloud.session.client("dynamodb", endpoint_url=stack.cloud.endpoint)
    return Table(client, stack.deployment.table_name, stack.deployment.records_table_name)


def found(caller: Caller, words: str, **more: str) -> list[str]:
    answer = caller("GET", "/search", params={"q": words, **more})
    assert answer.status_code == 200, answer.text
    return [item["record"]["id"] for item in answer.json()["items"]]


def listed(caller: Caller, path: str, **filters: str) -> list[str]:
    return [item["id"] for item in caller("GET", path, params=filters).json()["items"]]


def indexed(table: Table, room: str, term: str) -> list[TermRow]:
    return [TermRow.at(item["sk"]) for item in table.query(*term_range(room, term, whole=True))]


def created(caller: Caller, path: str, **fields: Any) -> str:
    answer = caller("POST", f"/{path}", fields)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


def test_what_people_type_is_found_at_once_and_in_the_index_soon(
    table: Table, ava: Caller, ben: Caller, mia: Caller, zed: Caller
) -> None:
    own = uuid4().hex[:8]
    name, phone = f"quintero{own}", f"{uuid4().int % 10_000:04}"
    client = created(
        ava,
        "clients",
        firstName="Ángela",
        lastName=f"Quíntero{own}",
        phone=f"+1661555{phone}",
        tags={"vip": True},
    )
    escrow = created(ava, "escrows", propertyAddress=f"1800 {name} Street", clientIds={client: True})
    for words in (f"{name} angela", f"ANGELA Quintero{own[:4]}", f"(661) 555-{phone}", f"{phone} {name}"):
        assert found(ben, words, modules="clients") == [client]
    assert set(found(ben, name)) == {client, escrow}
    assert found(ben, f"1800 {name} st") == [escrow]
    assert listed(ben, "/escrows", clientId=client) == [escrow]
    assert listed(ben, "/clients", tag="VIP", q=name[:-2]) == [client]
    for stranger in (mia, zed):
        assert found(stranger, name) == []
    until(lambda: {row.id for row in indexed(table, NORTH, name)} == {client, escrow})


def test_the_index_follows_what_is_archived_moved_and_deleted(table: Table, ava: Caller, ben: Caller) -> None:
    name = f"wrexham{uuid4().hex[:8]}"
    kept, other = (created(ava, "escrows", propertyAddress=f"{number} {name} Row") for number in (1, 2))
    until(lambda: {row.id for row in indexed(table, NORTH, name)} == {kept, other})
    assert ava("POST", f"/escrows/{other}/archive").status_code == 200
    assert found(ben, name) == [kept, other]
    assert found(ben, name, archived="false") == [kept]
    assert ava("PATCH", f"/escrows/{kept}", {"visibility": "private"}).status_code == 200
    assert found(ben, name) == [other]
    assert found(ava, name) == [kept, other]
    assert ava("DELETE", f"/escrows/{other}").status_code == 204
    assert found(ben, name) == []
    until(lambda: not indexed(table, NORTH, name))
    assert [row.id for row in indexed(table, f"user:{ava.user_id}", name)] == [kept]


def test_the_command_makes_the_index_anew(stack: RunningStack, table: Table, ava: Caller) -> None:
    name, misspelt = (f"{word}{uuid4().hex[:8]}" for word in ("zabriskie", "zabrze"))
    client = created(ava, "clients", lastName=name)
    until(lambda: len(indexed(table, NORTH, name)) == 1)
    (row,) = indexed(table, NORTH, name)
    gone = row._replace(term=misspelt)
    table.write_all([{**gone.key(NORTH), "version": 1}], [row.key(NORTH)])
    done = rebuild_index(stack.cloud, BROKER_ID, Steps())
    assert min(done.records, done.rows, done.stale) >= 1  # the index may be late with what other tests wrote
    assert [each.id for each in indexed(table, NORTH, name)] == [client]
    assert indexed(table, NORTH, misspelt) == []
