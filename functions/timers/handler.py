"""The queue of timers hands over those that are due; each is told to whom it concerns."""

from typing import Any

from openhouse.core.observability import observed
from openhouse.functions import TIMERS

DUE = TIMERS.start()


@observed
def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    failed = DUE.process(event["Records"])
    return {"batchItemFailures": [{"itemIdentifier": id_} for id_ in failed]}
