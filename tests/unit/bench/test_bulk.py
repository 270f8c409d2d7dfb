from bench.bulk import Turn, report


def test_rates_are_medians_and_compared_with_the_first_way():
    text = report(
        {
            "one by one": [Turn(100, 2.0, 100), Turn(100, 4.0, 100), Turn(100, 2.0, 100)],
            "bulk": [Turn(500, 0.5, 10), Turn(500, 1.0, 10), Turn(500, 0.1, 20)],
        },
        {"machine": "this one"},
    )
    assert "machine   this one" in text
    assert "medians of 3 turns" in text
    rows = [line.split() for line in text.splitlines()]
    assert ["one", "by", "one", "100", "2.00", "50", "1.0x", "1.0"] in rows
    assert ["bulk", "500", "0.50", "1,000", "20.0x", "50.0"] in rows
