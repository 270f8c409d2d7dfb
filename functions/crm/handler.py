"""The records of every module, over REST."""

from typing import Any

from openhouse import wiring
from openhouse.core.observability import logger
from openhouse.settings import CrmSettings

API = wiring.crm(CrmSettings.load())


@logger.inject_lambda_context
def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    return API.handle(event, context)
