"""What administrators do to people."""

from __future__ import annotations

from dataclasses import replace

from openhouse.core.principal import Principal, Role
from openhouse.identity.directory import User
from tests.simulator.brokerages import PEOPLE
from tests.simulator.view import rooms_of
from tests.simulator.world import World

ADMIN = Principal(user_id="admin-harbor", brokerage_id="harbor", role="admin", team_ids=(), expires_at=0)
ROLES: tuple[Role, ...] = ("agent", "lead", "broker", "admin")


class Administrators:
    def __init__(self, world: World) -> None:
        self._world = world
        self._choices = world.choices
        self.unfinished: dict[str, User] = {}  # by id, what was begun and must be repeated

    def change_teams(self) -> None:
        """Of one of a brokerage's people: gains or loses a team, and sometimes another role."""
        user = self._choices.pick(PEOPLE["harbor"])
        if self._choices.chance(10):
            self._remove(user)
            return
        options = [("north",), ("south",), ("north", "south"), ()]
        role = self._choices.pick(ROLES) if self._choices.chance(30) else user.role
        self._put(replace(user, team_ids=self._choices.pick(options), role=role))

    def repeat_unfinished(self) -> None:
        for user in list(self.unfinished.values()):
            self._put(user)
        for user in PEOPLE["harbor"]:
            if not rooms_of(self._world, user.user_id):
                self._put(user)

    def _remove(self, user: User) -> None:
        """For now: in the end they are added again."""
        world = self._world
        world.say(f"an administrator removes {user.user_id}")
        with world.nobodys_call():
            world.functions.invoke("directory", lambda: world.administration.remove_user(ADMIN, user.user_id))

    def _put(self, user: User) -> None:
        world = self._world
        world.say(f"an administrator puts {user.user_id} into {', '.join(user.team_ids) or 'no team'} as {user.role}")
        answer = world.functions.invoke("directory", lambda: world.administration.put_user(ADMIN, user))
        if answer.ok:
            self.unfinished.pop(user.user_id, None)
        else:
            self.unfinished[user.user_id] = user
        for device in world.devices:
            device.ever |= set(rooms_of(world, device.user_id))
