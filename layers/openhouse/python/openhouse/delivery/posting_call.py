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

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from urllib.parse import quote

from openhouse.core.metrics import Metric, metrics
from openhouse.core.observability import logger
from openhouse.delivery.event_loop import EventLoop
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
    """One call, until every turn is over. All of it happens in callbacks of its loop."""

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
        self._loop = EventLoop()
        self._turns = Turns(deliveries, self._loop.stop)
        self._end = self._loop.now + limits.call
        self._busy: set[Channel] = set()
        self._unproven: set[Channel] = set()  # from before this call, and it has not answered yet
        self._opening: set[Channel] = set()
        self._failed_rounds = 0
        self._pausing = False  # until connections are opened again
        self._renewed = False

    def run(self) -> list[Missed]:
        try:
            self._sweep()
            self._employ()
            self._loop.run()
        finally:
            for channel in [*self._busy, *self._opening]:
                channel.close()
            self._loop.close()
        return self._turns.missed

    # Connections -----------------------------------------------------------------------------------------------------

    def _employ(self) -> None:
        """Gives work to connections at rest, and opens new ones for what is left."""
        most = min(self._limits.connections, self._turns.sendable)
        while len(self._busy) + len(self._opening) < most:
            channel = self._pool.take(self, self._loop)
            if channel is not None:
                self._unproven.add(channel)
                if not self._begin(channel):
                    return
            elif self._pausing or not self._open():
                return

    def _open(self) -> bool:
        try:
            channel = self._pool.open(self, self._loop, within=self._limits.connect)
        except OSError as error:
            self._none_opened(error)
            return False
        self._opening.add(channel)
        return True

    def opened(self, channel: Channel) -> None:
        self._opening.discard(channel)
        self._failed_rounds = 0
        self._begin(channel)

    def not_opened(self, channel: Channel, error: OSError) -> None:
        self._opening.discard(channel)
        self._none_opened(error)

    def _none_opened(self, error: OSError) -> None:
        """It is tried again after a while. When nobody is at work meanwhile, a round has failed."""
        if not self._busy and not self._opening:
            self._failed_rounds += 1
            self._pool.clear()  # the addresses may be others by now
            if self._failed_rounds == TRIES:
                logger.error("API Gateway cannot be reached", cause=type(error).__name__)
                self._give_up(Outcome.UNREACHABLE)
                return
        if not self._pausing:
            self._pausing = True
            self._loop.later(self._pause(self._failed_rounds + 1), self._open_again)

    def _open_again(self) -> None:
        self._pausing = False
        self._employ()

    def _begin(self, channel: Channel) -> bool:
        """The next turn on this connection; whether there is one."""
        turn = self._turns.next()
        if turn is None:
            self._unproven.discard(channel)
            self._busy.discard(channel)
            self._pool.give(channel, self._loop.now)
            return False
        self._busy.add(channel)
        channel.turn = turn
        delivery = self._turns.delivery_of(turn)
        frame = delivery.frames[turn.frame]
        id_, signed_id = _escaped(turn.connection_id)
        turn.renewed = self._renewed
        signed = self._signer.headers(self._method, self._signed_path + signed_id, frame.digest)
        channel.deadline = self._loop.now + delivery.patience
        channel.send(
            f"{self._method} {self._path}{id_} HTTP/1.1\r\n{signed}content-length: {len(frame.body)}\r\n\r\n".encode(),
            frame.body,
        )
        return True

    # What becomes of turns -------------------------------------------------------------------------------------------

    def answered(self, channel: Channel, status: int) -> None:
        if self._unproven:
            self._unproven.discard(channel)
        turn: Turn = channel.turn
        if 200 <= status < 300:
            self._turns.delivered(turn)
        elif status == 410:
            self._turns.miss(turn, Outcome.GONE)
        elif status == 429:
            metrics.count(Metric.THROTTLED)
            self._later(turn)
        elif status >= 500:
            self._later(turn)
        elif status == 403:
            self._refused(turn)
        else:
            frame = self._turns.delivery_of(turn).frames[turn.frame]
            logger.error("post refused", status=status, bytes=len(frame.body))
            self._turns.miss(turn, Outcome.FAILED)
        self._go_on(channel)

    def broken(self, channel: Channel) -> None:
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
        self._loop.later(self._pause(turn.tries - 1), self._try_again, turn)

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

    def _go_on(self, channel: Channel) -> None:
        if channel.usable:
            self._begin(channel)
        else:
            self._busy.discard(channel)
            self._employ()

    def _sweep(self) -> None:
        now = self._loop.now
        for channel in [channel for channel in self._opening if channel.deadline < now]:
            channel.close()
            self.not_opened(channel, TimeoutError())
        for channel in [channel for channel in self._busy if channel.deadline < now]:
            channel.close()
            self._lost(channel, silent=True)
            self._go_on(channel)
        if now > self._end:
            self._give_up(Outcome.FAILED)
        self._loop.later(SWEEP, self._sweep)

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
