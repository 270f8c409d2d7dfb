"""Tables of other systems, without help: every column, every value."""

from __future__ import annotations

from datetime import date

import pytest

from openhouse.importing.header_words import layout_key
from openhouse.importing.proposal import Confidence
from tests.layouts import Layout, judged, layouts

ALL = pytest.mark.parametrize("layout", layouts(), ids=lambda layout: layout.name)


@ALL
def test_every_column_of_an_export_finds_its_field_or_none(layout: Layout) -> None:
    found = judged(layout)
    targets = dict(zip(layout.columns, (column.target for column in found.proposal.columns), strict=True))
    assert targets == dict(zip(layout.columns, layout.expected, strict=True))


@ALL
def test_no_value_of_an_export_is_wrong_without_a_warning(layout: Layout) -> None:
    assert judged(layout).values == ()


@ALL
def test_what_is_not_sure_is_never_filled(layout: Layout) -> None:
    for column in judged(layout).proposal.columns:
        assert (column.target is not None) == (column.confidence is Confidence.SURE)
        assert bool(column.candidates) or column.confidence is not Confidence.SUGGESTED


@ALL
def test_what_a_row_becomes_is_accepted_as_it_is_when_it_is_read_once_more(layout: Layout) -> None:
    for read in judged(layout).reads:
        assert read.rejected is None or read.document == {}
        for name, value in read.document.items():
            if name.endswith("Date"):
                date.fromisoformat(value)
        assert "converted" not in read.document.values()


def test_layouts_are_known_again_by_their_headers_whatever_their_case_spaces_and_signs():
    assert layout_key(["First Name", "E-mail"]) == layout_key([" first_name ", "E Mail"])
    assert layout_key(["a", "b"]) != layout_key(["b", "a"])
    keys = {layout_key(layout.columns) for layout in layouts()}
    assert len(keys) == len({layout.columns for layout in layouts()})
