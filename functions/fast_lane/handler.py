"""Whoever has written a commit hands it over; it is posted to the members of its room, ahead of the stream."""

from typing import Any

from openhouse.core.observability import logger
from openhouse.functions import FAST_LANE

LANE = FAST_LANE.start()


@logger.inject_lambda_context
def handler(event: dict[str, Any], context: Any) -> None:
    LANE.process(event)
