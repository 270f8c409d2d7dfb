"""What is said about people over REST: the caller, the brokerage's roster, tickets for sockets."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from openhouse.core.principal import Role
from openhouse.core.wire import Moment, Wire
from openhouse.crm.fields import Email, RequiredText


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


class Roster(Wire):
    brokerage: Brokerage
    teams: list[TeamEntry]
    users: list[UserEntry]
