from __future__ import annotations

from collections.abc import Iterator

from openhouse.core.errors import OpenhouseError, StaleVersion


def all_errors(kind: type[OpenhouseError] = OpenhouseError) -> Iterator[type[OpenhouseError]]:
    for child in kind.__subclasses__():
        yield child
        yield from all_errors(child)


def concrete() -> list[type[OpenhouseError]]:
    return [kind for kind in all_errors() if "code" in vars(kind) or kind.__name__ == "InternalError"]


def test_codes_are_unique() -> None:
    codes = [kind.code for kind in concrete()]
    assert len(codes) == len(set(codes))


def test_a_problem_document_carries_what_the_error_adds() -> None:
    document = StaleVersion("it is at version 2 now", current={"version": 2}).problem()
    assert document == {
        "type": "urn:openhouse:error:stale_version",
        "title": "The record has changed meanwhile",
        "status": 412,
        "code": "stale_version",
        "detail": "it is at version 2 now",
        "retryable": False,
        "current": {"version": 2},
    }
