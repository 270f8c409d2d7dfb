"""A copy of everything a person can see, kept equal to what the server would list now."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import NoReturn

from openhouse_client.backoff import Backoff
from openhouse_client.cache import Cache, Key
from openhouse_client.clock import Clock
from openhouse_client.errors import ClientError, Problem
from openhouse_client.listener import Listener, Lost
from openhouse_client.protocol import Commit, Position
from openhouse_client.rest import Document, Rest


class Replica(Listener):
    """`paths`: the modules to hold, each noun with its plural. Give it to a `Session`, and let `fetch_wanted` run."""

    def __init__(self, rest: Rest, paths: Mapping[str, str], *, clock: Clock, backoff: Backoff) -> None:
        self.cache = Cache(paths)
        self._rest = rest
        self._paths = paths
        self._clock = clock
        self._backoff = backoff
        self._wanting = asyncio.Event()

    def commit(self, commit: Commit) -> None:
        self.cache.apply(commit)
        if self.cache.wanted:
            self._wanting.set()

    def left(self, room: str) -> None:
        self.cache.leave(room)

    async def refetch(self, lost: Mapping[str, Lost]) -> Mapping[str, Position]:
        for room, each in lost.items():
            if each.begun_anew:
                self.cache.begin_anew(room)
        positions: dict[str, Position] = {}
        for noun, path in self._paths.items():
            with self.cache.fetching() as fetch:
                records: list[Document] = []
                async for page in self._rest.pages(path):
                    records += page.items
                    positions = page.positions | positions  # the first ones: they precede every item of every page
                self.cache.load_all(noun, records, fetch, rooms=lost.keys())
        return positions

    async def fetch_wanted(self) -> NoReturn:
        """Gets, one by one, the records that a patch alone could not bring up to date. Raises only fatal errors."""
        failures = 0
        while True:
            await self._wanting.wait()
            self._wanting.clear()
            try:
                for key in self.cache.wanted:
                    await self._fetch(key)
            except ClientError as error:
                if not error.retryable:
                    raise
            failures = failures + 1 if self.cache.wanted else 0
            if failures:
                self._wanting.set()
                await self._clock.sleep(self._backoff.seconds(failures))

    async def _fetch(self, key: Key) -> None:
        with self.cache.fetching() as fetch:
            if key not in fetch.wanted:
                return  # the log has brought it meanwhile
            try:
                record = await self._rest.read(self._paths[key.noun], key.id)
            except Problem as problem:
                if problem.status != 404:
                    raise
                record = None
            self.cache.load_wanted(key, record, fetch)
