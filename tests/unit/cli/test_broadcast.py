"""What an operator may say to everybody, and what is said of how many were told."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from typer.testing import CliRunner

from cli import broadcast
from cli.app import app
from deployed.terminal import CommandFailed
from openhouse.collaboration.system import Announced


@pytest.mark.parametrize(
    "arguments",
    [
        ["Moving."],
        ["Moving.", "--from", "2026-03-08T06:00Z"],
        ["--over", "--from", "2026-03-08T06:00Z"],
        ["Moving.", "--over"],
        [],
    ],
    ids=["a text alone", "no end", "over from", "over with a text", "nothing"],
)
def test_maintenance_has_a_text_and_both_times_or_is_over(arguments: list[str]):
    result = CliRunner().invoke(app, ["maintenance", *arguments], prog_name="openhouse")
    assert result.exit_code == 2
    assert "--from and --until; or --over alone" in " ".join(result.stderr.split())


def test_a_level_that_there_is_not_is_a_misuse():
    assert CliRunner().invoke(app, ["broadcast", "Hi", "--level", "loud"], prog_name="openhouse").exit_code == 2


def test_a_time_has_its_zone():
    assert broadcast.moment("2026-03-07T22:00-08:00") == datetime(2026, 3, 8, 6, tzinfo=UTC)
    for text in ("2026-03-08T06:00", "tomorrow", ""):
        with pytest.raises(CommandFailed, match="no time with its zone"):
            broadcast.moment(text)


@pytest.mark.parametrize("text", ["", " \u200b ", "x" * 2_001], ids=["empty", "unseen", "long"])
def test_a_text_says_something_in_so_many_characters(text: str):
    with pytest.raises(CommandFailed, match="Say something"):
        broadcast.check_text(text)


def test_who_knew_it_already_is_counted():
    assert broadcast.told(Announced(3, 3)) == "Told 3 of 3 brokerages."
    assert broadcast.told(Announced(1_200, 200)) == "Told 200 of 1,200 brokerages; 1,000 knew it already."
