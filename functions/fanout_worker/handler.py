"""The queue hands over shards of large rooms; each gets the commits that the log has for it."""

from typing import Any

from openhouse.core.observability import observed
from openhouse.functions import FANOUT_WORKER

WORKER = FANOUT_WORKER.start()


@observed
def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    failed = WORKER.process(event["Records"])
    return {"batchItemFailures": [{"itemIdentifier": id_} for id_ in failed]}
