"""Hints that somebody else has the same address: of what their reader can see, and of nothing else."""

from __future__ import annotations

from typing import Any

import pytest

from openhouse.core.principal import Principal
from openhouse.crm.modules.clients import CLIENTS
from tests.fakes import AVA, BEN, MIA, STRANGER
from tests.functional.conftest import World


@pytest.mark.parametrize(
    ("whose", "visibility", "is_told"),
    [
        (BEN, "team", True),
        (BEN, "private", False),
        (MIA, "broker", True),
        (MIA, "team", False),
        (MIA, "private", False),
        (STRANGER, "broker", False),
    ],
)
def test_whoever_cannot_see_a_record_is_not_told_that_it_has_the_same_address(
    whose: Principal, visibility: str, is_told: bool
) -> None:
    world = World.in_memory()
    same: dict[str, Any] = {"lastName": "Hart", "email": "ana@example.com"}
    world.records.create(CLIENTS, whose, {**same, "visibility": visibility})
    assert bool(world.records.create(CLIENTS, AVA, same).get("warnings")) is is_told
