"""The table's stream hands over log entries; each goes to every member of its room."""

from typing import Any

from openhouse import wiring
from openhouse.core.observability import logger
from openhouse.delivery.fanout import entries
from openhouse.settings import FanoutSettings

FANOUT = wiring.fanout(FanoutSettings.load())


@logger.inject_lambda_context
def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    failed = FANOUT.deliver(entries(event["Records"]))
    return {"batchItemFailures": [{"itemIdentifier": position} for position in failed]}
