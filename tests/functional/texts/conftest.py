"""A brokerage in memory whose language engine fails when it is told to."""

from __future__ import annotations

import pytest

from tests.fakes import DANA
from tests.functional.conftest import World
from tests.functional.sockets import found, put
from tests.functional.texts.support import Failing


@pytest.fixture
def engine() -> Failing:
    return Failing()


@pytest.fixture
def world(engine: Failing) -> World:
    world = World.in_memory(language=lambda: engine)
    found(world)
    put(world, DANA)
    return world
