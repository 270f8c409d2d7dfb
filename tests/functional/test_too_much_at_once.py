"""A change that no transaction takes is refused in words, alone and among others."""

from __future__ import annotations

from typing import Any, Literal

import pytest

from openhouse.core.errors import TooLarge
from openhouse.crm.fields import Items, LabelledPhone, RequiredText
from openhouse.crm.module import Module, Record
from tests.fakes import AVA
from tests.functional.brokerage import staff
from tests.functional.conftest import World


class Office(Record):
    status: Literal["open"] = "open"
    name: RequiredText
    lines: Items[LabelledPhone] = {}


OFFICES = Module(
    noun="office",
    path="offices",
    model=Office,
    transitions={"open": ()},
    example={"name": "Main"},
    looked_up={"lines": "phone"},  # an item for each
)


@pytest.fixture(autouse=True)
def _staffed(world: World) -> None:
    staff(world)


def office(lines: int) -> dict[str, Any]:
    numbers = {f"line-{number}": {"label": "desk", "value": f"+1916555{number:04}"} for number in range(lines)}
    return {"name": "Main", "lines": numbers}


def test_a_record_that_takes_too_many_items_is_refused_and_leaves_nothing(world: World) -> None:
    before = world.items("R#")
    with pytest.raises(TooLarge):
        world.records.create(OFFICES, AVA, office(120))
    assert world.items("R#") == before


def test_of_many_entries_only_the_one_that_takes_too_many_items_is_refused(world: World) -> None:
    entries = [{"record": office(lines)} for lines in (30, 120, 60, 0)]
    results = world.bulk.write(OFFICES, AVA, entries)
    assert [result["status"] for result in results] == [201, 413, 201, 201]
    assert results[1]["error"]["code"] == "too_large"
