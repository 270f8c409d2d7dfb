from __future__ import annotations

from openhouse.core.errors import StaleVersion, all_errors


def test_codes_are_unique() -> None:
    codes = [kind.code for kind in all_errors()]
    assert len(codes) == len(set(codes))


def test_a_problem_document_carries_what_the_error_adds() -> None:
    document = StaleVersion("it is at version 2 now", current={"version": 2}).problem()
    assert document == {
        "type": "urn:openhouse:error:stale_version",
        "title": "The record has changed in the meantime",
        "status": 412,
        "code": "stale_version",
        "detail": "it is at version 2 now",
        "retryable": False,
        "current": {"version": 2},
    }
