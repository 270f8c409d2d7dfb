"""Sockets and timers of one call: as much of an event loop as a few dozen connections need.

It ends with the call, so that nothing of it can be lost while a function is frozen.
"""

from __future__ import annotations

import heapq
import itertools
import select
import time
from collections.abc import Callable
from contextlib import suppress
from select import POLLIN, POLLOUT
from socket import socket
from typing import Any, Protocol

READ, READ_AND_WRITE = POLLIN, POLLIN | POLLOUT  # epoll has the same
_HAS_EPOLL = hasattr(select, "epoll")  # Linux; elsewhere `make run` has poll, which counts in milliseconds
_SECOND = 1 if _HAS_EPOLL else 1_000


class Watcher(Protocol):
    def ready(self) -> None:
        """Its socket can be read, or written, or is of no more use. May also be called when none of that is so."""


class EventLoop:
    """`now`: seconds on the monotonic clock, as of when it last woke."""

    def __init__(self) -> None:
        self.now = time.monotonic()
        self._poller: Any = select.epoll() if _HAS_EPOLL else select.poll()
        self._watchers: dict[int, Watcher] = {}  # by descriptor
        self._timers: list[tuple[float, int, Callable[..., None], tuple[Any, ...]]] = []
        self._numbers = itertools.count()
        self._over = False

    def run(self) -> None:
        """Until `stop`. Raises whatever watchers and timers raise, and OSError when it cannot watch any more."""
        poll, watchers, timers = self._poller.poll, self._watchers, self._timers
        while not self._over:
            happened = poll(max(0.0, timers[0][0] - self.now) * _SECOND if timers else None)
            self.now = time.monotonic()
            # Found before any is called: who was closed by then must not be taken for who has its descriptor now.
            for watcher in [watchers[descriptor] for descriptor, _ in happened]:
                watcher.ready()
                if self._over:
                    return
            # After what came meanwhile: an answer may have come just in time.
            while timers and timers[0][0] <= self.now and not self._over:
                _, _, action, arguments = heapq.heappop(timers)
                action(*arguments)

    def stop(self) -> None:
        self._over = True

    def close(self) -> None:
        if _HAS_EPOLL:
            with suppress(OSError):  # its descriptor is not there any more
                self._poller.close()

    def later(self, seconds: float, action: Callable[..., None], *arguments: Any) -> None:
        heapq.heappush(self._timers, (self.now + seconds, next(self._numbers), action, arguments))

    def watch(self, of: socket, events: int, watcher: Watcher) -> None:
        """From now on. Raises OSError when there is no such socket any more."""
        self._poller.register(of, events)
        self._watchers[of.fileno()] = watcher

    def change(self, of: socket, events: int) -> None:
        self._poller.modify(of, events)

    def forget(self, of: socket) -> None:
        self._watchers.pop(of.fileno(), None)
        with suppress(OSError):  # the descriptor is not there any more
            self._poller.unregister(of)
