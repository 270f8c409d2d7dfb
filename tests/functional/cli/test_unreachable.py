"""Commands that find nobody where they are told to look."""

from __future__ import annotations

from typer.testing import CliRunner

from cli.app import app

NOBODY = "http://127.0.0.1:1"  # a port that nobody can listen on


def test_an_endpoint_that_does_not_answer_fails_in_one_sentence():
    failed = CliRunner().invoke(app, ["sign-in", "ava@demo.test", "--endpoint", f"{NOBODY}/config.json"])
    assert (failed.exit_code, failed.stdout) == (1, "")
    assert failed.stderr == (
        f"Found no Openhouse at {NOBODY}/config.json ([Errno 111] Connection refused): is `make run` up?\n"
    )


def test_an_emulator_that_does_not_answer_fails_in_one_sentence():
    failed = CliRunner().invoke(app, ["brokerage", "show", "--as", "admin@demo.test", "--emulator", NOBODY])
    assert (failed.exit_code, failed.stdout) == (1, "")
    assert failed.stderr == (
        f"Nothing answers at {NOBODY}. Is `make run` up, and is this the port of its emulator, "
        "which is 4566 unless you chose another?\n"
    )
