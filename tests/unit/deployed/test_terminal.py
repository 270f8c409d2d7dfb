from __future__ import annotations

from io import StringIO

import pytest
from rich.console import Console
from rich.text import Text

from deployed.terminal import CommandFailed, Steps, printable, say

MARK = "\N{REPLACEMENT CHARACTER}"


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


def shown(*lines: str | Text, is_terminal: bool = False) -> str:
    output = StringIO()
    say(*lines, console=Console(file=output, width=20, force_terminal=is_terminal, color_system="standard"))
    return output.getvalue()


def test_a_step_is_one_line_with_its_time():
    transcript = Transcript()
    with transcript.steps.step("cdk deploy [1/2]"):
        pass
    assert transcript.lines == ["   1.0 s  cdk deploy [1/2]"]


def test_a_long_step_says_where_it_is_now_and_then_though_lines_cannot_be_rewritten():
    transcript = Transcript(heartbeat=3)
    with transcript.steps.step("cdk deploy") as tell:
        for news in ("stack", "role", "table", "function"):
            tell(news)
    assert [line.partition("s  ")[2] for line in transcript.lines] == ["cdk deploy ... table", "cdk deploy"]


def test_a_failed_step_is_called_failed_and_an_interrupted_one_interrupted():
    transcript = Transcript()
    with pytest.raises(CommandFailed), transcript.steps.step("cdk deploy"):
        raise CommandFailed
    with pytest.raises(KeyboardInterrupt), transcript.steps.step("cdk deploy"):
        raise KeyboardInterrupt
    assert [line.partition("  cdk")[2] for line in transcript.lines] == [" deploy: failed", " deploy: interrupted"]


def test_at_a_terminal_a_step_is_rewritten_and_its_news_cannot_write_anything_else():
    output = StringIO()
    with Steps(Console(file=output, width=80, force_terminal=True, color_system=None)).step("deploy [1/2]") as tell:
        tell("[red]half\x1b]0;owned\x07")
    assert f"deploy [1/2]  [red]half{MARK}]0;owned{MARK}" in output.getvalue()
    assert "\x1b]0;" not in output.getvalue()


@pytest.mark.parametrize(
    ("hostile", "harmless"),
    [
        ("\x1b[31mred\x1b[0m", f"{MARK}[31mred{MARK}[0m"),
        ("\x9b31mred", f"{MARK}31mred"),
        ("title\x1b]0;owned\x07", f"title{MARK}]0;owned{MARK}"),
        ("over\rwritten\b\x7f", f"over written{MARK}{MARK}"),
        ("one\nLoaded 9 of 9 rows", "one Loaded 9 of 9 rows"),
        ("one\u2028two\u2029three\x85four\tfive", "one two three four five"),
        ("file\u202egpj.exe\u202c\u2066\u2069\u200e\u200f\u061c", f"file{MARK}gpj.exe{MARK * 6}"),
        ("A\u200bva\u200c\u200d\u2060\ufeff\u00ad", f"A{MARK}va{MARK * 5}"),
        ("\u3164\u115f\uffa0", MARK * 3),
        ("tag\U000e0041\U000e007f", f"tag{MARK * 2}"),
        ("half\ud800 \udcff", f"half{MARK} {MARK}"),
        ("no\u00a0break", "no break"),
    ],
    ids=[
        "colours",
        "the one-byte control sequence",
        "the window's title",
        "what goes back",
        "a line of somebody's own",
        "other ends of lines",
        "what turns the direction of text",
        "what has no width",
        "letters without ink",
        "tags",
        "halves of pairs",
        "a space that does not break",
    ],
)
def test_a_text_only_shows_whatever_it_holds(hostile: str, harmless: str):
    assert printable(hostile) == harmless
    assert shown(hostile, is_terminal=True).replace("\n", "") == harmless


@pytest.mark.parametrize("text", ["Ava", "José Ñandú", "李雷", "עברית", "12 Harbor Way ½ €", "🏠", ""])
def test_what_people_are_called_is_shown_as_it_is(text: str):
    assert printable(text) == text


def test_nothing_in_a_text_is_markup_or_an_emoji_and_a_line_is_not_broken():
    line = "[bold red]Ava[/] :house: " + "x" * 40
    assert shown(line) == line + "\n"


def test_the_styles_of_a_text_stay_where_they_are_and_those_within_it_do_nothing():
    line = Text.assemble(("\x1b[5mA", "bold"), "va")
    assert shown(line, is_terminal=True) == f"\x1b[1m{MARK}[5mA\x1b[0mva\n"
    assert line.plain == "\x1b[5mAva", "the caller's text is left alone"


def test_no_color_is_honoured(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("NO_COLOR", "1")
    assert shown(Text("Ava", "green"), is_terminal=True) == "Ava\n"
