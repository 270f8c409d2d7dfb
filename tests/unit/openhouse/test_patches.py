from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openhouse.core.merge_patch import difference, merge

scalars = st.booleans() | st.integers(-3, 3) | st.text(max_size=3) | st.floats(allow_nan=False, allow_infinity=False)
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("abc"), inner, max_size=3),
    max_leaves=8,
)
documents = st.dictionaries(st.sampled_from("abcd"), values, max_size=4)


@pytest.mark.parametrize(
    ("document", "patch", "expected"),
    [  # RFC 7396, appendix A, those between objects
        ({"a": "b"}, {"a": "c"}, {"a": "c"}),
        ({"a": "b"}, {"b": "c"}, {"a": "b", "b": "c"}),
        ({"a": "b"}, {"a": None}, {}),
        ({"a": "b", "b": "c"}, {"a": None}, {"b": "c"}),
        ({"a": ["b"]}, {"a": "c"}, {"a": "c"}),
        ({"a": "c"}, {"a": ["b"]}, {"a": ["b"]}),
        ({"a": {"b": "c"}}, {"a": {"b": "d", "c": None}}, {"a": {"b": "d"}}),
        ({"a": [{"b": "c"}]}, {"a": [1]}, {"a": [1]}),
        ({"e": None}, {"a": 1}, {"e": None, "a": 1}),
        ({}, {"a": {"bb": {"ccc": None}}}, {"a": {"bb": {}}}),
    ],
)
def test_a_patch_merges_as_the_rfc_says(document: Any, patch: Any, expected: Any) -> None:
    assert merge(document, patch) == expected


def _exactly(value: Any) -> Any:
    """With types, because in Python True == 1 == 1.0."""
    if isinstance(value, dict):
        return {key: _exactly(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_exactly(inner) for inner in value]
    return (isinstance(value, bool), value)


@given(documents, documents)
def test_the_difference_leads_from_the_one_to_the_other(before: Any, after: Any) -> None:
    assert _exactly(merge(before, difference(before, after))) == _exactly(after)


@given(documents)
def test_there_is_no_difference_to_oneself(document: Any) -> None:
    assert difference(document, document) == {}


@given(documents, documents)
def test_merging_leaves_the_original_alone(document: Any, patch: Any) -> None:
    copy = _exactly(document)
    merge(document, patch)
    assert _exactly(document) == copy


def test_a_difference_names_only_what_changed() -> None:
    before = {"a": 1, "b": {"c": 1, "d": 2}, "e": [1], "f": True}
    after = {"a": 1, "b": {"c": 1, "d": 3}, "e": [1], "g": 0}
    assert difference(before, after) == {"b": {"d": 3}, "f": None, "g": 0}
