"""Whoever has written a commit hands it over; it is posted to the members of its room, ahead of the stream."""

from typing import Any

from openhouse.core.observability import observed
from openhouse.functions import FAST_LANE

LANE = FAST_LANE.start()


@observed
def handler(event: dict[str, Any], context: Any) -> None:
    LANE.process(event)
