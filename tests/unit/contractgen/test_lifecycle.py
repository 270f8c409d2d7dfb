"""The examples' lifecycle can be told of any module, whatever its rules ask for on the way."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Annotated, Literal

import pytest
from pydantic import Field

from contractgen.lifecycle import after, lifecycle_of, way
from openhouse.core.wire import Moment
from openhouse.crm.fields import Day, Id, Percent, RequiredText, ShortText
from openhouse.crm.module import Module, Record
from openhouse.crm.modules import MODULES
from openhouse.crm.modules.leads import LEADS


class Deal(Record):
    status: Literal["open", "checked", "won", "lost"] = "open"
    name: RequiredText
    rooms: Annotated[int, Field(ge=3, le=9)] | None = None
    kind: Literal["new", "old"] | None = None
    signed: bool | None = None
    share: Percent | None = None
    day: Day | None = None
    at: Moment | None = None
    note: ShortText | None = None
    client_id: Id | None = None

    def cross_field_errors(self) -> Iterator[tuple[str, str]]:
        if self.status == "won":
            for name in ("rooms", "kind", "signed", "share", "day", "at", "note", "client_id"):
                if getattr(self, name) is None:
                    yield name.replace("_id", "Id"), "is needed"


DEALS = Module(
    noun="deal",
    path="deals",
    model=Deal,
    transitions={"open": ("checked", "lost"), "checked": ("won", "lost"), "won": (), "lost": ()},
    verbs={"won": "won"},
    example={"name": "First"},
)


def test_what_a_status_asks_for_is_made_up_to_suit_the_fields() -> None:
    won = after(lifecycle_of(DEALS).entered["won"]).wire()
    assert {name: won[name] for name in ("rooms", "kind", "signed", "share", "day", "at", "note", "clientId")} == {
        "rooms": 3,
        "kind": "new",
        "signed": True,
        "share": 0.0,
        "day": "2026-03-02",
        "at": "2026-03-02T12:00:00.000Z",
        "note": "note",
        "clientId": "clientId",
    }
    assert won["version"] == 3


def test_where_nothing_else_can_change_a_text_is_changed() -> None:
    assert lifecycle_of(DEALS).patch == {"name": "First (changed)"}


def test_a_module_of_which_nothing_can_change_has_no_story() -> None:
    still = Module(noun="deal", path="deals", model=Deal, transitions=DEALS.transitions, example={"name": "x" * 300})
    with pytest.raises(ValueError, match="nothing of the example of deal can change"):
        lifecycle_of(still)


def test_the_way_to_a_status_is_the_shortest() -> None:
    assert way(DEALS, "open") == []
    assert way(DEALS, "won") == ["checked", "won"]
    assert way(DEALS, "lost") == ["lost"]
    with pytest.raises(ValueError, match="no deal becomes sold"):
        way(DEALS, "sold")


def test_a_conversion_is_the_last_step_into_its_status() -> None:
    lifecycle = lifecycle_of(LEADS)
    assert lifecycle.converted is not None
    assert lifecycle.entered["converted"] == lifecycle.converted[0]
    assert after(lifecycle.converted[1]).id == after(lifecycle.converted[0]).wire()["clientId"]


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.noun)
def test_the_same_story_is_told_each_time(module: Module) -> None:
    again = replace(module)
    assert lifecycle_of(again).changed.events() == lifecycle_of(module).changed.events()
