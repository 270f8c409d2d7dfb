"""API Gateway's `@connections` as a `Gateway`: signed requests over warm connections, and no task per post."""

from __future__ import annotations

import asyncio
import random
import ssl
from collections.abc import Callable, Sequence
from urllib.parse import urlsplit

import uvloop

from openhouse.delivery.http_channel import Pool
from openhouse.delivery.posting_call import DEFAULT_LIMITS, Limits, PostingCall
from openhouse.delivery.signing import Signer
from openhouse.rooms.gateway import Delivery, Frame, Missed


class AwsGateway:
    """Keeps its event loop and its connections from call to call. One call at a time."""

    def __init__(
        self,
        endpoint: str,
        signer: Callable[[str], Signer],
        *,
        limits: Limits = DEFAULT_LIMITS,
        jitter: Callable[[], float] = random.random,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        """`endpoint`: the address of the stage; `signer(host)` signs for it."""
        parts = urlsplit(endpoint)
        secure = parts.scheme == "https"
        self._path = f"{parts.path}/@connections/"
        self._signer = signer(parts.netloc)
        self._limits = limits
        self._jitter = jitter
        self._pool = Pool(
            parts.hostname or "",
            parts.port or (443 if secure else 80),
            (tls or ssl.create_default_context()) if secure else None,
            longest_idle=limits.idle,
        )
        self._loop: asyncio.AbstractEventLoop | None = None

    def post(self, deliveries: Sequence[Delivery]) -> list[Missed]:
        return self._run("POST", deliveries)

    def close(self, connection_ids: Sequence[str]) -> None:
        self._run("DELETE", [Delivery(connection_ids, [Frame(b"")])])

    def shutdown(self) -> None:
        """Ends loop and connections, for whoever, unlike a function, outlives them."""
        if self._loop is not None:
            self._pool.clear()
            self._loop.run_until_complete(asyncio.sleep(0))
            self._loop.close()
            self._loop = None

    def _run(self, method: str, deliveries: Sequence[Delivery]) -> list[Missed]:
        if not any(delivery.posts for delivery in deliveries):
            return [{} for _ in deliveries]
        if self._loop is None:
            self._loop = uvloop.new_event_loop()
        call = PostingCall(self._path, method, deliveries, self._signer, self._pool, self._limits, self._jitter)
        return self._loop.run_until_complete(call.run())
