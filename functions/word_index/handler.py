"""The stream of the table of records hands over their changes; the search index follows."""

from typing import Any

from openhouse.core.observability import logger
from openhouse.functions import WORD_INDEX

STREAM = WORD_INDEX.start()


@logger.inject_lambda_context
def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    failed = STREAM.process(event["Records"])
    return {"batchItemFailures": [{"itemIdentifier": position} for position in failed]}
