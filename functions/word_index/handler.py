"""The stream of the table of records hands over their changes; the search index follows."""

from typing import Any

from openhouse.core.observability import observed
from openhouse.functions import WORD_INDEX

STREAM = WORD_INDEX.start()


@observed
def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    failed = STREAM.process(event["Records"])
    return {"batchItemFailures": [{"itemIdentifier": position} for position in failed]}
