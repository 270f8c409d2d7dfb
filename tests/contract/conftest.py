"""The functional world, for tests that hold it against the documents."""

from tests.functional.conftest import dynamodb, world

__all__ = ["dynamodb", "world"]
