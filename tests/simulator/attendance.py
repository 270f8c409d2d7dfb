"""Who is there: by our own account, and as their brokerages are told."""

from __future__ import annotations

from collections.abc import Sequence

from openhouse.core.room_names import brokerage_room
from openhouse.storage.keys import state_key
from tests.simulator.brokerages import BROKERAGE
from tests.simulator.checks import Checks
from tests.simulator.device import Device
from tests.simulator.failures import Failure
from tests.simulator.world import World


def told_is_true(world: World, checks: Checks, beating: Sequence[Device]) -> None:
    """Of everyone, when only these devices have been there for a while."""
    there = {device.user_id: device.active for device in beating if checks.is_served(device)}
    for user_id, brokerage in BROKERAGE.items():
        true = "offline" if user_id not in there else "online" if there[user_id] else "away"
        item = world.table.peek(state_key(brokerage_room(brokerage), "presence", user_id)) or {}
        told = item.get("state", {}).get("status", "offline")
        if told != true:
            raise Failure("somebody's presence is not told", f"{user_id} is {true}, and told as {told}")
