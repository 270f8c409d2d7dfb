"""A frame from a socket. Its answer is posted, not returned: API Gateway drops what is returned here."""

import base64
from typing import Any

from openhouse.core.observability import logger
from openhouse.functions import MESSAGES

SOCKET_MESSAGES = MESSAGES.start()


@logger.inject_lambda_context
def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    body = event.get("body") or ""
    frame = base64.b64decode(body).decode(errors="replace") if event.get("isBase64Encoded") else body
    SOCKET_MESSAGES.receive(event["requestContext"]["connectionId"], frame)
    return {"statusCode": 200}
