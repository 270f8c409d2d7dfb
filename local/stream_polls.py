"""Each table's stream in the emulator is polled by itself, as on AWS.

MiniStack hands over all streams in one thread: whoever waits for a commit would wait for the search index, too.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

Mapping = tuple[str, str, dict[str, Any]]  # account, region, event source mapping


class StreamPolls:
    """`lambda_svc`: the emulator's module."""

    def __init__(self, lambda_svc: Any) -> None:
        self._poll, self._all = lambda_svc._poll_dynamodb_streams, lambda_svc._iter_all_esms  # noqa: SLF001 - no setting
        self._threads = ThreadPoolExecutor(8, "stream")
        self._chosen = threading.local()
        self._lock = threading.Lock()
        self._busy: set[str] = set()
        self._again: set[str] = set()  # what was asked for while it was busy
        lambda_svc._poll_dynamodb_streams = self.poll  # noqa: SLF001
        lambda_svc._iter_all_esms = self.mappings  # noqa: SLF001

    def mappings(self) -> Iterator[Mapping]:
        """To a thread of ours, the one that it polls."""
        chosen = getattr(self._chosen, "id", None)
        return (each for each in self._all() if chosen in (None, each[2]["UUID"]))

    def poll(self) -> bool:
        """Begins with each stream that is not being polled. Whether more is left, each thread finds out by itself."""
        for _, _, mapping in self._all():
            if ":dynamodb:" in mapping.get("EventSourceArn", ""):
                self._begin(mapping["UUID"])
        return False

    def _begin(self, id_: str) -> None:
        with self._lock:
            if id_ in self._busy:
                self._again.add(id_)
                return
            self._busy.add(id_)
        self._threads.submit(self._work, id_)

    def _work(self, id_: str) -> None:
        self._chosen.id = id_
        while True:
            try:
                while self._poll():
                    pass
            finally:
                with self._lock:
                    again = id_ in self._again
                    self._again.discard(id_)
                    if not again:
                        self._busy.discard(id_)
            if not again:
                return
