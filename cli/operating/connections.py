"""`openhouse connections`: who is connected, since when, in which rooms, and where they stand in each.

A client's position is known to itself alone. What the table knows: where a room's log ends, and whether a post to this
socket has failed since it last heard something. Whoever joined and lags nowhere was handed every commit since.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from rich.text import Text

from cli.operating.installation import brokerages, person
from cli.operating.look import count, lasting, table, wire_time
from cli.operating.people_names import names_of
from cli.operating.room_called import room_called
from cli.operating.rooms import position_of
from openhouse.collaboration.sightings import Sighting
from openhouse.core import clock
from openhouse.core.room_names import brokerage_room, is_of_kind, user_room
from openhouse.rooms.connections import Member
from openhouse.rooms.position import Position
from openhouse.services import Services
from openhouse.storage.keys import connection_key

NOT_LISTED = "A socket that has not said `sync` yet is in no room, and is not listed."


@dataclass(frozen=True)
class Stand:
    """In one room. `ends`: where its log ends now. `lagging`: it has missed a post, and has not caught up yet."""

    room: str
    ends: Position | None
    lagging: bool

    def wire(self) -> dict[str, Any]:
        reached = None if self.lagging or self.ends is None else self.ends.seq
        ends = self.ends.wire() if self.ends else None
        return {"room": self.room, "ends": ends, "lagging": self.lagging, "handedUpTo": reached}


@dataclass(frozen=True)
class Connected:
    """`sighting`: when it was last heard of, if its client tells of people."""

    connection_id: str
    brokerage_id: str
    user_id: str
    role: str
    since: int  # milliseconds since 1970
    expires_at: int  # seconds since 1970
    stands: tuple[Stand, ...]
    sighting: Sighting | None

    @property
    def lagging(self) -> list[str]:
        return [stand.room for stand in self.stands if stand.lagging]

    def wire(self) -> dict[str, Any]:
        seen = self.sighting
        return {
            "connectionId": self.connection_id,
            "brokerageId": self.brokerage_id,
            "userId": self.user_id,
            "role": self.role,
            "since": wire_time(self.since),
            "sessionEndsAt": clock.to_wire(clock.from_seconds(self.expires_at)),
            "lastSeenAt": wire_time(seen.last_seen) if seen else None,
            "active": seen.active if seen else None,
            "rooms": [stand.wire() for stand in self.stands],
        }


def connected(services: Services, who: str | None, now: datetime) -> list[Connected]:
    """Those of a room, a brokerage, a person, or of all; the oldest first. Raises CommandFailed."""
    known = brokerages(services)
    if who is None:
        found = [(each, brokerage_room(each)) for each in known]
    elif who in known:
        found = [(who, brokerage_room(who))]
    elif is_of_kind(who, ("broker", "team", "user")):
        room = room_called(services, who)
        found = [(services.directory.brokerage_of(room) or "", room)]
    else:
        brokerage_id, user = person(services, who, known)
        found = [(brokerage_id, user_room(user.user_id))]
    return [each for brokerage_id, room in found for each in _in(services, brokerage_id, room, now)]


def document(found: list[Connected]) -> dict[str, Any]:
    return {"connections": [each.wire() for each in found], "unknown": [NOT_LISTED]}


def lines(services: Services, found: list[Connected], now: datetime) -> list[str | Text]:
    names = names_of(services, {each.brokerage_id for each in found})
    rows = [
        (
            names.person(each.user_id),
            each.connection_id,
            lasting(now.timestamp() - each.since / 1000),
            lasting(now.timestamp() - each.sighting.last_seen / 1000) if each.sighting else "-",
            f"{len(each.stands):,}",
            "lags" if each.lagging else "has all",
        )
        for each in found
    ]
    told: list[str | Text] = (
        [*table(("person", "connection", " for", " seen", " rooms", "stands"), rows)] if rows else []
    )
    for each in found:
        for stand in each.stands:
            if stand.lagging:
                behind = f"{names.person(each.user_id)} has missed a post in {names.room(stand.room)}"
                told.append(Text(f"  {behind}, and not caught up yet", "yellow"))
    people = len({each.user_id for each in found})
    of_whom = "1 person" if people == 1 else f"{people:,} people"
    return [*told, f"{count(len(found), 'connection')} of {of_whom}.", Text(NOT_LISTED, "dim")]


def _in(services: Services, brokerage_id: str, room: str, now: datetime) -> list[Connected]:
    members = [member for member in services.connections.members(room) if member.expires_at > clock.seconds(now)]
    items = services.table.get_many([connection_key(member.connection_id) for member in members])
    rows = {item["pk"]: item for item in items}
    seen = {each.connection_id: each for each in services.sightings.of(brokerage_id)}
    ends: dict[str, Position | None] = {}
    found: list[Connected] = []
    for member in sorted(members, key=lambda each: (each.since, each.connection_id)):
        row = rows.get(connection_key(member.connection_id)["pk"])
        if row is None:
            continue  # it went meanwhile
        ends |= {each: position_of(services, each) for each in row["rooms"] if each not in ends}
        found.append(_connected(services, brokerage_id, member, row, seen.get(member.connection_id), ends))
    return found


def _connected(
    services: Services,
    brokerage_id: str,
    member: Member,
    row: Any,
    sighting: Sighting | None,
    ends: dict[str, Position | None],
) -> Connected:
    memberships = services.connections.memberships(member.connection_id, row["rooms"])
    return Connected(
        member.connection_id,
        brokerage_id,
        member.user_id,
        row["principal"]["role"],
        row["since"],
        row["expires_at"],
        tuple(Stand(room, ends[room], each.lagging) for room, each in memberships.items()),
        sighting,
    )
