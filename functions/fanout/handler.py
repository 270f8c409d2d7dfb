"""The table's stream hands over log entries; each goes to every member of its room."""

from typing import Any

from openhouse.core.observability import logger
from openhouse.delivery.fanout import entries
from openhouse.functions import FANOUT

FAN_OUT = FANOUT.start()


@logger.inject_lambda_context
def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    failed = FAN_OUT.deliver(entries(event["Records"]))
    return {"batchItemFailures": [{"itemIdentifier": position} for position in failed]}
