"""What an operator may say to everybody, and what is said of how many were told."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import boto3
import pytest
from typer.testing import CliRunner

from cli import broadcast
from cli.app import app
from cli.redrive import Report
from deployed.cloud import Cloud
from deployed.terminal import CommandFailed, Steps
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


@pytest.mark.parametrize(
    "id_", ["", "5c0e9d0c", "5C0E9D0C4F6B4F0D9F3E0F6F2D1A7B3C", "../5c0e9d0c4f6b4f0d9f3e0f6f2d1a7b3"]
)
def test_what_is_no_id_of_a_broadcast_tells_nobody_again(id_: str):
    with pytest.raises(CommandFailed, match="is no id of a broadcast"):
        broadcast.id_of(id_)
    assert broadcast.id_of(known := broadcast.new_id()) == known


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


def test_a_machine_is_told_how_many_were_and_under_which_id(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.setattr(broadcast, "_tell", lambda *_: Announced(3, 2))
    broadcast.broadcast(Cloud(boto3.Session()), "Hi.", "info", "b-1", Steps(), as_json=True)
    assert json.loads(capsys.readouterr().out) == {"id": "b-1", "brokerages": 3, "told": 2}


def test_a_machine_is_told_what_was_redriven(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("cli.redrive.redrive", lambda *_: Report(batches=2, commits=14, rooms=3, too_old=1))
    result = CliRunner().invoke(app, ["redrive", "--json", "--emulator", "http://127.0.0.1:1"], prog_name="openhouse")
    told = {"batches": 2, "shards": 0, "commits": 14, "rooms": 3, "tooOld": 1, "noCommits": 0, "unreadable": 0}
    assert json.loads(result.stdout) == told
