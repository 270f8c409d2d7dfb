"""docs/protocol.md says what the code does."""

from __future__ import annotations

from pathlib import Path
from typing import get_args

import pytest

from openhouse import protocol
from openhouse.module import Module
from openhouse.modules import MODULES
from tests.unit.openhouse.test_errors import concrete

TEXT = (Path(__file__).parents[2] / "docs" / "protocol.md").read_text()


def test_every_error_is_listed_with_its_status_and_whether_to_retry() -> None:
    for kind in concrete():
        row = f"| `{kind.code}` | {kind.status} | {'yes' if kind.retryable else 'no'} |"
        assert row in TEXT, row


def test_every_action_of_a_socket_is_listed() -> None:
    for message in get_args(protocol.Message):
        (action,) = get_args(message.model_fields["action"].annotation)
        assert f"| `{action}`" in TEXT


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.noun)
def test_every_event_and_route_of_a_module_is_listed(module: Module) -> None:
    for verb in ("created", "updated", "archived", "restored", "deleted", *module.verbs.values()):
        assert f"`{module.noun}:{verb}`" in TEXT
    for call in ("GET", "POST"):
        assert f"`{call} /{module.path}`" in TEXT
