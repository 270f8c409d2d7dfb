"""A socket opens, says something, closes. Answers are posted: API Gateway drops what is returned for a message."""

from typing import Any

from openhouse.core.observability import observed
from openhouse.functions import SOCKET

API = SOCKET.start()


@observed
def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    API.handle(event)
    return {"statusCode": 200}
