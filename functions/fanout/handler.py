"""The table's stream hands over log entries and live states; each goes to the members of its room."""

from typing import Any

from openhouse.core.observability import observed
from openhouse.functions import FANOUT

STREAM = FANOUT.start()


@observed
def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    failed = STREAM.process(event["Records"])
    return {"batchItemFailures": [{"itemIdentifier": position} for position in failed]}
