"""What is said about people over REST: the caller, the brokerage's roster, tickets for sockets."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from pydantic import BeforeValidator, Field

from openhouse.api.query_parameters import parse_parameters, plain_number
from openhouse.core.principal import Role
from openhouse.core.wire import Moment, Wire
from openhouse.crm.fields import Email, RequiredText
from openhouse.identity.audit import Act


class TeamBody(Wire):
    name: RequiredText


class UserBody(Wire):
    email: RequiredText
    name: RequiredText
    role: Role
    team_ids: Annotated[list[str], Field(max_length=50)] = []


class InvitationBody(Wire):
    email: Email
    name: RequiredText
    role: Role
    team_ids: Annotated[list[str], Field(max_length=50)] = []


class Me(Wire):
    """Who is calling, and the rooms they are in."""

    user_id: str
    email: str
    name: str
    role: Role
    brokerage_id: str
    team_ids: list[str]
    rooms: list[str]
    expires_at: Moment


class Ticket(Wire):
    """`url` opens one socket, once and within 30 s; its session ends at `sessionExpiresAt`.

    Send a `ping` when the socket has been silent for `pingSeconds`, and `presence` every `presenceSeconds`.
    """

    url: str
    ticket: str
    expires_at: Moment
    session_expires_at: Moment
    ping_seconds: int
    presence_seconds: int


class Brokerage(Wire):
    brokerage_id: str
    name: str


class TeamEntry(Wire):
    team_id: str
    name: str


class UserEntry(Wire):
    user_id: str
    email: str
    name: str
    role: Role
    team_ids: list[str]
    invited_at: Annotated[Moment | None, Field(description="When they were invited, until they have signed in.")] = None


class AuditChange(Wire):
    """What something was, and is; empty for what there was not, or is not any more."""

    field: str
    before: str
    after: str


class AuditEntry(Wire):
    """What somebody did to whom or what (`subject`, an id), and what both were called then."""

    id: str
    at: Moment
    act: Act
    by: str
    by_name: str
    subject: str
    name: str
    changes: list[AuditChange]


class AuditPage(Wire):
    """The latest first. With a `cursor`, there are earlier ones."""

    items: list[AuditEntry]
    cursor: str | None = None


class AuditParameters(Wire):
    limit: Annotated[
        int, Field(ge=1, le=100, description="Maximum entries per page."), BeforeValidator(plain_number)
    ] = 50
    cursor: Annotated[
        str | None, Field(pattern=r"^[0-9a-f]{11}\.[0-9A-Za-z-]{1,64}$", description="From the page before.")
    ] = None


def parse_audit_parameters(query: Mapping[str, str]) -> AuditParameters:
    """Raises BadParameter, naming the one."""
    return parse_parameters(AuditParameters, query)


class Roster(Wire):
    brokerage: Brokerage
    teams: list[TeamEntry]
    users: list[UserEntry]
