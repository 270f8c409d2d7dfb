"""docs/migration.md: its code compiles against the contract and works, and it has a word for every event."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path

from contractgen.documents import TYPES
from deployed import ROOT
from deployed.cdk import NODE
from openhouse.contract.registry import events_of
from openhouse.crm.modules import MODULES
from tests.contract.compiling import compile_beside

TEXT = (ROOT / "docs" / "migration.md").read_text()
LIVE, ADAPTER, LIST = re.findall(r"^```ts\n(.*?)^```", TEXT, re.MULTILINE | re.DOTALL)

PROGRAM = """
import { dataUpdateOf } from "./adapter.ts";
import { applied } from "./list.ts";
const told = JSON.parse(process.argv[2]);
const fetched = [];
let list = [];
for (const [event, room] of told) list = applied("escrow", list, event, room, (id) => fetched.push(id));
console.log(JSON.stringify({ list, fetched, updates: told.map(([event]) => dataUpdateOf(event)) }));
"""


def test_its_code_compiles_under_the_clients_settings(tmp_path: Path) -> None:
    files = {"live.ts": f'/// <reference lib="dom" />\n{LIVE}', "adapter.ts": ADAPTER, "list.ts": LIST}
    assert compile_beside((ROOT / TYPES).read_text(), files, tmp_path) == ""


def test_its_code_follows_a_list_and_tells_old_listeners(tmp_path: Path) -> None:
    def about(verb: str, id_: str, version: int, **content: object) -> dict[str, object]:
        data = {"escrowId": id_, "version": version, "updatedBy": "ava", **content}
        return {"type": f"escrow:{verb}", "data": data}

    north, broker = "team:north", "broker:harbor"
    one = {"id": "1", "version": 1, "room": north, "notes": "x", "checklists": {"loan": [], "house": []}}
    changes = {"version": 2, "notes": None, "checklists": {"loan": [{"title": "apply"}]}}
    told = [
        (about("created", "1", 1, escrow=one), north),
        (about("created", "2", 1, escrow={"id": "2", "version": 1, "room": north}), north),
        (about("updated", "1", 2, changes=changes), north),
        (about("updated", "1", 2, changes=changes), north),
        ({"type": "escrow:stats", "data": {"room": north, "version": 3, "changes": {"archived": 1}}}, north),
        (about("closed", "2", 3, changes={"version": 3}), north),
        (about("created", "2", 4, escrow={"id": "2", "version": 4, "room": broker}), broker),
        (about("deleted", "2", 4, reason="moved"), north),
        (about("updated", "1", 3, ref=True), north),
        (about("deleted", "2", 5, reason="deleted"), broker),
    ]
    for name, text in {"adapter.ts": ADAPTER, "list.ts": LIST, "run.mjs": PROGRAM}.items():
        (tmp_path / name).write_text(text)
    command = [str(NODE / "node"), "--disable-warning=ExperimentalWarning", "run.mjs", json.dumps(told)]
    said = json.loads(subprocess.run(command, capture_output=True, check=True, cwd=tmp_path).stdout)
    assert said["list"] == [
        {"id": "1", "version": 2, "room": north, "checklists": {"loan": [{"title": "apply"}], "house": []}}
    ]
    assert said["fetched"] == ["2", "1"]
    assert [update and (update["entityId"], update["action"]) for update in said["updates"]] == [
        ("1", "create"),
        ("2", "create"),
        ("1", "update"),
        ("1", "update"),
        None,
        ("2", "update"),
        ("2", "create"),
        ("2", "delete"),
        ("1", "update"),
        ("2", "delete"),
    ]
    assert {update["entityType"] for update in said["updates"] if update} == {"escrow"}


def test_every_event_there_is_has_its_row_and_no_other() -> None:
    rows = TEXT.partition("event by event")[2].partition("```ts")[0]
    assert set(re.findall(r"`([a-z]+:[a-z]+)`", rows)) - {"data:update"} == events_of(MODULES).keys()
