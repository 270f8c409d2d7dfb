"""The functional world, for tests that hold it against the documents."""

from typing import Any

import pytest

pytest.register_assert_rewrite(
    "tests.contract.agreement", "tests.contract.documented", "tests.contract.module_contract"
)

from openhouse.entities import ENTITIES  # noqa: E402
from tests.contract.checked_world import CheckedWorld  # noqa: E402
from tests.contract.module_contract import documented_of  # noqa: E402
from tests.functional.brokerage import staff  # noqa: E402
from tests.functional.conftest import World, dynamodb, world  # noqa: E402

__all__ = ["dynamodb", "world"]


@pytest.fixture
def checked(dynamodb: Any) -> CheckedWorld:
    """With the people of a brokerage in it."""
    made = World(dynamodb)
    staff(made)
    return CheckedWorld(made, documented_of(ENTITIES))
