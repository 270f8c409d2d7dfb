"""`openhouse cost` as it is called: tables, one JSON document, pictures, and what is no sense."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from cli.costs.comparison import NAMES
from tests.unit.cli.test_app import called


def test_it_tells_of_a_month_and_a_person_and_of_others_and_what_is_assumed():
    said = called("cost", "--users", "40", "--writes-per-user-hour", "12", "--hours", "6")
    assert (said.exit_code, said.stderr) == (0, "")
    lines = said.stdout.splitlines()
    assert lines[0] == "Openhouse for 40 people, US dollars a month, us-east-1"
    assert next(line for line in lines if "people" in line and "Ably" in line).split()[1] == "Openhouse"
    assert any(line.startswith("        40  ") for line in lines)
    assert any(line.startswith("From ") and "people on ours is" in line for line in lines)
    assert "- Each writes 12 times an hour: 10% create a record, 25% are forms that are locked first" in " ".join(
        said.stdout.split()
    )
    assert max(map(len, lines)) <= 80
    assert [line.split()[0] for line in lines if line.startswith("  total ")] == ["total"] * 2
    for name in ("Socket.IO", "AppSync Events", "Ably", "Pusher"):
        assert f"- {name}: " in said.stdout
    assert "List prices of 20" in said.stdout


def test_the_json_document_has_all_of_it():
    found = json.loads(called("cost", "--users", "200", "--json").stdout)
    ours = found["openhouse"]
    assert sum(ours["byActivity"].values()) == pytest.approx(ours["total"])
    assert found["totals"]["Openhouse"] == ours["total"]
    assert set(found["totals"]) == set(NAMES)
    assert found["usage"]["users"] == 200
    assert found["others"]["Socket.IO server"]["servers"] > 0
    assert found["breakEvenUsers"]
    assert len(found["assumptions"]) > 10


def test_the_free_tier_makes_it_cheaper_and_is_told():
    usual, less = (" ".join(called("cost", "--users", "5", *more).stdout.split()) for more in ((), ("--free-tier",)))
    assert "without what AWS gives" in usual
    assert "on demand, with what AWS gives" in less
    totals = [
        json.loads(called("cost", "--users", "5", "--json", *more).stdout)["totals"]["Openhouse"]
        for more in ((), ("--free-tier",))
    ]
    assert totals[1] < 0.7 * totals[0]


@pytest.mark.parametrize(("name", "begins"), [("c.png", b"\x89PNG"), ("c.svg", b"<?xml")])
def test_it_is_drawn(tmp_path: Path, name: str, begins: bytes):
    file = tmp_path / name
    said = called("cost", "--users", "30", "--plot", str(file))
    assert said.stdout.splitlines()[-1] == f"Drawn: {file}"
    drawn = file.read_bytes()
    assert drawn.startswith(begins)
    if name.endswith("svg"):
        text = drawn.decode()
        assert all(label in text for label in (*NAMES, "Ours for 30 people", "presence: beats"))


def test_a_picture_that_cannot_be_written_fails_in_a_sentence(tmp_path: Path):
    failed = called("cost", "--plot", str(tmp_path / "none" / "c.png"))
    assert (failed.exit_code, failed.stdout) == (1, "")
    assert failed.stderr.endswith("cannot be written: No such file or directory.\n")


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--hours", "20", "--idle-hours", "5"], "a day has 24 hours, of work and beside it."),
        (["--plot", "c.pdf"], "'c.pdf' is neither .png nor .svg."),
        (["--users", "0"], "Invalid value for '--users': "),
        (["--brokerage-size", "500"], "Invalid value for '--brokerage-size': "),
    ],
)
def test_what_is_no_sense_is_refused(arguments: list[str], sentence: str):
    refused = called("cost", *arguments)
    assert (refused.exit_code, refused.stdout) == (2, "")
    assert sentence in refused.stderr
