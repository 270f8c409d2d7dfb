"""A person, explained: who they are, how they can sign in, where they are connected, and what they did last."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from botocore.exceptions import ClientError

from cli.explain.finding import Commit, PersonFound
from cli.explain.logs import Line, Logs
from cli.operating.connections import NOT_LISTED, Connected, connected
from deployed.cloud import Cloud, aws_failure
from openhouse.collaboration.standing import Standing
from openhouse.core import clock
from openhouse.core.room_names import user_room
from openhouse.services import Services

LOOKED_BACK = timedelta(hours=24)
MOST_COMMITS = 10
UNTOLD = "No line of the log of socket tells how they came: it is off, or not kept here."
_LOOKED_AT = 200  # commits of each room


@dataclass(frozen=True)
class Login:
    """`status`: Cognito's word for it, or why it is not known."""

    status: str
    enabled: bool | None


@dataclass(frozen=True)
class PersonStory:
    found: PersonFound
    rooms: Sequence[str]
    login: Login
    standing: Standing | None
    connections: Sequence[Connected]
    sessions: Sequence[Line]  # of sockets that opened and closed
    commits: Sequence[Commit]  # theirs, the last first
    unknown: Sequence[str]

    def wire(self) -> dict[str, Any]:
        user = self.found.user
        return {
            "kind": "person",
            "brokerageId": self.found.brokerage_id,
            "userId": self.found.user_id,
            "user": user.wire() if user else None,
            "rooms": list(self.rooms),
            "login": {"status": self.login.status, "enabled": self.login.enabled},
            "presence": self.standing.status if self.standing else None,
            "connections": [each.wire() for each in self.connections],
            "sockets": [
                {
                    "at": clock.to_wire(line.at),
                    "what": line.message,
                    "connectionId": line.fields.get("connection_id"),
                    "sourceIp": line.fields.get("source_ip"),
                }
                for line in self.sessions
            ],
            "commits": [
                {name: each[name] for name in ("room", "seq", "id", "at")} | _types(each) for each in self.commits
            ],
            "unknown": list(self.unknown),
        }


def explain_person(
    services: Services, logs: Logs, cloud: Cloud, pool_id: str, found: PersonFound, now: datetime
) -> PersonStory:
    rooms = _rooms(services, found)
    there = connected(services, user_room(found.user_id), now)
    said = logs.saying(("connected",), ("socket",), now - LOOKED_BACK, now, user_id=found.user_id)
    ids = {line.fields.get("connection_id") for line in said.lines}
    ends = logs.saying(("disconnected", "flooded"), ("socket",), now - LOOKED_BACK, now) if ids else None
    closed = [line for line in ends.lines if line.fields.get("connection_id") in ids] if ends else []
    seen = [each for each in services.sightings.of(found.brokerage_id) if each.user_id == found.user_id]
    return PersonStory(
        found,
        rooms,
        _login(cloud, pool_id, found),
        Standing.of(seen, clock.milliseconds(now)) if seen else None,
        there,
        sorted([*said.lines, *closed], key=lambda line: line.at),
        _commits(services, rooms, found.user_id, now),
        [
            *said.unknown,
            *([UNTOLD] if there and not ids else []),
            NOT_LISTED,
            f"Of sockets that opened more than {LOOKED_BACK // timedelta(hours=1)} h ago nothing was looked up.",
        ],
    )


def _rooms(services: Services, found: PersonFound) -> list[str]:
    if found.user is None:
        return [user_room(found.user_id)]
    return [*services.directory.principal(found.user_id, 0).rooms]


def _login(cloud: Cloud, pool_id: str, found: PersonFound) -> Login:
    if found.user is None:
        return Login("not looked up of somebody who was removed", None)
    cognito = cloud.cognito()
    try:
        login = cognito.admin_get_user(UserPoolId=pool_id, Username=found.user.email)
    except cognito.exceptions.UserNotFoundException:
        return Login("none in this user pool", None)
    except ClientError as error:
        return Login(f"not known: {aws_failure(error)}", None)
    return Login(login["UserStatus"], login["Enabled"])


def _commits(services: Services, rooms: Sequence[str], user_id: str, now: datetime) -> list[Commit]:
    found = [
        commit
        for room in rooms
        for commit in services.log.recent(room, now - LOOKED_BACK, _LOOKED_AT)
        if commit["by"] == user_id
    ]
    return sorted(found, key=lambda commit: str(commit["at"]), reverse=True)[:MOST_COMMITS]


def _types(commit: Commit) -> dict[str, Any]:
    return {"types": [event["type"] for event in commit["events"]]}
