"""A socket opens: its ticket is used up, its principal kept."""

from typing import Any

from openhouse.functions import CONNECT
from openhouse.identity.authorizer_context import principal_of

CONNECTIONS = CONNECT.start()


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    request = event["requestContext"]
    CONNECTIONS.connect(request["connectionId"], principal_of(request["authorizer"]))
    return {"statusCode": 200}
