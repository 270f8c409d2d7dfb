"""A socket has closed, as far as API Gateway noticed."""

from typing import Any

from openhouse.functions import DISCONNECT

CONNECTIONS = DISCONNECT.start()


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    CONNECTIONS.forget(event["requestContext"]["connectionId"])
    return {"statusCode": 200}
