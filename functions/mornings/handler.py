"""Every hour: those whose morning it is are told what their day has."""

from dataclasses import asdict
from typing import Any

from openhouse.core.observability import logger
from openhouse.functions import MORNINGS

BRIEFS = MORNINGS.start()


@logger.inject_lambda_context
def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    return asdict(BRIEFS.tell())
