"""People: who am I, tickets, the brokerage and its administration."""

from typing import Any

from openhouse import wiring
from openhouse.core.observability import logger
from openhouse.settings import DirectorySettings

API = wiring.directory(DirectorySettings.load())


@logger.inject_lambda_context
def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    return API.handle(event, context)
