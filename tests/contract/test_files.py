"""What is said about files is what the documents say."""

from __future__ import annotations

from typing import Any

import pytest

from openhouse.api.http import MAX_BODY_BYTES
from openhouse.core import errors
from openhouse.crm.modules.escrows import ESCROWS
from openhouse.entities import ENTITIES
from tests.contract.checked_world import CheckedWorld
from tests.contract.documented import check_model, rest_examples
from tests.contract.module_contract import documented_of
from tests.contract.requests import WAYS, table_put_off
from tests.fakes import AVA, BEN, MIA, principal
from tests.functional.uploading import PDF, bring, send, wish

NAMES = {"createFile", "finishFile", "getFile", "listFiles", "deleteFile"}


@pytest.fixture
def escrow(checked: CheckedWorld) -> dict[str, str]:
    id_ = checked.world.records.create(ESCROWS, AVA, {"propertyAddress": "1 Main St", "visibility": "broker"})["id"]
    return {"noun": "escrow", "id": id_, "field": "files"}


def test_every_call_is_answered_as_documented(checked: CheckedWorld, escrow: dict[str, str]) -> None:
    for of in (escrow, {"noun": "import"}):
        address = checked.call("POST", "/files", wish(of))
        send(checked.world, address["id"], PDF)
        checked.call("POST", f"/files/{address['id']}/done")
        checked.call("GET", f"/files/{address['id']}")
        checked.call("GET", "/files", query={"ids": address["id"]})
        if of is escrow:
            checked.call("GET", "/files", query={"noun": "escrow", "id": escrow["id"]})
            checked.call("GET", f"/escrows/{escrow['id']}")
        checked.call("DELETE", f"/files/{address['id']}")
    checked.events()
    asked = {name: seen for name, seen in checked.seen.items() if name in NAMES}
    assert asked == {
        "createFile": {201},
        "finishFile": {200},
        "getFile": {200},
        "listFiles": {200},
        "deleteFile": {204},
    }


def test_every_example_is_as_its_schema_and_its_model_say() -> None:
    documented = documented_of(ENTITIES)
    examples = list(rest_examples(documented, "files"))
    assert len(examples) >= 6
    for where, schema, model, value in examples:
        assert documented.openapi.faults(schema, value) == [], where
        check_model(model, value)


def test_every_refusal_is_as_documented_and_every_documented_one_happens(
    checked: CheckedWorld, escrow: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    calls = {call.name: call for call, _ in checked.documented.operations if call.tag == "files"}
    id_ = bring(checked.world, escrow)
    begun = checked.call("POST", "/files", wish(escrow))["id"]
    paths: dict[str, tuple[str, str, Any, dict[str, str] | None]] = {
        "createFile": ("POST", "/files", wish(escrow), None),
        "finishFile": ("POST", f"/files/{begun}/done", None, None),
        "getFile": ("GET", f"/files/{id_}", None, None),
        "listFiles": ("GET", "/files", None, {"noun": "escrow", "id": escrow["id"]}),
        "deleteFile": ("DELETE", f"/files/{id_}", None, None),
    }

    def ask(name: str, **how: Any) -> None:
        method, path, body, query = paths[name]
        checked.call(method, how.pop("path", path), **{"body": body, "query": query, "fits": False, **how})

    ask("finishFile")  # conflict
    for name, call in calls.items():
        for error in {errors.TokenExpired, errors.UserUnknown} & {*call.problems}:
            ask(name, **WAYS[error])
    for name in ("createFile", "finishFile", "deleteFile"):
        ask(name, headers={"lock-token": "x"})  # bad parameter
        ask(name, headers={"lock-token": "9"})  # locked
    ask("listFiles", query={"of": "x"})
    ask("createFile", body="{")
    ask("createFile", body="x" * (MAX_BODY_BYTES + 1))
    ask("createFile", body={})
    ask("createFile", who=MIA)  # forbidden
    ask("deleteFile", who=MIA)
    ask("createFile", body=wish({**escrow, "id": "unknown"}))
    ask("listFiles", query={"noun": "escrow", "id": "unknown"})
    for name in ("finishFile", "getFile", "deleteFile"):
        ask(name, path=paths[name][1].replace(begun, "unknown").replace(id_, "unknown"))
    send(checked.world, begun, PDF[:-1])
    ask("finishFile")  # invalid
    others = checked.call("POST", "/files", wish(escrow), who=BEN)["id"]
    ask("finishFile", path=f"/files/{others}/done", who=principal("ben", "south"))  # forbidden: they left the team
    send(checked.world, begun, PDF)
    with monkeypatch.context() as patched:
        patched.setattr("openhouse.crm.changes.MAX_RECORD_BYTES", 1)
        ask("finishFile")
    with table_put_off(checked):
        for name in calls:
            ask(name)
    checked.world.client.delete_table(TableName="openhouse")
    for name in calls:
        ask(name)
    found = {name: {code for code in checked.seen[name] if isinstance(code, str)} for name in calls}
    assert found == {name: {error.code for error in call.problems} for name, call in calls.items()}
