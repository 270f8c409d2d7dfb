"""Posting to sockets, and closing them, with an operator's credentials."""

from __future__ import annotations

from functools import partial

from deployed.cloud import Cloud
from deployed.endpoints import Deployment
from openhouse.delivery.aws_gateway import AwsGateway
from openhouse.delivery.signing import Credentials, Signer


def callback_url(deployment: Deployment) -> str:
    """Where `@connections` answers."""
    return deployment.socket_url.replace("ws", "http", 1)


def gateway_of(cloud: Cloud, deployment: Deployment) -> AwsGateway:
    """The product's own. It has threads, until it is shut down."""

    def credentials() -> Credentials:
        found = cloud.session.get_credentials()
        assert found is not None  # AWS has answered before
        frozen = found.get_frozen_credentials()
        return Credentials(str(frozen.access_key), str(frozen.secret_key), frozen.token)

    signer = partial(Signer, service="execute-api", region=deployment.endpoints.region, credentials=credentials)
    return AwsGateway(callback_url(deployment), lambda host: signer(host=host))
