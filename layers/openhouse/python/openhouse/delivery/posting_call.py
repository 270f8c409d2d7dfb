"""One call of `AwsGateway.post`: turns over connections, and what each answer of API Gateway means for them.

What becomes of a post, by what API Gateway does:

| | |
|---|---|
| 2xx | delivered |
| 410 | gone |
| 429, 5xx, a connection that breaks or talks nonsense | up to `TRIES` tries, then failed |
| no answer in time | failed; it may have arrived |
| the same on a connection from before, as after a function was frozen | once more on another; it does not count |
| 403 | once a call, all go on with renewed credentials; then unreachable |
| any other status, 413 among them | failed |
| no connection to be had in `TRIES` rounds | unreachable, all that are left |
| time is over | failed, all that are left |
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from urllib.parse import quote

from openhouse.core.observability import logger
from openhouse.delivery.http_channel import Channel, Pool
from openhouse.delivery.signing import Signer, canonical
from openhouse.delivery.turns import Turn, Turns
from openhouse.rooms.gateway import Delivery, Missed, Outcome

TRIES = 4
FIRST_WAIT = 0.1  # seconds before the second try, at most; doubled before each further one
SWEEP = 0.02  # seconds between two looks at the deadlines


@dataclass(frozen=True, kw_only=True)
class Limits:
    """All but `connections` in seconds."""

    connections: int = 64
    connect: float = 1.0
    idle: float = 30.0  # a connection that lay unused for longer is not trusted
    call: float = 15.0  # one call of `post`


DEFAULT_LIMITS = Limits()


class PostingCall:
    """One call, until every turn is over. All but its beginning happens in callbacks of the loop."""

    def __init__(
        self,
        path: str,
        method: str,
        deliveries: Sequence[Delivery],
        signer: Signer,
        pool: Pool,
        limits: Limits,
        jitter: Callable[[], float],
    ) -> None:
        self._method = method
        self._path = path
        self._signed_path = canonical(path)
        self._signer = signer
        self._pool = pool
        self._limits = limits
        self._jitter = jitter
        self._turns = Turns(deliveries, self._all_are_over)
        self._busy: set[Channel] = set()
        self._unproven: set[Channel] = set()  # from before this call, and it has not answered yet
        self._opening: set[asyncio.Task[None]] = set()
        self._failed_rounds = 0
        self._pausing = False  # until connections are opened again
        self._renewed = False

    async def run(self) -> list[Missed]:
        self._loop = asyncio.get_running_loop()
        await asyncio.sleep(0)  # connections that have ended since the last call say so now
        self._over = self._loop.create_future()
        self._end = self._loop.time() + self._limits.call
        self._sweep()
        self._employ()
        try:
            await self._over
        finally:
            self._sweeper.cancel()
            for channel in self._busy:
                channel.close()
            for opening in self._opening:
                opening.cancel()
            await asyncio.gather(*self._opening, return_exceptions=True)
        return self._turns.missed

    # Connections -----------------------------------------------------------------------------------------------------

    def _employ(self) -> None:
        """Gives work to connections at rest, and opens new ones for what is left."""
        most = 0 if self._over.done() else min(self._limits.connections, self._turns.sendable)
        while len(self._busy) + len(self._opening) < most:
            channel = self._pool.take(self, self._loop.time())
            if channel is None:
                opening = self._loop.create_task(self._open())
                self._opening.add(opening)
                continue
            self._unproven.add(channel)
            if not self._begin(channel):
                return

    async def _open(self) -> None:
        this = asyncio.current_task()
        try:
            channel = await self._pool.open(self, within=self._limits.connect)
        except OSError as error:
            self._opening.discard(this)
            self._not_opened(error)
        except Exception as error:  # noqa: BLE001 - the loop's own trouble; of a task nobody else would hear of it
            self._opening.discard(this)
            self._fail(error)
        else:
            self._opening.discard(this)
            if not channel.usable:  # it has ended before this task came to know of it
                self._not_opened(ConnectionResetError())
                return
            self._failed_rounds = 0
            self._begin(channel)

    def _not_opened(self, error: OSError) -> None:
        """It is tried again after a while. When nobody is at work meanwhile, a round has failed."""
        if self._over.done():
            return
        if not self._busy and not self._opening:
            self._failed_rounds += 1
            if self._failed_rounds == TRIES:
                logger.error("API Gateway cannot be reached", cause=type(error).__name__)
                self._give_up(Outcome.UNREACHABLE)
                return
        if not self._pausing:
            self._pausing = True
            self._loop.call_later(self._pause(self._failed_rounds + 1), self._open_again)

    def _open_again(self) -> None:
        self._pausing = False
        self._employ()

    def _begin(self, channel: Channel) -> bool:
        """The next turn on this connection; whether there is one."""
        turn = None if self._over.done() else self._turns.next()
        if turn is None:
            self._unproven.discard(channel)
            self._busy.discard(channel)
            if channel.usable:
                self._pool.give(channel, self._loop.time())
            return False
        self._busy.add(channel)
        channel.turn = turn
        self._send(channel, turn)
        return True

    def _send(self, channel: Channel, turn: Turn) -> None:
        frame = self._turns.frame_of(turn)
        id_, signed_id = _escaped(turn.connection_id)
        turn.renewed = self._renewed
        try:
            signed = self._signer.headers(self._method, self._signed_path + signed_id, frame.digest)
        except Exception as error:  # noqa: BLE001 - no credentials to be had; in a callback nobody else would hear of it
            self._fail(error)
            return
        channel.deadline = self._loop.time() + self._turns.patience_of(turn)
        channel.send(
            f"{self._method} {self._path}{id_} HTTP/1.1\r\n{signed}content-length: {len(frame.body)}\r\n\r\n".encode(),
            frame.body,
        )

    # What becomes of turns -------------------------------------------------------------------------------------------

    def answered(self, channel: Channel, status: int) -> None:
        self._unproven.discard(channel)
        turn: Turn = channel.turn
        if 200 <= status < 300:
            self._turns.delivered(turn)
        elif status == 410:
            self._turns.miss(turn, Outcome.GONE)
        elif status == 429 or status >= 500:
            self._later(turn)
        elif status == 403:
            self._refused(turn)
        else:
            logger.error("post refused", status=status, bytes=len(self._turns.frame_of(turn).body))
            self._turns.miss(turn, Outcome.FAILED)
        self._go_on(channel)

    def broken(self, channel: Channel) -> None:
        if channel.turn is None:  # just opened: `_open` sees that it is of no use
            return
        self._lost(channel)
        self._go_on(channel)

    def _lost(self, channel: Channel, *, silent: bool = False) -> None:
        """Its turn, when the connection has broken or, `silent`, has not answered in time."""
        turn: Turn = channel.turn
        reused = channel in self._unproven if silent else channel.answers > 0 and not channel.heard
        self._unproven.discard(channel)
        if reused and not turn.revived:
            turn.revived = True
            self._turns.send_first(turn)
            self._pool.clear()  # what lay beside a dead one is dead, too
        elif silent:
            self._turns.miss(turn, Outcome.FAILED)
        else:
            self._later(turn)

    def _later(self, turn: Turn) -> None:
        turn.tries += 1
        if turn.tries > TRIES:
            self._turns.miss(turn, Outcome.FAILED)
            return
        self._turns.wait(turn)
        self._loop.call_later(self._pause(turn.tries - 1), self._try_again, turn)

    def _try_again(self, turn: Turn) -> None:
        if self._turns.wake(turn):
            self._employ()

    def _refused(self, turn: Turn) -> None:
        if turn.renewed:
            logger.error("API Gateway refuses our signature or role")
            self._give_up(Outcome.UNREACHABLE)
            return
        if not self._renewed:
            self._renewed = True
            self._signer.renew()
        self._turns.send_again(turn)

    def _give_up(self, outcome: Outcome) -> None:
        self._turns.give_up(outcome, [channel.turn for channel in self._busy])

    def _fail(self, error: Exception) -> None:
        if not self._over.done():
            self._over.set_exception(error)

    def _all_are_over(self) -> None:
        if not self._over.done():
            self._over.set_result(None)

    def _go_on(self, channel: Channel) -> None:
        if channel.usable:
            self._begin(channel)
        else:
            self._busy.discard(channel)
            self._employ()

    def _sweep(self) -> None:
        now = self._loop.time()
        for channel in [channel for channel in self._busy if channel.deadline < now]:
            channel.close()
            self._lost(channel, silent=True)
            self._go_on(channel)
        if now > self._end:
            self._give_up(Outcome.FAILED)
        self._sweeper = self._loop.call_later(SWEEP, self._sweep)

    def _pause(self, tries: int) -> float:
        return self._jitter() * FIRST_WAIT * 2.0 ** (tries - 1)


def _escaped(connection_id: str) -> tuple[str, str]:
    """For a path, as it is sent and as it is signed. Real ids are letters and digits that end with `=`: `quote` would
    take as long as signing them.
    """
    stem = connection_id[:-1]
    if connection_id[-1:] == "=" and stem.isalnum() and stem.isascii():
        return f"{stem}%3D", f"{stem}%253D"
    id_ = quote(connection_id, safe="")
    return id_, canonical(id_)
