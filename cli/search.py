"""`openhouse search`: makes a brokerage's search index anew from its records."""

from __future__ import annotations

from cli.rooms import rooms_of
from deployed.cloud import Cloud
from deployed.endpoints import Deployment
from deployed.terminal import Interrupted, Steps, Tell
from openhouse.crm.modules import MODULES
from openhouse.crm.rebuilding import Rebuilt, rebuild
from openhouse.services import Services
from openhouse.storage.table import Table


def rebuild_index(cloud: Cloud, brokerage_id: str, steps: Steps) -> Rebuilt:
    """Raises CommandFailed, and what boto3 raises."""
    with steps.step("addresses"):
        deployment = Deployment.read(cloud.cloudformation(), cloud.emulator_url)
    client = cloud.session.client("dynamodb", endpoint_url=cloud.endpoint)
    services = Services(Table(client, deployment.table_name, deployment.records_table_name))
    try:
        with steps.step("search index") as tell:
            return rebuild_brokerage(services, brokerage_id, tell)
    except KeyboardInterrupt:
        raise Interrupted("Stopped. Run it again: what is done is done twice, and nothing is lost.") from None


def rebuild_brokerage(services: Services, brokerage_id: str, tell: Tell) -> Rebuilt:
    """Room by room. Raises CommandFailed of a brokerage that there is not."""
    rooms = rooms_of(services.directory, brokerage_id)
    done = Rebuilt()
    for number, room in enumerate(rooms, 1):
        rebuild(services.table, services.word_index, MODULES, room, done)
        tell(f"{number} of {len(rooms)} rooms, {done.records:,} records")
    return done
