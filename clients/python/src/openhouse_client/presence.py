"""The beats of a session: the server is told that somebody is there, and whether they use the device."""

from __future__ import annotations

import asyncio
from typing import NoReturn

from openhouse_client.clock import Clock, wait
from openhouse_client.connection import BEAT, Connection
from openhouse_client.errors import Refused


class Presence:
    """`active`: somebody uses the device. For all sockets of a session, which follow each other."""

    def __init__(self, clock: Clock, *, active: bool = True) -> None:
        self.active = active
        self._clock = clock
        self._changed = asyncio.Event()

    def change(self, *, active: bool) -> None:
        """Is told at once."""
        if active is not self.active:
            self.active = active
            self._changed.set()
            self._changed = asyncio.Event()

    async def introduce(self, connection: Connection) -> bool:
        """Before a socket joins, which counts as somebody who comes unless they say that they are away.

        What the server believes then.
        """
        told = self.active
        if not told:
            await self._tell(connection)
        return told

    async def beat(self, connection: Connection, seconds: float, told: bool) -> NoReturn:
        """From when the socket has joined: every so often, and whenever the server believes something else."""
        while True:
            if told is self.active:
                await wait(self._clock, seconds, unless=self._changed)
            is_news, told = told is not self.active, self.active
            is_alive = self._clock.monotonic() - connection.alive_at < seconds / 2
            if is_alive and not is_news and not connection.is_plain:
                await connection.tell(BEAT, active=told)  # else the reply shows that it is
            else:
                await self._tell(connection)

    async def _tell(self, connection: Connection) -> None:
        try:
            await connection.request(BEAT, active=self.active)
        except Refused as refused:
            if not refused.retryable:
                raise
