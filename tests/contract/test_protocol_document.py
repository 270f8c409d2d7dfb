"""docs/protocol.md says what the code does."""

from __future__ import annotations

import re
from pathlib import Path
from typing import get_args

import pytest

from openhouse import protocol
from openhouse.module import Module
from openhouse.modules import MODULES
from tests.unit.openhouse.test_errors import concrete

TEXT = (Path(__file__).parents[2] / "docs" / "protocol.md").read_text()


def test_the_errors_listed_are_those_there_are_with_status_and_whether_to_retry() -> None:
    listed = set(re.findall(r"^\| `(\w+)` \| (\d+) \| (yes|no) \|", TEXT, re.MULTILINE))
    assert listed == {(kind.code, str(kind.status), "yes" if kind.retryable else "no") for kind in concrete()}


def test_every_action_of_a_socket_is_listed() -> None:
    for message in get_args(protocol.Message):
        (action,) = get_args(message.model_fields["action"].annotation)
        assert f"| `{action}`" in TEXT


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.noun)
def test_every_event_and_route_of_a_module_is_listed(module: Module) -> None:
    for verb in ("created", "updated", "archived", "restored", "deleted", *module.verbs.values()):
        assert f"`{module.noun}:{verb}`" in TEXT
    one = f"/{module.path}/{{id}}"
    for call in (f"GET /{module.path}", f"POST /{module.path}", f"GET {one}", f"PATCH {one}", f"DELETE {one}"):
        assert f"`{call}`" in TEXT
    assert f"`POST {one}/archive`, `/restore`" in TEXT
