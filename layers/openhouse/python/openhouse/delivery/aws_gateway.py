"""API Gateway's `@connections` as a `Gateway`: signed requests over warm connections.

Lambda freezes a process between two calls and may thaw it minutes later, its connections and descriptors gone. Nothing
but connections is kept from call to call; after an error has left a call, not even those.
"""

from __future__ import annotations

import random
import ssl
from collections.abc import Callable, Sequence
from functools import partial
from urllib.parse import urlsplit

from openhouse.core.observability import logger
from openhouse.delivery.http_channel import Pool
from openhouse.delivery.posting_call import DEFAULT_LIMITS, Limits, PostingCall
from openhouse.delivery.signing import Signer
from openhouse.rooms.gateway import Delivery, Frame, Missed


class AwsGateway:
    """Keeps its connections from call to call. One call at a time."""

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
        self._new_pool = partial(
            Pool,
            parts.hostname or "",
            parts.port or (443 if secure else 80),
            (tls or ssl.create_default_context()) if secure else None,
            longest_idle=limits.idle,
        )
        self._pool: Pool = self._new_pool()

    def post(self, deliveries: Sequence[Delivery]) -> list[Missed]:
        return self._run("POST", deliveries)

    def close(self, connection_ids: Sequence[str]) -> None:
        self._run("DELETE", [Delivery(connection_ids, [Frame(b"")])])

    def shutdown(self) -> None:
        """Ends its connections, for whoever, unlike a function, outlives them."""
        pool, self._pool = self._pool, self._new_pool()
        pool.clear()

    def _run(self, method: str, deliveries: Sequence[Delivery]) -> list[Missed]:
        if not any(delivery.posts for delivery in deliveries):
            return [{} for _ in deliveries]
        try:
            return self._run_once(method, deliveries)
        except Exception:  # noqa: BLE001 - whatever it is that is broken, it is not used again
            logger.exception("posting failed: once more over other connections")
            self.shutdown()
        # Some of it may have been posted: clients drop what they have.
        return self._run_once(method, deliveries)

    def _run_once(self, method: str, deliveries: Sequence[Delivery]) -> list[Missed]:
        call = PostingCall(self._path, method, deliveries, self._signer, self._pool, self._limits, self._jitter)
        return call.run()
