"""`openhouse restore`: the two commands, and between them a person who deploys."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from cli.broadcast import moment
from cli.operating.gateway import gateway_of
from cli.reminders import schedules_of
from cli.restoring.finishing import Finished, Finishing
from cli.restoring.preparing import Preparation, Prepared
from cli.restoring.tables import Backups, Moment, Pair, Restorer
from deployed.cloud import Cloud
from deployed.endpoints import Deployment, stack_outputs
from deployed.terminal import CommandFailed, Interrupted, Steps
from openhouse.crm.modules import MODULES
from openhouse.services import Services
from openhouse.storage.table import Table

REMEMBERED = timedelta(days=35)  # by point-in-time recovery, at most


@dataclass(frozen=True)
class Ready:
    """New tables that a deployment may use. `streams`: ARNs."""

    tables: Pair
    streams: Pair
    prepared: Prepared

    def context(self) -> str:
        """What stands in cdk.json from now on."""
        return f'"restoredTables": {{"table": "{self.streams.main}", "records": "{self.streams.records}"}}'


def second(text: str, now: datetime) -> datetime:
    """One that DynamoDB may still know, which knows no parts of one. Raises CommandFailed."""
    at = moment(text).astimezone(UTC).replace(microsecond=0)
    if not now - REMEMBERED <= at <= now:
        raise CommandFailed(
            f"{text} is not within the last {REMEMBERED.days} days, of which alone AWS knows each second."
        )
    return at


def source(to: str | None, backups: Sequence[str], now: datetime) -> Moment | Backups:
    """Raises CommandFailed."""
    if to and not backups:
        return Moment(second(to, now))
    if not to and len(backups) == 2:
        return Backups(Pair(*backups))
    raise CommandFailed("Say --to with a time; or --backup twice, with the table's and that of records.")


def prepare(cloud: Cloud, of: Moment | Backups, name: str, steps: Steps) -> Ready:
    """`name`: how the new tables' names begin. Raises CommandFailed, and what boto3 raises."""
    with steps.step("addresses"):
        deployment = Deployment.read(cloud.cloudformation(), cloud.emulator_url)
    client = cloud.session.client("dynamodb", endpoint_url=cloud.endpoint)
    old, new = Pair(deployment.table_name, deployment.records_table_name), Pair(f"{name}-table", f"{name}-records")
    restorer = Restorer(client)
    nouns = [module.noun for module in MODULES]
    try:
        with steps.step("restore") as tell:
            restorer.restore(old, new, of, tell)
        with steps.step("rooms") as tell:
            prepared = Preparation(client, nouns).run(old, new, tell)
        with steps.step("settings"):  # the stream comes last: it is to tell of nothing that was done here
            streams = restorer.equip(old, new)
    except KeyboardInterrupt:
        raise Interrupted("Stopped. Run it again with the same --name: what is done is not done twice.") from None
    return Ready(new, streams, prepared)


def finish(cloud: Cloud, steps: Steps) -> Finished:
    """Raises CommandFailed, and what boto3 raises."""
    with steps.step("addresses"):
        outputs = stack_outputs(cloud.cloudformation())
        deployment = Deployment.from_outputs(outputs, cloud.emulator_url)
        schedules = schedules_of(cloud, outputs)
    client = cloud.session.client("dynamodb", endpoint_url=cloud.endpoint)
    services = Services(Table(client, deployment.table_name, deployment.records_table_name))
    gateway = gateway_of(cloud, deployment)
    try:
        with steps.step("people") as tell:
            return Finishing(client, services, schedules, gateway.close).run(deployment.table_name, tell)
    except KeyboardInterrupt:
        raise Interrupted("Stopped. Run it again: what is done is done twice, and nothing is lost.") from None
    finally:
        gateway.shutdown()
