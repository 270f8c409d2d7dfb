"""A socket opens: its ticket is used up, its principal kept."""

from typing import Any

from openhouse import wiring
from openhouse.identity.authorizer_context import principal_of
from openhouse.settings import ConnectSettings

CONNECTIONS = wiring.connect(ConnectSettings.load())


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    request = event["requestContext"]
    CONNECTIONS.connect(request["connectionId"], principal_of(request["authorizer"]))
    return {"statusCode": 200}
