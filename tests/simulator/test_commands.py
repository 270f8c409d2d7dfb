"""What a person types."""

from __future__ import annotations

from tests.simulator.__main__ import main


def test_a_history_that_is_well_is_told(capsys):
    assert main(["--seed", "3"]) == 0
    told = capsys.readouterr().out
    assert "ava's client connects as socket-0001" in told
    assert told.endswith("seed 3: all is well\n")


def test_histories_are_run_until_time_is_over(capsys):
    assert main(["--minutes", "0.001", "--from", "1"]) == 0
    first, last = capsys.readouterr().out.splitlines()
    assert first == "from seed 1 on"
    assert last.endswith("0 failed")


def test_histories_are_recorded(tmp_path, capsys):
    assert main(["--record", str(tmp_path), "--seeds", "1-2"]) == 0
    files = sorted(path.name for path in tmp_path.iterdir())
    assert capsys.readouterr().out == f"{len(files)} files in {tmp_path}\n"
    assert files[:2] == ["000001-0-ava.jsonl", "000001-1-dana.jsonl"]
