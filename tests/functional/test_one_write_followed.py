"""The README's tour as a test: one PATCH from the REST event to the frame a client receives.

The frame is kept in tests/contract/frames; the client's tests begin there.
"""

from __future__ import annotations

import copy
import json
from pathlib import Path

from openhouse.delivery.fanout import entries
from tests.fakes import AVA, BEN
from tests.functional.conftest import World
from tests.functional.test_http import call

TESTS = Path(__file__).parent.parent
STREAM_RECORD = json.loads((TESTS / "events" / "stream_insert.json").read_text())
KEPT_FRAME = TESTS / "contract" / "frames" / "escrow_updated.json"


def test_one_write_followed_from_the_request_to_the_frame(world: World) -> None:
    world.gateway.open.add("ben-1")
    world.connections.connect("ben-1", BEN)
    world.connections.join(world.connections.find("ben-1"), BEN)
    made = call(world, "POST", "/escrows", {"propertyAddress": "12 Harbor Way", "purchasePriceCents": 42_500_000})[1]

    # 1-3: the request becomes a commit
    world.clock.advance(5)
    status, after, _ = call(world, "PATCH", f"/escrows/{made['id']}", {"purchasePriceCents": 43_000_000}, who=AVA)
    assert (status, after["version"]) == (200, 2)

    # 4: the stream hands the log entry to the fan-out
    (image,) = [item for item in world.items("L#") if item["sk"]["S"] == "C#000000000002"]
    record = copy.deepcopy(STREAM_RECORD)
    record["dynamodb"] |= {"Keys": {"pk": image["pk"], "sk": image["sk"]}, "NewImage": image}
    assert world.deliver(entries([record])) == []

    # 5: the frame is what the client's tests consume
    (frame,) = world.gateway.posted["ben-1"]
    assert frame.decode() + "\n" == KEPT_FRAME.read_text()
