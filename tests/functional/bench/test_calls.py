"""What a change costs in AWS calls and units: whoever adds one has to change these numbers knowingly."""

import pytest

from bench.calls import count
from bench.record_sizes import average

RECORDS = [{"propertyAddress": f"{number} Harbor Way", "notes": "n" * 1_300} for number in range(8)]
ROWS = {"by_changed, rows": 2, "by_price, rows": 2}
SMALL = [{"propertyAddress": "1 Harbor Way", "notes": "n" * 100}]


def test_a_change_takes_these_calls_however_many_watch_it_but_for_the_posts():
    for counted, viewers in zip(count(RECORDS, [1, 5]), [1, 5], strict=True):
        assert counted.viewers == viewers
        assert {(line.function, line.operation): figures(line) for line in counted.patch} == {
            # Who is calling; the record, in whichever of three rooms; the heads of these, with their figures.
            ("crm", "BatchGetItem"): (1, 7, 0),
            ("crm", "TransactWriteItems"): (1, 0, 12),
            ("fanout", "Query"): (1, 1, 0),
            ("fanout", "PostToConnection"): (viewers, 0, 0),
        }
        assert written(counted) == {"record": 4, "head": 2, "log entry": 2, **ROWS}
        assert 300 * viewers < counted.patch_bytes < 600 * viewers


def test_of_a_record_of_less_than_a_kilobyte_a_change_takes_eight_write_units_and_two_as_it_is_the_price():
    (counted,) = count(SMALL, [3])
    assert written(counted) == {"record": 2, "head": 2, "log entry": 2, **ROWS}
    assert sum(line.calls for line in counted.patch) == 6
    assert sum(line.read_units for line in counted.patch) == 8


@pytest.mark.parametrize(
    ("bytes_", "record", "history"),
    [(744, 2, 0.4), (872, 2, 1.0), (1_300, 4, 0.2), (1_640, 4, 0.2), (2_300, 6, 0.2)],
)
def test_on_average_a_step_of_the_history_costs_a_fraction_of_what_an_item_costs(bytes_, record, history):
    """Of 985 real sales 744 to 792 bytes: 8.4 write units together, where it was 13."""
    found = average(bytes_, count=22)
    assert found.record == record
    assert 0 < found.history <= history


def test_of_a_record_that_fills_its_kilobytes_each_step_costs_an_item():
    assert average(1_000, count=4).history == 2


def written(counted):
    return {what: spent for line in counted.patch for what, spent in line.written.items()}


def test_a_refetch_reads_every_record_of_the_list_and_the_heads():
    (counted,) = count(RECORDS, [1])
    assert {(line.function, line.operation): figures(line)[:2] for line in counted.refetch} == {
        ("crm", "GetItem"): (1, 1),
        ("crm", "BatchGetItem"): (1, 3),
        ("crm", "Query"): (3, 4 + 1 + 1),
    }
    assert counted.refetch_bytes > 8 * 1_300


def figures(line):
    return line.calls, line.read_units, line.write_units
