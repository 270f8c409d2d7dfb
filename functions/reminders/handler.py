"""The stream of the table of records hands over the changes of appointments; schedules of reminders follow."""

from typing import Any

from openhouse.core.observability import observed
from openhouse.functions import REMINDERS

STREAM = REMINDERS.start()


@observed
def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    failed = STREAM.process(event["Records"])
    return {"batchItemFailures": [{"itemIdentifier": position} for position in failed]}
