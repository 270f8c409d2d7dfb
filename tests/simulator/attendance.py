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
    """Of everyone, when only these devices have been there for a while.

    But not where nobody is left whom a lost timer would be missed by: whoever comes next puts that right.
    """
    there = {device.user_id: device.active for device in beating if checks.is_served(device)}
    lost = {timer.about.get("brokerageId") for timer in world.timer_queue.lost}
    seen = {BROKERAGE[user_id] for user_id in there}
    for user_id, brokerage in BROKERAGE.items():
        if brokerage in lost - seen:
            continue
        true = "offline" if user_id not in there else "online" if there[user_id] else "away"
        item = world.table.peek(state_key(brokerage_room(brokerage), "presence", user_id)) or {}
        told = item.get("state", {}).get("status", "offline")
        if told != true:
            raise Failure("somebody's presence is not told", f"{user_id} is {true}, and told as {told}")
