"""People at their devices: they come, beat, fall silent and go, while time passes."""

from __future__ import annotations

from typing import Any

from openhouse.api.sockets import SocketApi
from openhouse.collaboration.sightings import BEAT_SECONDS
from openhouse.core.principal import Principal
from tests.fakes import AVA
from tests.functional.conftest import World
from tests.functional.logs import commits
from tests.functional.sockets import join, say
from tests.functional.test_http import call

ROOM = "broker:harbor"


class Devices:
    """Each beats until it falls silent."""

    def __init__(self, world: World) -> None:
        self.world = world
        self._next: dict[str, float] = {}  # by connection, when it beats
        self._active: dict[str, bool] = {}

    def come(self, connection_id: str, who: Principal) -> None:
        assert join(self.world, connection_id, who)["ok"]
        self._active[connection_id] = True
        self._next[connection_id] = self._now + BEAT_SECONDS

    def beat(self, connection_id: str, *, active: bool = True) -> dict[str, Any]:
        self._active[connection_id] = active
        self._next[connection_id] = self._now + BEAT_SECONDS
        return say(self.world, connection_id, action="presence", active=active)

    def fall_silent(self, connection_id: str) -> None:
        """Its power is cut: nobody is told of an end."""
        del self._next[connection_id]

    def close(self, connection_id: str) -> None:
        """However it ended, API Gateway has noticed."""
        self._next.pop(connection_id, None)
        self.world.gateway.open.discard(connection_id)
        request = {"eventType": "DISCONNECT", "connectionId": connection_id}
        SocketApi(self.world, self.world.messages).handle({"requestContext": request})

    def pass_(self, seconds: float) -> None:
        until = self._now + seconds
        while True:
            beats = [at for at in self._next.values() if at <= until]
            moment = min(beats, default=until)
            self.world.wait(max(0.0, moment - self._now))
            if not beats:
                return
            for connection_id in [id_ for id_, at in self._next.items() if at <= moment]:
                self.beat(connection_id, active=self._active[connection_id])

    @property
    def _now(self) -> float:
        return self.world.clock().timestamp()


def told(world: World) -> list[tuple[str, str]]:
    """What the brokerage's room was told: what somebody is, and who."""
    return [
        (event["type"].removeprefix("user:presence:"), event["data"]["presenceId"])
        for commit in commits(world, ROOM)
        for event in commit["events"]
        if event["type"].startswith("user:presence:")
    ]


def listed(world: World, who: Principal = AVA) -> dict[str, Any]:
    """By person, as the list has it."""
    status, page, _ = call(world, "GET", "/presence", who=who)
    assert status == 200
    assert list(page["positions"]) == [ROOM]
    return {item["id"]: item for item in page["items"]}


def statuses(world: World) -> dict[str, str]:
    return {user_id: item["status"] for user_id, item in listed(world).items()}
