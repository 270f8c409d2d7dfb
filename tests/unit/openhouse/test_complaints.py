"""What a caller reads about a wrong value: plain words, and nothing of Python or pydantic."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Annotated, Any, Literal

import pytest
from pydantic import Field, ValidationError

from openhouse.core.complaints import complaint
from openhouse.core.wire import Moment, Wire
from openhouse.rooms.position import Position


class Inner(Wire):
    name: str


class Everything(Wire):
    text: Annotated[str, Field(min_length=1, max_length=3)] = "x"
    whole: Annotated[int, Field(ge=1, le=10)] = 1
    number: Annotated[Decimal, Field(gt=0, lt=2, multiple_of=Decimal("0.25"))] = Decimal(1)
    flag: bool = False
    moment: Moment | None = None
    choice: Literal["a", "b", "c"] = "a"
    marks: dict[str, Literal[True]] = {}
    few: Annotated[list[int], Field(min_length=1, max_length=2)] = [1]
    inner: Inner | None = None
    positions: dict[str, Position] = {}


@pytest.mark.parametrize(
    ("document", "words"),
    [
        ({"text": 7}, "must be a text"),
        ({"text": ""}, "must have at least 1 character"),
        ({"text": "long"}, "must have at most 3 characters"),
        ({"whole": "1"}, "must be a whole number"),
        ({"whole": 1.5}, "must be a whole number"),
        ({"whole": True}, "must be a whole number"),
        ({"whole": 0}, "must be at least 1"),
        ({"whole": 11}, "must be at most 10"),
        ({"number": [1]}, "must be a number"),
        ({"number": 0.3}, "must be a multiple of 0.25"),
        ({"number": 0}, "must be more than 0"),
        ({"number": 2}, "must be less than 2"),
        ({"flag": "yes"}, "must be true or false"),
        ({"moment": "soon"}, "must be a time with its zone, such as 2026-03-02T12:00:00Z"),
        ({"moment": "2026-03-02T12:00:00"}, "must be a time with its zone, such as 2026-03-02T12:00:00Z"),
        ({"choice": "d"}, "must be a, b or c"),
        ({"marks": {"a": "yes"}}, "must be true"),
        ({"few": {}}, "must be a list"),
        ({"few": []}, "must have at least 1 item"),
        ({"few": [1, 2, 3]}, "must have at most 2 items"),
        ({"inner": 1}, "must be an object"),
        ({"inner": {}}, "is required"),
        ({"inner": {"name": "x", "size": 1}}, "there is no such field"),
        ({"positions": {"team:a": 1}}, "must be an object"),
        ({"positions": {"team:a": {"epoch": "e"}}}, "is required"),
        ({"positions": {"team:a": {"epoch": "e", "seq": 1, "more": 1}}}, "there is no such field"),
        ({"positions": {"team:a": {"epoch": "e", "seq": "1"}}}, "must be a whole number"),
        ({"colour": "red"}, "there is no such field"),
    ],
)
def test_a_wrong_value_is_told_in_plain_words(document: Any, words: str) -> None:
    with pytest.raises(ValidationError) as refused:
        Everything.model_validate_json(json.dumps(document), strict=True)
    assert [complaint(error) for error in refused.value.errors()] == [words]
