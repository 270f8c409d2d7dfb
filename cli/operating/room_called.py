"""The room that an operator means: by its own name, or by that of its team or its person, as all commands show it."""

from __future__ import annotations

from collections.abc import Iterator

from cli.operating.installation import brokerages
from deployed.terminal import CommandFailed
from openhouse.core.room_names import is_of_kind, team_room, user_room
from openhouse.services import Services


def check_room(room: str) -> str:
    """Raises CommandFailed of what cannot name one."""
    if not is_of_kind(room, ("broker", "team", "user")) or not room.partition(":")[2]:
        raise CommandFailed(
            f"{room} is no room: they are called broker:ID, team:ID or user:ID. `openhouse rooms` lists all."
        )
    return room


def room_called(services: Services, text: str) -> str:
    """Raises CommandFailed of one that there is not, and of several."""
    kind, _, called = check_room(text).partition(":")
    if kind != "broker" and services.directory.brokerage_of(text):
        return text
    known = brokerages(services)
    if kind == "broker" and called in known:
        return text
    found = [*_rooms_called(services, kind, called.casefold(), known)]
    if not found:
        raise CommandFailed(f"There is no room {text}. `openhouse rooms` lists all.")
    if len(found) > 1:
        several = ", ".join(f"{room} of {brokerage_id}" for brokerage_id, room in found)
        raise CommandFailed(f"{len(found)} rooms are called {text}: {several}.")
    return found[0][1]


def _rooms_called(services: Services, kind: str, called: str, known: list[str]) -> Iterator[tuple[str, str]]:
    for brokerage_id in known:
        if kind == "team":
            for team in services.directory.teams(brokerage_id):
                if team.name.casefold() == called:
                    yield brokerage_id, team_room(team.team_id)
        elif kind == "user":
            for user in services.directory.users(brokerage_id):
                if called in (user.name.casefold(), user.email.casefold()):
                    yield brokerage_id, user_room(user.user_id)
