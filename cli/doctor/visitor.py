"""A brokerage of one person, for as long as an examination takes. Founding and removing it takes AWS credentials."""

from __future__ import annotations

import secrets
from contextlib import suppress
from functools import cached_property

from cli.doctor.belongings import Belongings
from cli.operating.gateway import callback_url, gateway_of
from deployed.cloud import Cloud
from deployed.endpoints import Deployment
from deployed.people import Operator, Person
from openhouse.core.room_names import user_room
from openhouse.delivery.aws_gateway import AwsGateway
from openhouse.rooms.connections import Connections
from openhouse.storage.keys import connection_key
from openhouse.storage.table import Table

NOUN, PATH = "escrow", "escrows"


class Visitor:
    """Administrator of a brokerage of their own, and in its only team."""

    def __init__(self, cloud: Cloud, deployment: Deployment) -> None:
        name = f"doctor-{secrets.token_hex(4)}"
        self.cloud = cloud
        self.deployment = deployment
        self.brokerage_id = self.team_id = name
        self.person = Person(
            email=f"{name}@openhouse.invalid", name="Openhouse doctor", role="admin", team_ids=(self.team_id,)
        )
        self.password = f"Aa1!{secrets.token_urlsafe(18)}"
        self.user_id = ""
        self.connection_ids: set[str] = set()  # of all sockets that were opened
        self.file_ids: set[str] = set()
        self.task_ids: set[str] = set()
        self.has_arrived = False  # from when on there may be something of them

    @cached_property
    def table(self) -> Table:
        client = self.cloud.session.client("dynamodb", endpoint_url=self.cloud.endpoint)
        return Table(client, self.deployment.table_name, self.deployment.records_table_name)

    @cached_property
    def callback_url(self) -> str:
        return callback_url(self.deployment)

    @cached_property
    def gateway(self) -> AwsGateway:
        return gateway_of(self.cloud, self.deployment)

    def arrive(self) -> None:
        """Raises CommandFailed, and what boto3 raises."""
        self.has_arrived = True
        operator = Operator(self.cloud, self.deployment)
        with operator.login(self.person, self.password) as self.user_id:
            operator.found(self.brokerage_id, "Openhouse doctor", self.person, self.password)
            operator.put_team(self.brokerage_id, self.team_id, "Doctor")

    def sockets(self) -> set[str]:
        """The ids of those that are in the person's room now."""
        members = Connections(self.table).members(user_room(self.user_id))
        found = {member.connection_id for member in members}
        self.connection_ids |= found
        return found

    def is_connected(self) -> bool:
        """Whether a socket of theirs is not known to have ended yet."""
        return bool(self.sockets()) or any(map(self.table.get, map(connection_key, self.connection_ids)))

    def give_up_login(self) -> None:
        """Raises what boto3 raises."""
        cognito = self.cloud.cognito()
        with suppress(cognito.exceptions.UserNotFoundException):
            cognito.admin_delete_user(UserPoolId=self.deployment.endpoints.user_pool_id, Username=self.person.email)
        if "gateway" in vars(self):
            self.gateway.shutdown()

    def remove(self) -> int:
        """Removes every item and file there is of the visit. How many those were. Raises what boto3 raises."""
        left = self._belongings.items(self.connection_ids, self.file_ids, self.task_ids)
        self.table.delete_all(left)
        return len(left) + self._belongings.remove_files()

    @cached_property
    def _belongings(self) -> Belongings:
        return Belongings(
            self.table,
            self.cloud.session.client("s3", endpoint_url=self.cloud.endpoint),
            self.deployment.files_bucket,
            brokerage_id=self.brokerage_id,
            team_id=self.team_id,
            user_id=self.user_id,
            brokerage_shards=self.deployment.queues.brokerage_shards,
        )
