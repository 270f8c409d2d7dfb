"""A client that does what a recording says ends where the recording ends."""

from __future__ import annotations

import json
import re

import pytest

from tests.simulator.player import Player
from tests.simulator.recording import record


@pytest.fixture(scope="module")
def recordings(tmp_path_factory):
    return record(tmp_path_factory.mktemp("recordings"), range(1, 61))


def test_our_own_client_follows_every_recording_to_its_end(recordings):
    for path in recordings:
        Player().play(path)


def test_the_recordings_hold_every_kind_of_step(recordings):
    steps = {next(iter(json.loads(line))) for path in recordings for line in path.read_text().splitlines()}
    assert steps == {"connected", "disconnected", "send", "receive", "left", "get", "answer", "abandoned", "expect"}


def test_each_ends_with_what_is_expected_and_expects_nothing_before(recordings):
    for path in recordings:
        *before, last = [next(iter(json.loads(line))) for line in path.read_text().splitlines()]
        assert last == "expect"
        assert "expect" not in before


def test_a_client_that_hears_of_no_commits_is_told_where_it_goes_wrong(recordings, tmp_path):
    complaints = []
    for path in recordings:
        deaf = tmp_path / path.name
        lines = path.read_text().splitlines()
        deaf.write_text("\n".join(line for line in lines if "commits" not in line or "receive" not in line))
        try:
            Player().play(deaf)
        except AssertionError as error:
            complaints.append(str(error))
    assert len(complaints) > len(recordings) / 2  # the others loaded everything afresh after the last commit
    assert all(re.fullmatch(r"\S+.jsonl, line \d+: it would .*", complaint) for complaint in complaints)
