"""What `openhouse restore` is told, and what it says to write into cdk.json."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from typer.testing import CliRunner

from cli.app import app
from cli.restoring.preparing import Prepared
from cli.restoring.restore import Ready, second, source
from cli.restoring.tables import Backups, Moment, Pair
from deployed.terminal import CommandFailed
from infra.restored_tables import RestoredTables

NOW = datetime(2026, 3, 9, 12, 0, tzinfo=UTC)
STREAM = "arn:aws:dynamodb:us-east-1:111122223333:table/a-{}/stream/2026-03-02T12:00:00.000"


def test_a_moment_is_a_second_in_utc():
    assert second("2026-03-08T07:00:00.9+01:00", NOW) == datetime(2026, 3, 8, 6, 0, tzinfo=UTC)
    assert source("2026-03-08T06:00Z", [], NOW) == Moment(datetime(2026, 3, 8, 6, 0, tzinfo=UTC))


@pytest.mark.parametrize("text", ["2026-03-09T12:00:01Z", "2026-02-02T11:59:59Z"])
def test_a_moment_that_aws_knows_nothing_of_is_refused(text: str):
    with pytest.raises(CommandFailed, match="is not within the last 35 days"):
        second(text, NOW)


def test_backups_are_one_of_each_table():
    assert source(None, ["a", "b"], NOW) == Backups(Pair("a", "b"))


@pytest.mark.parametrize(("to", "backups"), [(None, []), (None, ["a"]), (None, ["a", "b", "c"]), ("2026-03-08", ["a"])])
def test_a_source_is_either_a_moment_or_two_backups(to: str | None, backups: list[str]):
    with pytest.raises(CommandFailed, match="--to with a time; or --backup twice"):
        source(to, backups, NOW)


def test_what_is_to_be_written_is_what_the_stack_takes():
    streams = Pair(STREAM.format("table"), STREAM.format("records"))
    written = json.loads(f"{{{Ready(Pair('a', 'b'), streams, Prepared()).context()}}}")
    assert RestoredTables.read(written["restoredTables"]) == RestoredTables(*streams)


def test_a_time_without_its_zone_is_refused_in_a_sentence():
    refused = CliRunner().invoke(app, ["restore", "prepare", "--name", "x", "--to", "yesterday"])
    assert (refused.exit_code, refused.stdout) == (1, "")
    assert refused.stderr.startswith("yesterday is no time with its zone")
