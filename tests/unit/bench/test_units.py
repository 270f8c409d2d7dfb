import pytest

from bench.units import read_units, row_write_units, write_units
from openhouse.storage.item_size import size


@pytest.mark.parametrize(
    ("item", "bytes_"),
    [
        ({}, 0),
        ({"pk": {"S": "abc"}}, 5),
        ({"naïve": {"S": "é"}}, 8),
        ({"n": {"N": "123"}}, 1 + 3),
        ({"n": {"N": "-1200"}}, 1 + 3),
        ({"n": {"N": "0"}}, 1 + 1),
        ({"b": {"BOOL": True}}, 2),
        ({"l": {"L": [{"S": "ab"}, {"S": "c"}]}}, 1 + 3 + 3 + 2),
        ({"m": {"M": {"ab": {"S": "c"}}}}, 1 + 3 + 2 + 1 + 1),
    ],
)
def test_an_item_is_as_large_as_its_names_and_values(item, bytes_):
    assert size(item) == bytes_


@pytest.mark.parametrize(("bytes_", "charged"), [(0, 1), (1, 1), (4096, 1), (4097, 2), (88_000, 22)])
def test_reads_are_charged_per_four_kilobytes_begun(bytes_, charged):
    assert read_units(bytes_) == charged
    assert read_units(bytes_, consistent=False) == charged / 2


@pytest.mark.parametrize(("before", "after", "charged"), [(0, 0, 1), (0, 1024, 1), (1025, 10, 2), (10, 3000, 3)])
def test_writes_are_charged_per_kilobyte_begun_of_the_larger_version(before, after, charged):
    assert write_units(before, after) == charged


def row(key, **more):
    return {"pk": {"S": "r"}, "by_date": {"S": key}, **{name: {"S": text} for name, text in more.items()}}


@pytest.mark.parametrize(
    ("before", "after", "charged"),
    [
        ({}, {}, 0),
        (row("1"), row("1"), 0),
        ({}, row("1"), 1),
        (row("1"), {}, 1),
        (row("1", status="opened"), row("1", status="closed"), 1),
        (row("1"), row("2"), 2),
        (row("1", status="x" * 1_500), row("2"), 2 + 1),
        (row("1", status="x" * 1_500), row("1"), 2),
    ],
)
def test_a_row_of_an_index_is_charged_when_it_changes_and_twice_when_it_takes_another_place(before, after, charged):
    assert row_write_units("by_date", before, after) == charged
