"""A brokerage of one person, for as long as an examination takes. Founding and removing it takes AWS credentials."""

from __future__ import annotations

import secrets
from contextlib import suppress
from functools import cached_property, partial

from deployed.cloud import Cloud
from deployed.endpoints import Deployment
from deployed.people import Operator, Person
from openhouse.core.room_names import brokerage_room, shards_of, team_room, user_room
from openhouse.delivery.aws_gateway import AwsGateway
from openhouse.delivery.signing import Credentials, Signer
from openhouse.rooms.connections import Connections
from openhouse.storage.keys import (
    Key,
    connection_key,
    history_range,
    installed_key,
    partitions_of_brokerage,
    partitions_of_room,
)
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
        self.record_ids: list[str] = []
        self.connection_ids: set[str] = set()  # of all sockets that were opened
        self.has_arrived = False  # from when on there may be something of them

    @cached_property
    def table(self) -> Table:
        client = self.cloud.session.client("dynamodb", endpoint_url=self.cloud.endpoint)
        return Table(client, self.deployment.table_name, self.deployment.records_table_name)

    @cached_property
    def callback_url(self) -> str:
        """Where `@connections` answers."""
        return self.deployment.socket_url.replace("ws", "http", 1)

    @cached_property
    def gateway(self) -> AwsGateway:
        """The product's own, with the operator's credentials."""

        def credentials() -> Credentials:
            found = self.cloud.session.get_credentials()
            assert found is not None  # AWS has answered before
            frozen = found.get_frozen_credentials()
            return Credentials(str(frozen.access_key), str(frozen.secret_key), frozen.token)

        signer = partial(
            Signer, service="execute-api", region=self.deployment.endpoints.region, credentials=credentials
        )
        return AwsGateway(self.callback_url, lambda host: signer(host=host))

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
        """Removes every item there is of the visit. How many that were. Raises what boto3 raises."""
        left = self.left()
        self.table.delete_all(left)
        return len(left)

    def left(self) -> list[Key]:
        """The keys of what there is of the visit."""
        rooms = [brokerage_room(self.brokerage_id), team_room(self.team_id), user_room(self.user_id)]
        shards = self.deployment.queues.brokerage_shards
        partitions = partitions_of_brokerage(self.brokerage_id, [self.user_id], [self.team_id])
        partitions += [pk for room in rooms for pk in partitions_of_room(room, shards_of(room, shards))]
        partitions += [history_range(self.brokerage_id, NOUN, id_)[0] for id_ in self.record_ids]
        partitions += [connection_key(id_)["pk"] for id_ in self.connection_ids]
        found = [item for pk in partitions for item in self.table.query(pk, " ", "\U0010ffff")]
        listed = installed_key(rooms[0])
        if listed and (item := self.table.get(listed)):
            found.append(item)
        return [{"pk": item["pk"], "sk": item["sk"]} for item in found]
