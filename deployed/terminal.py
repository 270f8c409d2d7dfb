"""All that is said at the terminal: lines, steps with their times, failures in a sentence. Nothing else prints."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import Progress, TextColumn, TimeElapsedColumn
from rich.table import Column
from rich.text import Text

from openhouse.core.text import is_seen

HEARTBEAT_SECONDS = 5.0  # how often at most a step speaks where lines cannot be rewritten, as in a CI log
UNSEEN = "\N{REPLACEMENT CHARACTER}"

Tell = Callable[[str], None]


class CommandFailed(Exception):
    """Its message is all that the person at the terminal needs to know."""

    status = 1


class Interrupted(CommandFailed):
    """Ctrl-C, of which there is more to say than that it happened."""

    status = 130


def printable(text: str) -> str:
    """A text of anybody's, as one line that only shows: it cannot colour, erase, reorder, hide or continue anything.

    One character stands for one.
    """
    if text.isascii() and text.isprintable():
        return text
    return "".join(one if is_seen(one) else " " if one.isspace() else UNSEEN for one in text)


def terminal(*, error: bool = False) -> Console:
    """Where to print. It is plain if it is not a terminal, and without colours if NO_COLOR is set."""
    # Nothing in a text is read as markup, as a number to be coloured or as the name of an emoji.
    return Console(stderr=error, highlight=False, markup=False, emoji=False, soft_wrap=True)


def say(*lines: str | Text, error: bool = False, console: Console | None = None) -> None:
    """Each on a line of its own, whatever it holds."""
    to = console or terminal(error=error)
    for line in lines:
        to.print(_shown(line), soft_wrap=True)


def say_stopped(sentence: str, *, error: bool = False) -> None:
    """After Ctrl-C, which a terminal has shown as ^C."""
    console = terminal(error=error)
    say(*([""] if console.is_terminal else []), *sentence.split("\n"), console=console)


def _shown(line: str | Text) -> Text:
    if isinstance(line, str):
        return Text(printable(line))
    shown = line.copy()
    shown.plain = printable(line.plain)  # of the same length, so that every style stays where it is
    return shown


class Steps:
    """Prints a line per step, with its time, and while a step lasts what it last told."""

    def __init__(
        self,
        console: Console | None = None,
        clock: Callable[[], float] = time.monotonic,
        heartbeat: float = HEARTBEAT_SECONDS,
    ) -> None:
        self._console = console or terminal()
        self._clock = clock
        self._heartbeat = heartbeat

    @contextmanager
    def step(self, title: str) -> Iterator[Tell]:
        """Yields a function that takes news of the step. A step that raises is reported as failed."""
        started = self._clock()
        try:
            with self._live(title) if self._console.is_terminal else self._beating(title, started) as tell:
                yield tell
        except BaseException as error:
            self._line(started, f"{title}: {'interrupted' if isinstance(error, KeyboardInterrupt) else 'failed'}")
            raise
        self._line(started, title)

    @contextmanager
    def _live(self, title: str) -> Iterator[Tell]:
        """One line that is rewritten as time goes by."""
        text = TextColumn("{task.description}", markup=False, table_column=Column(no_wrap=True, overflow="ellipsis"))
        with Progress(TimeElapsedColumn(), text, console=self._console, transient=True) as progress:
            task = progress.add_task(printable(title), total=None)
            yield lambda news: progress.update(task, description=printable(f"{title}  {news}"))

    @contextmanager
    def _beating(self, title: str, started: float) -> Iterator[Tell]:
        """A line now and then, when there is news."""
        latest = started

        def tell(news: str) -> None:
            nonlocal latest
            if self._clock() - latest >= self._heartbeat:
                latest = self._clock()
                self._line(started, f"{title} ... {news}")

        yield tell

    def _line(self, started: float, text: str) -> None:
        say(f"{self._clock() - started:6.1f} s  {text}", console=self._console)
