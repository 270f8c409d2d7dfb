"""Search over the deployed stack: what people type, and the index that a function keeps up behind it."""

from __future__ import annotations

from typing import Any

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
    client = created(ava, "clients", firstName="Ángela", lastName="Quíntero", phone="+16615550142", tags={"vip": True})
    escrow = created(ava, "escrows", propertyAddress="1800 Quintero Street", clientIds={client: True})
    for words in ("quintero angela", "ANGELA Quin", "(661) 555-0142", "0142 quintero"):
        assert found(ben, words, modules="clients") == [client]
    assert set(found(ben, "quintero")) == {client, escrow}
    assert found(ben, "1800 quintero st") == [escrow]
    assert listed(ben, "/escrows", clientId=client) == [escrow]
    assert listed(ben, "/clients", tag="VIP", q="quin") == [client]
    for stranger in (mia, zed):
        assert found(stranger, "quintero") == []
    until(lambda: {row.id for row in indexed(table, NORTH, "quintero")} == {client, escrow})


def test_the_index_follows_what_is_archived_moved_and_deleted(table: Table, ava: Caller, ben: Caller) -> None:
    kept, other = (created(ava, "escrows", propertyAddress=f"{number} Wrexham Row") for number in (1, 2))
    until(lambda: {row.id for row in indexed(table, NORTH, "wrexham")} == {kept, other})
    assert ava("POST", f"/escrows/{other}/archive").status_code == 200
    assert found(ben, "wrexham") == [kept, other]
    assert found(ben, "wrexham", archived="false") == [kept]
    assert ava("PATCH", f"/escrows/{kept}", {"visibility": "private"}).status_code == 200
    assert found(ben, "wrexham") == [other]
    assert found(ava, "wrexham") == [kept, other]
    assert ava("DELETE", f"/escrows/{other}").status_code == 204
    assert found(ben, "wrexham") == []
    until(lambda: not indexed(table, NORTH, "wrexham"))
    assert [row.id for row in indexed(table, f"user:{ava.user_id}", "wrexham")] == [kept]


def test_the_command_makes_the_index_anew(stack: RunningStack, table: Table, ava: Caller) -> None:
    client = created(ava, "clients", lastName="Zabriskie")
    until(lambda: len(indexed(table, NORTH, "zabriskie")) == 1)
    (row,) = indexed(table, NORTH, "zabriskie")
    gone = row._replace(term="zabrze")
    table.write_all([{**gone.key(NORTH), "version": 1}], [row.key(NORTH)])
    done = rebuild_index(stack.cloud, BROKER_ID, Steps())
    assert min(done.records, done.rows, done.stale) >= 1  # the index may be late with what other tests wrote
    assert [each.id for each in indexed(table, NORTH, "zabriskie")] == [client]
    assert indexed(table, NORTH, "zabrze") == []
