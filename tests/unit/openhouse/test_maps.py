"""What several people change at once: maps by item id, sets, and the order of items."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from openhouse.core.merge_patch import Document
from openhouse.crm import changes
from openhouse.crm.fields import MAX_ORDER_KEY
from openhouse.crm.module import Module, Record
from openhouse.crm.modules.clients import CLIENTS
from openhouse.crm.modules.escrows import ESCROWS
from openhouse.crm.positions import key_after
from tests.fakes import AVA, NOON

IDS = ("a", "b", "c", "d")

steps = st.fixed_dictionaries({"title": st.sampled_from(["Inspect", "Sign"])}, optional={"done": st.booleans()})
marks = st.just(True)


def begun(module: Module, **fields: Any) -> Record:
    change = changes.create(module, AVA, {**module.example, **fields}, id_="r", now=NOON)
    assert change.after is not None
    return change.after


def patched(module: Module, record: Record, *patches: Document) -> Record:
    for patch in patches:
        change = changes.update(module, AVA, record, patch, now=NOON)
        record = change.after if change and change.after else record
    return record


@st.composite
def patches_of_different_items(draw: st.DrawFn, entry: st.SearchStrategy[Any]) -> tuple[Document, Document]:
    mine = draw(st.sets(st.sampled_from(IDS), min_size=1, max_size=3))
    entries = st.none() | entry
    return (
        {id_: draw(entries) for id_ in sorted(mine)},
        {id_: draw(entries) for id_ in IDS if id_ not in mine},
    )


@pytest.mark.parametrize(
    ("module", "field", "entry"),
    [
        (ESCROWS, "checklists.loan", steps),
        (ESCROWS, "timeline", steps.map(lambda step: {**step, "at": "2026-03-09T17:00:00Z"})),
        (CLIENTS, "tags", marks),
        (ESCROWS, "clientIds", marks),
    ],
)
@given(data=st.data())
@settings(deadline=None, suppress_health_check=list(HealthCheck))
def test_patches_of_different_items_both_hold_in_either_order(
    module: Module, field: str, entry: st.SearchStrategy[Any], data: st.DataObject
) -> None:
    def within(entries: Document) -> Document:
        for name in reversed(field.split(".")):
            entries = {name: entries}
        return entries

    def held(record: Record) -> Document:
        value: Any = record.wire()
        for name in field.split("."):
            value = value[name]
        return {id_: _without_position(item) for id_, item in value.items()}

    before = begun(module, **within(data.draw(st.dictionaries(st.sampled_from(IDS), entry))))
    one, other = data.draw(patches_of_different_items(entry))
    first = held(patched(module, before, within(one), within(other)))
    second = held(patched(module, before, within(other), within(one)))
    assert first == second
    for id_, wanted in {**one, **other}.items():
        assert (id_ in first) == (wanted is not None)
        if isinstance(wanted, dict):
            assert first[id_].items() >= {name: value for name, value in wanted.items() if name != "at"}.items()


def _without_position(item: Any) -> Any:
    return {name: value for name, value in item.items() if name != "position"} if isinstance(item, dict) else item


def test_items_without_a_position_come_last_in_their_order() -> None:
    items = {"x": {"title": "X"}, "y": {"title": "Y", "position": "k"}, "z": {"title": "Z"}}
    record = begun(ESCROWS, checklists={"admin": items})
    admin = record.wire()["checklists"]["admin"]
    assert sorted(admin, key=lambda id_: admin[id_]["position"]) == ["y", "x", "z"]
    assert admin["y"]["position"] == "k"
    after = patched(ESCROWS, record, {"checklists": {"admin": {"y": {"position": ""}}}}).wire()["checklists"]["admin"]
    assert sorted(after, key=lambda id_: after[id_]["position"]) == ["x", "z", "y"]


def test_thousands_of_items_one_after_another_keep_their_order() -> None:
    keys = ["V"]
    while len(keys) < 3_000:
        keys.append(key_after(keys[-1]))
    assert all(one < other for one, other in pairwise(keys))
    assert max(map(len, keys)) < MAX_ORDER_KEY


@given(st.text("09AZaz", min_size=1, max_size=MAX_ORDER_KEY))
def test_a_key_after_another_is_greater_and_no_longer_than_needed(last: str) -> None:
    following = key_after(last)
    assert following > last or last == "z" * MAX_ORDER_KEY
    assert len(following) <= min(MAX_ORDER_KEY, len(last) + 1)
