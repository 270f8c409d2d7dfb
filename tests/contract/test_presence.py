"""Who is there is listed, committed and answered as the documents say."""

from __future__ import annotations

import pytest

from openhouse.entities import ENTITIES
from tests.contract.checked_world import CheckedWorld
from tests.contract.documented import Documented
from tests.contract.test_socket import check_reply
from tests.fakes import AVA, BEN
from tests.functional.attendance import Devices
from tests.functional.conftest import World
from tests.functional.sockets import found


@pytest.fixture(scope="module")
def documented() -> Documented:
    return Documented(ENTITIES)


def test_everything_that_is_told_of_presence_is_as_its_documents_say(documented: Documented) -> None:
    world = World.in_memory()
    found(world)
    checked, devices = CheckedWorld(world, documented), Devices(world)
    devices.come("a", AVA)
    devices.come("b", BEN)
    devices.pass_(30)
    assert check_reply(documented, devices.beat("a", active=False), "presence") == "BeatReply"
    devices.pass_(5)
    devices.close("b")
    devices.pass_(20)
    world.presence.remove("harbor", "ben")
    assert [item["status"] for item in checked.call("GET", "/presence")["items"]] == ["away"]
    types = [event["type"].rpartition(":")[2] for event in checked.events()]
    assert types == ["online", "online", "away", "offline", "offline"]
    assert checked.seen == {"listPresence": {200}}
