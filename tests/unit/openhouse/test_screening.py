"""Documents with more faults than anybody reads: only the first are looked for."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Annotated, Any

import pytest
from pydantic import Field

from openhouse.core.errors import MOST_FAULTS, Invalid
from openhouse.core.screening import overfull, undeclared
from openhouse.core.wire import Wire, parse
from openhouse.crm.modules.clients import CLIENTS
from openhouse.crm.modules.escrows import ESCROWS
from openhouse.crm.writable import writable


class Inner(Wire):
    some_name: int = 0


class Outer(Wire):
    inner: Inner = Inner()
    items: Annotated[dict[str, Inner], Field(max_length=3)] = {}
    sets: dict[str, Annotated[dict[str, bool], Field(max_length=2)]] | None = None


class Counted(dict[str, Any]):
    """Knows how many of its entries somebody has looked at."""

    looked_at = 0

    def items(self) -> Iterator[tuple[str, Any]]:  # type: ignore[override]
        for entry in super().items():
            self.looked_at += 1
            yield entry


def faults(refused: pytest.ExceptionInfo[Invalid]) -> list[str]:
    return [fault["field"] for fault in refused.value.extra["errors"]]


def test_undeclared_names_are_found_wherever_they_stand() -> None:
    document = {
        "inner": {"someName": 1, "some_name": 2},
        "items": {"a": {"x": None}, "b": {"someName": 1}, "c": 5},
        "y": {"z": 1},
    }
    assert dict(undeclared(Outer, document)) == {"inner.some_name": 2, "items.a.x": None, "y": {"z": 1}}


def test_maps_that_hold_too_much_are_found_wherever_they_stand() -> None:
    document = {"items": dict.fromkeys("abcd"), "sets": {"full": dict.fromkeys("ab"), "over": dict.fromkeys("abc")}}
    assert dict(overfull(Outer, document)) == {"items": 3, "sets.over": 2}


def test_of_many_undeclared_names_only_the_first_are_looked_at() -> None:
    document = Counted({f"x{number}": 1 for number in range(1_000)})
    with pytest.raises(Invalid) as refused:
        parse(Outer, document)
    assert faults(refused) == [f"x{number}" for number in range(MOST_FAULTS)]
    assert document.looked_at == MOST_FAULTS


def test_of_many_undeclared_names_in_a_patch_only_the_first_are_looked_at() -> None:
    document = Counted({f"x{number}": None for number in range(1_000)})
    with pytest.raises(Invalid) as refused:
        writable(CLIENTS, document)
    assert len(faults(refused)) == MOST_FAULTS
    assert document.looked_at == MOST_FAULTS


def test_a_map_that_holds_too_much_is_refused_before_its_items_are_judged() -> None:
    with pytest.raises(Invalid) as refused:
        parse(Outer, {"items": {f"x{number}": "wrong" for number in range(1_000)}, "inner": 5})
    assert refused.value.extra["errors"] == [{"field": "items", "message": "must have at most 3 items"}]


def test_few_undeclared_names_are_told_together_with_what_else_is_wrong() -> None:
    with pytest.raises(Invalid) as refused:
        parse(Outer, {"x": 1, "inner": {"someName": "text"}})
    assert faults(refused) == ["inner.someName", "x"]


def test_all_maps_of_the_modules_are_limited() -> None:
    crowd = {f"x{number}": True for number in range(1_000)}
    for module, maps in ((CLIENTS, ("emails", "phones", "tags")), (ESCROWS, ("timeline", "documents", "clientIds"))):
        assert {name for name, _ in overfull(module.model, dict.fromkeys(maps, crowd))} == set(maps)
    assert [name for name, _ in overfull(ESCROWS.model, {"checklists": {"loan": crowd}})] == ["checklists.loan"]


def test_the_first_of_the_faults_come_without_the_others() -> None:
    document = {"items": {f"x{number}": Counted({"y": 1, "z": 1}) for number in range(10)}}
    assert [name for name, _ in islice(undeclared(Outer, document), 2)] == ["items.x0.y", "items.x0.z"]
    assert sum(item.looked_at for item in document["items"].values()) == 2
