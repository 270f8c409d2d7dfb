"""People: who am I, tickets, the brokerage and its administration."""

from typing import Any

from openhouse.core.observability import observed
from openhouse.functions import DIRECTORY

API = DIRECTORY.start()


@observed
def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    return API.handle(event, context)
