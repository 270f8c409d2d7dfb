"""Who listens to what the functions of a world log; and a world over tables that were restored."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from io import StringIO
from typing import Any

import pytest

from cli.restoring.tables import Moment, Restorer
from openhouse.core.observability import logger
from openhouse.storage.table import Table
from tests.fakes import NOON
from tests.functional.cli.hearing import Heard
from tests.functional.cli.restoring import NEW, OLD, RestoredWorld, quietly
from tests.functional.conftest import World
from tests.functional.sockets import found


@pytest.fixture
def said() -> Iterator[StringIO]:
    """What functions log, as CloudWatch gets it."""
    handler: Any = logger.registered_handler
    before = handler.setStream(said := StringIO())
    yield said
    handler.setStream(before)


@pytest.fixture
def heard(said: StringIO) -> Heard:
    world = World.in_memory()
    found(world)
    return Heard(world, said)


@pytest.fixture
def restored(world: World) -> Callable[[], World]:
    """`restored()`: a world over tables as DynamoDB restores them now."""

    def now() -> World:
        restorer = Restorer(world.client, sleep=lambda _seconds: None)
        restorer.restore(OLD, NEW, Moment(NOON), quietly)
        after = RestoredWorld(world.client, Table(world.client, *NEW))
        after.clock.at = world.clock.at
        return after

    return now
