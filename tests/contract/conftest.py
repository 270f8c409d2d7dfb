"""The functional world, for tests that hold it against the documents."""

import pytest

pytest.register_assert_rewrite(
    "tests.contract.agreement", "tests.contract.documented", "tests.contract.module_contract"
)

from tests.functional.conftest import dynamodb, world  # noqa: E402

__all__ = ["dynamodb", "world"]
