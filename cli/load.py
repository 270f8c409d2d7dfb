"""`openhouse load FILE --module escrows --as ava@demo.test`: one record per row of a file, through REST."""

from __future__ import annotations

import asyncio
import hashlib
import json
import random
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from cli.reading import reader_of
from cli.rows import Row, read_rows
from deployed.terminal import CommandFailed, Interrupted, Steps, say, terminal
from openhouse.crm.module import Module
from openhouse.importing.reader import Reader
from openhouse_client.backoff import Backoff
from openhouse_client.clock import Clock, SystemClock
from openhouse_client.errors import ClientError, Problem
from openhouse_client.rest import Rest

ATTEMPTS = 8
_LOGIN_IS_AT_FAULT = frozenset({401, 403})


@dataclass(frozen=True)
class Entry:
    """A record to be created. `key` is the same whenever the same row of the same file is loaded again, however it is
    read then.
    """

    line: int
    document: dict[str, Any]
    key: str


@dataclass
class Result:
    created: int = 0
    rejected: dict[int, str] = field(default_factory=dict)  # reasons by line

    @property
    def handled(self) -> int:
        return self.created + len(self.rejected)


Done = Callable[[Result], None]  # called after each row
Connect = Callable[[], AbstractAsyncContextManager[Rest]]  # called when the file is read


@dataclass
class Entries:
    """`rejected` and `warned`: by line, why a row is no record, and what was left out of one."""

    wanted: list[Entry] = field(default_factory=list)
    rejected: dict[int, str] = field(default_factory=dict)
    warned: dict[int, str] = field(default_factory=dict)


def entries(rows: Iterable[Row], reader: Reader, *, file_name: str, path: str) -> Entries:
    """What to create. A row is known by the file's name, by its cells and, among equal rows, by their order: so whoever
    mends rejected rows, or says of a column that it is another field, loads the file once more, and nothing is doubled.
    """
    found = Entries()
    equals: Counter[str] = Counter()
    for row in rows:
        if row.fault:
            found.rejected[row.line] = row.fault
            continue
        read = reader.read(row.cells)
        if read.rejected:
            found.rejected[row.line] = read.rejected
            continue
        if read.warnings:
            found.warned[row.line] = "; ".join(f"{column or name}: {reason}" for column, name, reason in read.warnings)
        content = json.dumps([path, file_name, row.cells])
        equals[content] += 1
        key = hashlib.sha256(f"{content}#{equals[content]}".encode()).hexdigest()
        found.wanted.append(Entry(row.line, read.document, key))
    return found


class Creates(Protocol):
    """As `Rest` does."""

    async def create(self, path: str, record: Mapping[str, Any], *, idempotency_key: str) -> Any: ...


class Loader:
    """Creates entries, some at a time. Whatever may succeed later is tried again, under the same key."""

    def __init__(self, rest: Creates, path: str, *, clock: Clock, backoff: Backoff, done: Done) -> None:
        self._rest = rest
        self._path = path
        self._clock = clock
        self._backoff = backoff
        self._done = done
        self.result = Result()

    async def load(self, wanted: Iterable[Entry], *, workers: int) -> None:
        """Raises ClientError if there is no use in going on with the other rows."""
        remaining = iter(wanted)
        failed: list[ClientError] = []
        try:
            async with asyncio.TaskGroup() as tasks:
                for _ in range(workers):
                    tasks.create_task(self._work(remaining))
        except* ClientError as group:
            failed += [error for error in group.exceptions if isinstance(error, ClientError)]
        if failed:
            raise failed[0]

    async def _work(self, remaining: Iterator[Entry]) -> None:
        for entry in remaining:  # one iterator for all workers: each takes the next
            try:
                await self._create(entry)
            except Problem as problem:
                if problem.retryable or problem.status in _LOGIN_IS_AT_FAULT:
                    raise
                self.result.rejected[entry.line] = _reason(problem)
            else:
                self.result.created += 1
            self._done(self.result)

    async def _create(self, entry: Entry) -> None:
        for attempt in range(1, ATTEMPTS + 1):
            try:
                await self._rest.create(self._path, entry.document, idempotency_key=entry.key)
            except ClientError as error:
                if not error.retryable or attempt == ATTEMPTS:
                    raise
                retry_after = error.retry_after if isinstance(error, Problem) else None
                await self._clock.sleep(self._backoff.seconds(attempt, retry_after))
            else:
                return


def _reason(problem: Problem) -> str:
    if problem.code == "idempotency_mismatch":
        return "it is loaded already, from the same row read in another way"
    details = [f"{error['field']}: {error['message']}" for error in problem.extra.get("errors", [])]
    return "; ".join(details) or str(problem)


# The command ---------------------------------------------------------------------------------------------------------


def load_file(
    path: Path,
    module: Module,
    chosen: Mapping[str, str],
    connect: Connect,
    *,
    workers: int,
    constants: Mapping[str, str] | None = None,
    time_zone: str | None = None,
) -> bool:
    """Whether every row was loaded. `chosen`: fields by the columns that somebody mapped. `constants`: what all records
    have. `time_zone`: of the times of day in the file. Raises CommandFailed.
    """
    names, rows = read_rows(path)
    reader = reader_of(path, names, rows, module, chosen, constants=constants, time_zone=time_zone)
    found = entries(rows, reader, file_name=path.name, path=module.path)
    wanted, unreadable = found.wanted, found.rejected
    started = time.monotonic()
    try:
        result = asyncio.run(_load(connect(), module, wanted, workers))
    except KeyboardInterrupt:
        raise Interrupted("Stopped. Run the same command again to go on: no row is loaded twice.") from None
    rejected = {**unreadable, **result.rejected}
    seconds = time.monotonic() - started
    rate = f" ({result.created / seconds:.0f} a second)" if result.created else ""
    warned = {line: reason for line, reason in found.warned.items() if line not in rejected}
    also = f", {len(warned)} not in full" if warned else ""
    say(f"Loaded {result.created} of {len(rows)} rows in {seconds:.1f} s{rate}; {len(rejected)} rejected{also}.")
    say(*(f"  line {line}: {reason}" for line, reason in sorted(rejected.items())))
    if warned:
        say("Left out:", *(f"  line {line}: {reason}" for line, reason in sorted(warned.items())))
    return not rejected


async def _load(
    connection: AbstractAsyncContextManager[Rest], module: Module, wanted: Sequence[Entry], workers: int
) -> Result:
    with progress(f"Loading {module.path}", len(wanted), terminal(error=True)) as done:
        async with connection as rest:
            loader = Loader(rest, module.path, clock=SystemClock(), backoff=Backoff(random.random, 0.2, 10), done=done)
            try:
                await loader.load(wanted, workers=workers)
            except ClientError as error:
                raise CommandFailed(stopped(loader.result.created, len(wanted), error)) from error
    return loader.result


def stopped(created: int, total: int, error: ClientError) -> str:
    again = "\nRun the same command again later: no row is loaded twice." if error.retryable else ""
    return f"Stopped after {created} of {total} rows: {error}{again}"


@contextmanager
def progress(title: str, total: int, console: Console) -> Iterator[Done]:
    """Yields what to call after each row: a bar at a terminal, elsewhere a line now and then."""
    started = time.monotonic()
    if console.is_terminal:
        news = TextColumn("{task.fields[news]}", markup=False)
        columns = (TextColumn(title, markup=False), BarColumn(), MofNCompleteColumn(), news, TimeRemainingColumn())
        with Progress(*columns, console=console, transient=True) as bar:
            task = bar.add_task(title, total=total, news="")
            yield lambda result: bar.update(task, completed=result.handled, news=_news(result, started))
    else:
        with Steps(console).step(title) as tell:
            yield lambda result: tell(f"{result.handled} of {total}, {_news(result, started)}")


def _news(result: Result, started: float) -> str:
    rate = result.handled / max(time.monotonic() - started, 0.1)
    return f"{rate:.{int(rate < 10)}f} rows/s, {len(result.rejected)} rejected"
