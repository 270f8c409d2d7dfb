"""What the commands say on the terminal: steps with their times, and failures in one sentence."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event, Thread

from rich.console import Console
from rich.markup import escape
from rich.progress import Progress, ProgressColumn, Task, TextColumn
from rich.table import Column
from rich.text import Text

HEARTBEAT_SECONDS = 5.0  # how often a step speaks where lines cannot be rewritten, as in a CI log

Tell = Callable[[str], None]


class CommandFailed(Exception):
    """Its message is all that the person at the terminal needs to know."""


def exit_with(command: Callable[[], int]) -> None:
    """Ends the process with the status that `command` returns, or with its failure in one sentence and status 1."""
    try:
        status = command()
    except CommandFailed as failure:
        print(failure, file=sys.stderr)
        status = 1
    sys.exit(status)


class Steps:
    """Prints a line per step, with its time, and while a step lasts what it last told."""

    def __init__(
        self,
        console: Console | None = None,
        clock: Callable[[], float] = time.monotonic,
        heartbeat: float | None = None,
    ) -> None:
        self._console = console or Console(highlight=False, soft_wrap=True)
        self._clock = clock
        self._heartbeat = heartbeat or HEARTBEAT_SECONDS

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
        text = TextColumn("{task.description}", table_column=Column(no_wrap=True, overflow="ellipsis"))
        with Progress(_Seconds(), text, console=self._console, transient=True) as progress:
            task = progress.add_task(escape(title), total=None)

            def tell(news: str) -> None:
                progress.update(task, description=f"{escape(title)}  [dim]{escape(news)}[/dim]")

            yield tell

    @contextmanager
    def _beating(self, title: str, started: float) -> Iterator[Tell]:
        """A line now and then, also when there is no news."""
        latest = ""
        over = Event()

        def tell(news: str) -> None:
            nonlocal latest
            latest = news

        def beat() -> None:
            while not over.wait(self._heartbeat):
                self._line(started, f"{title} ... {latest}".rstrip())

        thread = Thread(target=beat, daemon=True)
        thread.start()
        try:
            yield tell
        finally:
            over.set()
            thread.join()

    def _line(self, started: float, text: str) -> None:
        self._console.print(_seconds(self._clock() - started), escape(text), sep="  ")


class _Seconds(ProgressColumn):
    def render(self, task: Task) -> Text:
        return Text(_seconds(task.elapsed or 0.0) + " ")


def _seconds(elapsed: float) -> str:
    return f"{elapsed:6.1f} s"
