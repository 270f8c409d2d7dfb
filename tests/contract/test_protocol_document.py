"""docs/protocol.md says what the code does."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from pydantic.alias_generators import to_camel

from openhouse.api.actions import ACTIONS
from openhouse.contract.operations import documented_operations
from openhouse.core.errors import all_errors
from openhouse.crm.module import Module
from openhouse.crm.modules import MODULES
from openhouse.crm.modules.escrows import ESCROWS

TEXT = (Path(__file__).parents[2] / "docs" / "protocol.md").read_text()


def test_the_errors_listed_are_those_there_are_with_status_and_whether_to_retry() -> None:
    listed = set(re.findall(r"^\| `(\w+)` \| (\d+) \| (yes|no) \|", TEXT, re.MULTILINE))
    assert listed == {(kind.code, str(kind.status), "yes" if kind.retryable else "no") for kind in all_errors()}


def test_every_action_of_a_socket_is_listed() -> None:
    for action in ACTIONS:
        assert f"| `{action.name}`" in TEXT


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.noun)
def test_a_module_is_listed_with_its_statuses_its_events_its_date_and_what_it_names(module: Module) -> None:
    (row,) = (line for line in TEXT.splitlines() if line.startswith(f"| `/{module.path}` | {module.noun} |"))
    statuses, verbs, date, names = (cell.strip() for cell in row.split("|")[3:7])
    final = {status for status, following in module.transitions.items() if not following}
    assert statuses.split(", ") == [f"{status} (final)" if status in final else status for status in module.transitions]
    assert re.findall(r"`(.+?)`", verbs) == [f"{module.noun}:{verb}" for verb in module.verbs.values()]
    assert date.strip("`") == (to_camel(module.dated_by) if module.dated_by else "")
    assert re.findall(r"`(.+?)`", names) == list(map(to_camel, module.references))


def test_every_kind_of_call_and_of_event_is_listed() -> None:
    for call in (call for call in documented_operations([ESCROWS]) if call.tag == ESCROWS.path):
        assert f"{call.method} {call.path}`" in TEXT or f"`{call.path.removeprefix('/escrows/{id}')}`" in TEXT
    assert "`POST /leads/{id}/convert`" in TEXT
    for verb in ("created", "updated", "archived", "restored", "deleted", "stats", "locked", "unlocked"):
        assert f":{verb}`" in TEXT
