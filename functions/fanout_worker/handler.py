"""The queue hands over shards of large rooms; each gets the commits that the log has for it."""

from typing import Any

from openhouse import wiring
from openhouse.observability import logger
from openhouse.queues import tasks
from openhouse.settings import FanoutWorkerSettings

WORKER = wiring.fanout_worker(FanoutWorkerSettings.load())


@logger.inject_lambda_context
def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    wanted = tasks(event["Records"])
    failed = WORKER.deliver([task for task in wanted.values() if task])
    return {
        "batchItemFailures": [{"itemIdentifier": id_} for id_, task in wanted.items() if task is None or task in failed]
    }
