"""Live states from the write to the socket."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from openhouse import wiring
from openhouse.api.operations.entities import operations_of
from openhouse.api.rest import RestApi
from openhouse.delivery.stream import TableStream
from openhouse.rooms.live_states import LiveEntity, State
from openhouse.storage.item_kinds import KeyPrefix
from openhouse.storage.table import from_stream
from tests.fakes import AVA, MIA
from tests.functional.conftest import World
from tests.functional.live_entities import VIEWINGS, Viewing, always
from tests.functional.logs import events
from tests.functional.sockets import found, join, stream_records
from tests.functional.test_http import call

NORTH = "team:north"


@pytest.fixture(autouse=True)
def brokerage(world: World) -> None:
    found(world)


def become(world: World, entity: LiveEntity, id_: str, fields: dict[str, Any] | None) -> State | None:
    return world.live_states.change(entity, NORTH, id_, always(fields), by="ava")


def records(world: World, *prefixes: str) -> list[dict[str, Any]]:
    """What the table's stream holds of items as they are now."""
    return stream_records(image for prefix in prefixes for image in world.items(prefix) if image["sk"]["S"] != "HEAD")


def stream_of(world: World) -> TableStream:
    return TableStream((consumer.prefix, consumer.handler(world)) for consumer in wiring.STREAM_CONSUMERS)


def test_a_state_is_told_in_the_commits_of_its_room_as_records_are(world: World) -> None:
    join(world, "a", AVA)
    join(world, "m", MIA)
    become(world, VIEWINGS, "v1", {"listing_id": "l1"})
    become(world, VIEWINGS, "v1", {"listing_id": "l1", "step": "inside"})
    become(world, VIEWINGS, "v1", None)
    assert stream_of(world).process(records(world, "L#", "E#")) == []

    told = [event for commit in world.gateway.commits("a") for event in commit["events"]]
    whole = {"id": "v1", "version": 1, "room": NORTH, "updatedAt": "2026-03-02T12:00:00.000Z", "updatedBy": "ava"}
    assert [event["type"] for event in told] == ["viewing:created", "viewing:updated", "viewing:deleted"]
    assert told[0]["data"]["viewing"] == {**whole, "listingId": "l1", "step": "waiting"}
    assert told[1]["data"]["changes"] == {"version": 2, "step": "inside"}
    assert told[2]["data"] == {"viewingId": "v1", "version": 3, "updatedBy": "ava", "room": NORTH}
    assert world.gateway.commits("m") == []


def test_a_list_has_what_there_is_and_the_positions_to_go_on_from(world: World) -> None:
    become(world, VIEWINGS, "v1", {"listing_id": "l1"})
    become(world, VIEWINGS, "v2", {"listing_id": "l2"})
    become(world, VIEWINGS, "v1", None)
    world.crm = RestApi(operations_of(VIEWINGS), world)

    _, viewings, _ = call(world, "GET", "/viewings")
    assert [item["id"] for item in viewings["items"]] == ["v2"]
    assert viewings["positions"][NORTH]["seq"] == 3
    assert call(world, "GET", "/viewings", who=MIA)[1]["items"] == []


def test_whoever_loses_a_race_decides_again_on_what_the_other_wrote(world: World) -> None:
    become(world, VIEWINGS, "v1", {"listing_id": "l1"})
    seen: list[str] = []

    def decide(state: State | None, _now: datetime) -> dict[str, Any]:
        assert isinstance(state, Viewing)
        if not seen:
            become(world, VIEWINGS, "v1", {"listing_id": "l1", "step": "inside"})
        seen.append(state.step)
        return {"listing_id": "l1", "step": "leaving"}

    after = world.live_states.change(VIEWINGS, NORTH, "v1", decide, by="ben")
    assert seen == ["waiting", "inside"]
    assert after is not None
    assert (after.version, after.updated_by) == (3, "ben")


def test_a_state_that_does_not_change_is_not_written(world: World) -> None:
    become(world, VIEWINGS, "v1", {"listing_id": "l1"})
    again = become(world, VIEWINGS, "v1", {"listing_id": "l1"})
    assert again is not None
    assert again.version == 1
    become(world, VIEWINGS, "nothing", None)
    assert len(events(world, NORTH)) == 1


def test_versions_go_on_counting_over_an_end_and_the_end_is_swept_up(world: World) -> None:
    for fields in ({"listing_id": "l1"}, None, {"listing_id": "l2"}):
        become(world, VIEWINGS, "v1", fields)
        (item,) = map(from_stream, world.items("E#"))
        assert ("ttl" in item) == (fields is None)
    assert item["version"] == 3
    assert [event["data"]["version"] for event in events(world, NORTH)] == [1, 2, 3]


def test_a_consumer_that_fails_gets_its_own_records_again_and_the_others_are_served(world: World) -> None:
    become(world, VIEWINGS, "v1", {"listing_id": "l1"})
    consumer, *_ = wiring.STREAM_CONSUMERS
    states, seen = KeyPrefix("E#"), list[Any]()

    def broken(_records: Any) -> list[str]:
        raise RuntimeError("this consumer is broken")

    def sound(records: Any) -> list[str]:
        seen.extend(records)
        return []

    batch = records(world, "E#", "L#")
    failed = TableStream([(consumer.prefix, broken), (states, sound)]).process(batch)
    assert failed == [record["dynamodb"]["SequenceNumber"] for record in batch if consumer.prefix.covers(record)]
    assert seen == [record for record in batch if states.covers(record)] != []
