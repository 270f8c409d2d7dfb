"""The writer's side of the fast lane: what it has just committed is handed on before it answers.

The stream delivers whatever gets lost on this way, so it is tried once, and for a moment only.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

from openhouse.core.observability import logger
from openhouse.delivery.invoker import NotTaken
from openhouse.rooms.room_log import Entry

LARGEST_BYTES = 200_000  # of what is handed over: a function that is frozen right after cannot send more for long
PAUSE_SECONDS = 10.0  # after a failure: whoever writes shall not wait for one again and again


class HandOver:
    """`invoke` starts the fast lane's function with a payload, and returns before that has done anything."""

    def __init__(self, invoke: Callable[[bytes], None], *, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._invoke = invoke
        self._monotonic = monotonic
        self._paused_until = float("-inf")

    def __call__(self, entries: Sequence[Entry]) -> None:
        """All commits of one transaction at once."""
        payload = f'{{"commits":[{",".join(entry.commit for entry in entries)}]}}'.encode()
        if len(payload) > LARGEST_BYTES or self._monotonic() < self._paused_until:
            return
        try:
            self._invoke(payload)
        except NotTaken:
            logger.info("not handed to the fast lane: it is busy")
        except Exception as error:  # noqa: BLE001 - it is written, and will be delivered
            self._paused_until = self._monotonic() + PAUSE_SECONDS
            logger.warning("not handed to the fast lane", error=repr(error))
