"""A migration into a deployment: its tables, and its user pool for the logins."""

from __future__ import annotations

from cli.migration.run import Asked, migrate
from cli.migration.writing import Writer
from deployed.cloud import Cloud
from deployed.endpoints import Deployment
from deployed.people import Operator
from deployed.terminal import Steps
from openhouse.services import Services
from openhouse.storage.table import Table


def moved(cloud: Cloud, asked: Asked, steps: Steps) -> bool:
    """As `migrate`. Raises CommandFailed, Interrupted, and what boto3 raises."""
    with steps.step("addresses"):
        deployment = Deployment.read(cloud.cloudformation(), cloud.emulator_url)
    client = cloud.session.client("dynamodb", endpoint_url=cloud.endpoint)
    services = Services(Table(client, deployment.table_name, deployment.records_table_name))
    login = Operator(cloud, deployment).login
    return migrate(asked, services, login, Writer(services, asked.brokerage_id), steps)
