"""Who listens to what the functions of a world log."""

from __future__ import annotations

from collections.abc import Iterator
from io import StringIO
from typing import Any

import pytest

from openhouse.core.observability import logger
from tests.functional.cli.hearing import Heard
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
