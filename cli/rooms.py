"""The rooms of a brokerage, for commands that go through all of them."""

from __future__ import annotations

from deployed.terminal import CommandFailed
from openhouse.core.room_names import brokerage_room, team_room, user_room
from openhouse.identity.directory import Directory


def rooms_of(directory: Directory, brokerage_id: str) -> list[str]:
    """Raises CommandFailed of a brokerage that there is not."""
    if not (users := directory.users(brokerage_id)):
        raise CommandFailed(f"There is no brokerage {brokerage_id}.")
    return [
        brokerage_room(brokerage_id),
        *(team_room(team.team_id) for team in directory.teams(brokerage_id)),
        *(user_room(user.user_id) for user in users),
    ]
