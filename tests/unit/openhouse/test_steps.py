"""The form in which steps of a history are kept."""

from __future__ import annotations

import pytest

from openhouse.crm.steps import Step, packed, unpacked

BY = "75ca0d66-b874-4ad9-9af2-d432cd67f4d5"


def step(version: int, **changes: object) -> Step:
    at = f"2026-03-02T12:{version % 60:02d}:07.{123 + version}Z"
    audit = {"version": version, "updatedAt": at, "updatedBy": BY}
    return {"version": version, "at": at, "by": BY, "action": "updated", "changes": {**changes, **audit}}


DELETED = {"version": 3, "at": "2026-03-04T12:00:00.000Z", "by": BY, "action": "deleted", "changes": {}}
REOPENED = {**step(2, status="pending"), "action": "reopened", "reason": "it was not over"}


@pytest.mark.parametrize(
    "steps",
    [
        [],
        [step(1, propertyAddress="1 Øster Allé", notes="\n".join(map(str, range(9_000))), timeline={})],
        [step(1), REOPENED, DELETED],
        [step(7, purchasePriceCents=None, checklists={"loan": {"a": {"done": True}}})],
    ],
    ids=["none", "large", "several", "one"],
)
def test_steps_come_out_as_they_went_in(steps: list[Step]) -> None:
    assert unpacked(packed(steps)) == steps


def test_nothing_was_kept_where_nothing_is_written() -> None:
    assert unpacked("") == []


def test_steps_that_were_packed_once_are_read_for_good() -> None:
    """Fails if anything is changed that packed texts rest on."""
    assert unpacked(KEPT) == [
        step(2, purchasePriceCents=42_000_000),
        REOPENED | step(3, city="Davis") | {"reason": "no"},
    ]


def test_the_first_step_takes_little_and_each_further_one_less() -> None:
    sizes = [
        len(packed([step(2 + n, purchasePriceCents=42_000_001 + 7 * n) for n in range(count)])) for count in (1, 10)
    ]
    assert sizes[0] < 110
    assert sizes[1] - sizes[0] < 9 * 40


KEPT = (
    "i442AtNmugbGugZGIYZGVgZAZK5naGQK0mVumpxokGJmpptkYW6ia5KYYqlrmZhmpJtiYm"
    "yUnGJmnmaSYopqODZ3mxgZgAHIYmMM+4wh9pmRZx80tbgkAmNdqVYHGDdKsbEA"
)
