from pathlib import Path

from bench.reading import CASES, MOST_MB, NAMES, measure, report
from deployed.terminal import Steps
from openhouse.importing.tables import read_table


def test_every_file_that_is_measured_is_what_it_is_meant_to_be(tmp_path: Path):
    for number, case in enumerate(CASES):
        path = tmp_path / str(number)
        case.write(path, 10)
        table = read_table(path.read_bytes(), case.name)
        rows = list(table.rows())
        assert (len(rows), [row.fault for row in rows]) == (10, [""] * 10), case.name
        if case.suffix != ".vcf":
            assert table.columns == NAMES
            assert rows[5].cells[NAMES.index("ZIP")] == "02108"


def test_all_files_are_read_and_reported():
    measured = measure(True, Steps())
    assert [case["rows"] for case in measured["cases"]] == [200] * len(CASES)
    assert all(0 < case["peak_mb"] < MOST_MB for case in measured["cases"])
    text = report(measured)
    assert all(case.name in text for case in CASES)
    assert "20 columns" in text
