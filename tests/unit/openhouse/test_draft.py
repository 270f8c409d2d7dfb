"""What fits into one commit."""

from __future__ import annotations

import pytest

from openhouse.core.errors import TooLarge
from openhouse.rooms.draft import (
    BATCHED_COMMIT_BYTES,
    MAX_COMMIT_BYTES,
    MAX_TRANSACTION_BYTES,
    Draft,
    largest_that_fits,
)
from openhouse.storage.table import MAX_TRANSACTION_ITEMS
from openhouse.storage.writes import ABSENT, Put


def put(number: int, bytes_: int = 0) -> Put:
    return Put({"pk": f"R#{number}", "sk": "x", "text": "x" * bytes_}, ABSENT)


def told(bytes_: int) -> Draft[None]:
    return Draft(None, {"team:north": [{"type": "test:told", "data": {"text": "x" * bytes_}}]})


def test_a_draft_counts_the_logs_own_items_too() -> None:
    event = {"type": "test:told", "data": {}}
    assert Draft(None, {"team:north": [event, event], "broker:harbor": [event]}, [put(1)]).items == 2 * 2 + 1


@pytest.mark.parametrize(
    "draft",
    [
        told(MAX_COMMIT_BYTES),
        Draft(None, {}, [put(number) for number in range(MAX_TRANSACTION_ITEMS + 1)]),
        Draft(None, {}, [put(number, MAX_TRANSACTION_BYTES // 20) for number in range(20)]),
    ],
    ids=["told", "items", "bytes"],
)
def test_what_dynamodb_or_a_frame_would_not_take_is_refused_as_too_large(draft: Draft[None]) -> None:
    with pytest.raises(TooLarge):
        draft.check()


def test_one_large_change_is_possible_where_several_would_be_cut() -> None:
    draft = told(BATCHED_COMMIT_BYTES + 1)
    draft.check()
    assert not draft.fits


@pytest.mark.parametrize("most", [0, 1, 2, 7, 99, 100, 101, 500])
def test_as_many_are_drafted_as_fit(most: int) -> None:
    draft = largest_that_fits(lambda count: Draft(count, {}, [put(number) for number in range(count)]), most)
    assert draft.result == min(most, MAX_TRANSACTION_ITEMS)


def test_the_first_is_drafted_even_if_it_fits_nowhere() -> None:
    draft = largest_that_fits(lambda count: Draft(count, told(MAX_COMMIT_BYTES * count).events), 5)
    assert draft.result == 1
    assert not draft.is_possible
