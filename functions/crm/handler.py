"""The records of every module, over REST."""

from typing import Any

from openhouse.core.observability import observed
from openhouse.functions import CRM

API = CRM.start()


@observed
def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    return API.handle(event, context)
