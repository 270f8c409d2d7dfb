"""What a change costs in AWS calls: whoever adds one has to change these numbers knowingly."""

from bench.calls import Counted, count

RECORDS = [{"propertyAddress": f"{number} Harbor Way", "notes": "n" * 1_300} for number in range(8)]
CHANGES = [{"purchasePriceCents": 1}, {"purchasePriceCents": 2}]


def calls(counted: Counted, viewers: int) -> dict[tuple[str, str], tuple[int, float, float]]:
    assert counted.viewers == viewers
    return {(line.function, line.operation): (line.calls, line.read_units, line.write_units) for line in counted.patch}


def test_a_change_takes_these_calls_however_many_watch_it_but_for_the_posts():
    for viewers in (1, 5):
        counted = count(RECORDS, CHANGES, viewers=viewers)
        assert calls(counted, viewers) == {
            ("authorizer", "GetItem"): (1, 1, 0),
            ("crm", "BatchGetItem"): (3, 5, 0),  # the record in each of three rooms, the room's figures, its head
            # Record, head, log entry, figures: 2 + 1 + 1 + 1 KB; another place in by_changed: 2 rows. All of it twice.
            ("crm", "TransactWriteItems"): (1, 0, 14),
            ("fanout", "Query"): (1, 1, 0),
            ("fanout", "PostToConnection"): (viewers, 0, 0),
        }


def test_a_refetch_reads_every_record_of_the_list_and_the_heads():
    counted = count(RECORDS, CHANGES, viewers=1)
    assert {(line.function, line.operation): (line.calls, line.read_units) for line in counted.refetch} == {
        ("authorizer", "GetItem"): (1, 1),
        ("crm", "BatchGetItem"): (1, 3),
        ("crm", "Query"): (3, 4 + 1 + 1),
    }
