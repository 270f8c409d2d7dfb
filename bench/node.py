"""The Node programs of the benchmarks, as processes that are told and tell a JSON document a line."""

from __future__ import annotations

import json
import queue
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from deployed import ROOT
from deployed.cdk import NODE
from deployed.terminal import CommandFailed

PATIENCE = 60.0  # seconds


class Program:
    def __init__(self, orders: IO[str], news: IO[str], name: str) -> None:
        self._orders = orders
        self._name = name
        self._news: queue.SimpleQueue[dict[str, Any] | None] = queue.SimpleQueue()
        threading.Thread(target=self._listen, args=[news], daemon=True).start()

    def tell(self, **order: Any) -> None:
        self.say(json.dumps(order))

    def say(self, line: str) -> None:
        self._orders.write(line + "\n")
        self._orders.flush()

    def hear(self, patience: float = PATIENCE) -> dict[str, Any]:
        try:
            told = self._news.get(timeout=patience)
        except queue.Empty as error:
            raise CommandFailed(f"{self._name} says nothing for {patience:.0f} s.") from error
        if told is None:
            raise CommandFailed(f"{self._name} has ended.")
        return told

    def _listen(self, news: IO[str]) -> None:
        for line in news:
            self._news.put(json.loads(line))
        self._news.put(None)


def installed(package: str) -> str:
    """Its version."""
    try:
        text = (ROOT / "node_modules" / package / "package.json").read_text()
    except OSError as error:
        raise CommandFailed(f"{package} is not installed: make setup") from error
    return str(json.loads(text)["version"])


@contextmanager
def program(name: str, *arguments: str) -> Iterator[Program]:
    command = [str(NODE / "node"), str(Path(__file__).with_name(name)), *arguments]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            yield Program(process.stdin, process.stdout, name)
        finally:
            process.stdin.close()  # which ends it
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
