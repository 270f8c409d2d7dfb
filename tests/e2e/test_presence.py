"""Who is there, over the deployed stack, its queue and its timers."""

from __future__ import annotations

import socket as sockets
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from openhouse.collaboration.sightings import BEAT_SECONDS
from tests.e2e.conftest import Caller, RawSocket, until

Opener = Callable[[Caller], RawSocket]


def kill(socket: RawSocket) -> None:
    """Its process is ended: no goodbye is said."""
    socket.connection.socket.shutdown(sockets.SHUT_RDWR)


def told(watching: RawSocket, who: Caller) -> list[str]:
    return [event["type"] for event in watching.presences if event["data"]["presenceId"] == who.user_id]


def hears(watching: RawSocket, who: Caller, type_: str) -> bool:
    """Looks for a while, and says that somebody is at this device, as clients do."""
    assert watching.ask("presence", active=True)["ok"]
    with suppress(TimeoutError):
        watching.read(timeout=BEAT_SECONDS / 10)
    return told(watching, who)[-1:] == [type_]


def listed(caller: Caller) -> dict[str, Any]:
    return {item["id"]: item for item in caller("GET", "/presence").json()["items"]}


def test_a_killed_socket_and_a_silent_one_are_told_to_the_others(
    ava: Caller, ben: Caller, mia: Caller, zed: Caller, joined: Opener
) -> None:
    watching, rival = joined(ben), joined(zed)
    killed, silent = joined(ava), joined(mia)
    for who in (ava, mia):
        until(lambda who=who: hears(watching, who, "user:presence:online"))  # type: ignore[misc]
    assert (listed(ben)[ava.user_id]["status"], listed(ben)[mia.user_id]["status"]) == ("online", "online")
    assert silent.ask("presence", active=False)["ok"]
    until(lambda: hears(watching, mia, "user:presence:away"))
    kill(killed)
    until(lambda: hears(watching, ava, "user:presence:offline"))
    until(lambda: hears(watching, mia, "user:presence:offline"))  # it is open still, and has nothing to say
    assert {"lastSeen", "since"} <= listed(ben)[ava.user_id].keys()
    assert listed(ben)[ben.user_id]["status"] == "online"
    assert ava.user_id not in listed(zed)
    rival.until_silent(0.2)
    assert told(rival, ava) == []
