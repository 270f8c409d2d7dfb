"""A deployment as its operator reaches it: its addresses, its tables, its services."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Self

from deployed.cloud import Cloud
from deployed.endpoints import Deployment
from deployed.terminal import CommandFailed
from openhouse.identity.directory import User
from openhouse.services import Services
from openhouse.storage.table import Table


@dataclass(frozen=True)
class Installation:
    cloud: Cloud
    deployment: Deployment

    @classmethod
    def chosen(cls, emulator_url: str | None) -> Self:
        """The one in an emulator if somebody named one. Raises CommandFailed, and what boto3 raises."""
        cloud = Cloud.chosen(emulator_url)
        return cls(cloud, Deployment.read(cloud.cloudformation(), cloud.emulator_url))

    @cached_property
    def services(self) -> Services:
        """Those that take a table alone."""
        client = self.cloud.session.client("dynamodb", endpoint_url=self.cloud.endpoint)
        table = Table(client, self.deployment.table_name, self.deployment.records_table_name)
        return Services(table, brokerage_shards=self.deployment.queues.brokerage_shards)


def brokerages(services: Services) -> list[str]:
    """The ids of all."""
    return sorted(room.partition(":")[2] for room in services.log.brokerage_rooms())


def person(services: Services, who: str, among: Iterable[str]) -> tuple[str, User]:
    """The brokerage, one of these, and the person with this id or e-mail address. Raises CommandFailed."""
    if (known := services.directory.membership(who)) and known.user:
        return known.brokerage_id, known.user
    for brokerage_id in among:
        for user in services.directory.users(brokerage_id):
            if user.email.casefold() == who.casefold():
                return brokerage_id, user
    raise CommandFailed(f"Nobody here has the id or the e-mail address {who}.")
