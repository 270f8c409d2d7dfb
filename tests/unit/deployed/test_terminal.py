from __future__ import annotations

from io import StringIO

import pytest
from rich.console import Console

from deployed.terminal import CommandFailed, Steps, exit_with


class Transcript:
    """Steps on a pipe, with a clock that each look at moves on by a second."""

    def __init__(self, heartbeat: float = 60.0) -> None:
        self._file = StringIO()
        self._now = 0.0
        self.steps = Steps(Console(file=self._file, width=200), clock=self._clock, heartbeat=heartbeat)

    def _clock(self) -> float:
        self._now += 1
        return self._now

    @property
    def lines(self) -> list[str]:
        return self._file.getvalue().splitlines()


def test_a_step_is_one_line_with_its_time():
    transcript = Transcript()
    with transcript.steps.step("cdk deploy [1/2]"):
        pass
    assert transcript.lines == ["   1.0 s  cdk deploy [1/2]"]


def test_a_long_step_says_where_it_is_though_lines_cannot_be_rewritten():
    transcript = Transcript(heartbeat=0.001)
    with transcript.steps.step("cdk deploy") as tell:
        tell("table created")
        while not any(line.endswith("cdk deploy ... table created") for line in transcript.lines):
            pass


def test_a_failed_step_is_called_failed_and_an_interrupted_one_interrupted():
    transcript = Transcript()
    with pytest.raises(CommandFailed), transcript.steps.step("cdk deploy"):
        raise CommandFailed
    with pytest.raises(KeyboardInterrupt), transcript.steps.step("cdk deploy"):
        raise KeyboardInterrupt
    assert [line.partition("  cdk")[2] for line in transcript.lines] == [" deploy: failed", " deploy: interrupted"]


def test_a_failure_is_one_sentence_and_a_status(capsys: pytest.CaptureFixture[str]):
    def command() -> int:
        raise CommandFailed("Port 8080 is busy.")

    with pytest.raises(SystemExit) as ending:
        exit_with(command)
    assert ending.value.code == 1
    assert capsys.readouterr() == ("", "Port 8080 is busy.\n")
