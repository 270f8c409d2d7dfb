"""`@connections` of a deployment, as an operator with AWS credentials uses it."""

from __future__ import annotations

from deployed.cloud import Cloud
from deployed.endpoints import Deployment
from openhouse.delivery.aws_gateway import AwsGateway
from openhouse.delivery.signing import Credentials, Signer


def operators_gateway(cloud: Cloud, deployment: Deployment) -> AwsGateway:
    """The product's own; to be shut down."""

    def credentials() -> Credentials:
        found = cloud.session.get_credentials()
        assert found is not None  # AWS has answered before
        frozen = found.get_frozen_credentials()
        return Credentials(str(frozen.access_key), str(frozen.secret_key), frozen.token)

    def signer(host: str) -> Signer:
        region = deployment.endpoints.region
        return Signer(service="execute-api", region=region, host=host, credentials=credentials)

    return AwsGateway(deployment.socket_url.replace("ws", "http", 1), signer)
