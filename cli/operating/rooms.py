"""`openhouse rooms`: each room, where its log ends, and who is in it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from rich.text import Text

from cli.operating.installation import brokerages
from cli.operating.look import count, lasting, table
from cli.operating.people_names import names_of
from cli.rooms import rooms_of
from cli.watch import Names
from openhouse.core import clock
from openhouse.rooms.head import Head
from openhouse.rooms.position import Position
from openhouse.rooms.room_log import LAST_SEQ, commit_of
from openhouse.services import Services
from openhouse.storage.keys import entry_key, head_key

AT_ONCE = 8  # rooms, each of which takes some four reads


@dataclass(frozen=True)
class Room:
    """`position`: None of a room that has no log yet. `first`: the oldest commit that the log still has, 0 of none."""

    room: str
    position: Position | None
    first: int
    last_at: datetime | None
    sockets: int
    people: int
    lagging: int

    def wire(self) -> dict[str, Any]:
        return {
            "room": self.room,
            "position": self.position.wire() if self.position else None,
            "firstSeq": self.first,
            "lastCommitAt": clock.to_wire(self.last_at) if self.last_at else None,
            "sockets": self.sockets,
            "people": self.people,
            "lagging": self.lagging,
        }


def rooms(
    services: Services,
    brokerage_id: str | None,
    now: datetime,
    parallel_map: Callable[..., Iterable[Room]] = map,
) -> dict[str, list[Room]]:
    """Of this brokerage, or of all, by brokerage. Raises CommandFailed."""
    wanted = [brokerage_id] if brokerage_id else brokerages(services)
    look = partial(_room, services, now)
    return {each: [*parallel_map(look, rooms_of(services.directory, each))] for each in wanted}


def no_log(room: str) -> str:
    """What to say of a room that is there, and has none."""
    return f"{room} has no log yet: nobody has changed anything or connected there."


def position_of(services: Services, room: str) -> Position | None:
    """Where its log ends; None of a room without one, which stays so."""
    item = services.table.get(head_key(room))
    return Head.of(item).position if item else None


def document(found: dict[str, list[Room]]) -> dict[str, Any]:
    told = [{"brokerageId": each, "rooms": [room.wire() for room in known]} for each, known in found.items()]
    return {"brokerages": told}


def lines(services: Services, found: dict[str, list[Room]], now: datetime) -> list[str | Text]:
    told: list[str | Text] = []
    names = names_of(services, found)
    for brokerage_id, known in found.items():
        told.append(Text(f"{services.directory.brokerage_name(brokerage_id)} ({brokerage_id})", "bold cyan"))
        told += table(
            ("room", " ends at", " from", " last commit", " sockets", " people", " lagging"),
            [(name, *_cells(each, now)) for name, each in _in_order(known, names)],
            indent="  ",
        )
    total = sum(len(known) for known in found.values())
    return [*told, f"{count(total, 'room')} of {count(len(found), 'brokerage')}."]


def _in_order(known: Sequence[Room], names: Names) -> list[tuple[str, Room]]:
    """The brokerage's room, those of teams, those of people; each by the name that is shown."""
    named = [(names.room(each.room), each) for each in known]
    return sorted(named, key=lambda pair: (pair[1].room.partition(":")[0], pair[0].casefold()))


def _room(services: Services, now: datetime, room: str) -> Room:
    members = [member for member in services.connections.members(room) if member.expires_at > clock.seconds(now)]
    first = _end_of(services, room, backwards=False)
    last = _end_of(services, room, backwards=True)
    commit = commit_of(last) if last else None
    return Room(
        room,
        position_of(services, room),
        first["seq"] if first else 0,
        datetime.fromisoformat(commit["at"]) if commit else None,
        len(members),
        len({member.user_id for member in members}),
        sum(member.lagging for member in members),
    )


def _end_of(services: Services, room: str, *, backwards: bool) -> Any:
    """The first or the last entry that its log has."""
    keys = (entry_key(room, seq)["sk"] for seq in (1, LAST_SEQ))
    return next(services.table.query(head_key(room)["pk"], *keys, backwards=backwards, page_size=1), None)


def _cells(room: Room, now: datetime) -> Sequence[str]:
    return (
        f"#{room.position.seq}" if room.position else "-",
        f"#{room.first}" if room.first else "-",
        f"{lasting((now - room.last_at).total_seconds())} ago" if room.last_at else "-",
        f"{room.sockets:,}",
        f"{room.people:,}",
        f"{room.lagging:,}" if room.lagging else "-",
    )
