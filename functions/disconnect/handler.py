"""A socket has closed, as far as API Gateway noticed."""

from typing import Any

from openhouse import wiring
from openhouse.settings import DisconnectSettings

CONNECTIONS = wiring.disconnect(DisconnectSettings.load())


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    CONNECTIONS.forget(event["requestContext"]["connectionId"])
    return {"statusCode": 200}
