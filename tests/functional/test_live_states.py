"""Live states from the write to the socket: ordered ones as commits, unordered ones as hints."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from openhouse import wiring
from openhouse.api.operations.entities import operations_of
from openhouse.api.rest import RestApi
from openhouse.core.errors import Busy
from openhouse.delivery import announcer
from openhouse.delivery.stream import TableStream
from openhouse.rooms.gateway import Outcome
from openhouse.rooms.live_states import LiveEntity, State
from openhouse.storage.keys import head_key, state_key
from openhouse.storage.table import from_stream
from openhouse.storage.writes import ABSENT, Put
from tests.fakes import AVA, BEN, MIA
from tests.functional.conftest import World
from tests.functional.live_entities import PULSES, VIEWINGS, Viewing, always
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


def hints(world: World, connection_id: str) -> list[Any]:
    return [event for frame in world.gateway.frames(connection_id) for event in frame.get("ephemeral", [])]


def test_an_ordered_state_is_told_in_the_commits_of_its_room_as_records_are(world: World) -> None:
    join(world, "a", AVA)
    join(world, "m", MIA)
    become(world, VIEWINGS, "v1", {"listing_id": "l1"})
    become(world, VIEWINGS, "v1", {"listing_id": "l1", "step": "inside"})
    become(world, VIEWINGS, "v1", None)
    assert stream_of(world).process(records(world, "L#", "E#", "U#")) == []

    told = [event for commit in world.gateway.commits("a") for event in commit["events"]]
    whole = {"id": "v1", "version": 1, "room": NORTH, "updatedAt": "2026-03-02T12:00:00.000Z", "updatedBy": "ava"}
    assert [event["type"] for event in told] == ["viewing:created", "viewing:updated", "viewing:deleted"]
    assert told[0]["data"]["viewing"] == {**whole, "listingId": "l1", "step": "waiting"}
    assert told[1]["data"]["changes"] == {"version": 2, "step": "inside"}
    assert told[2]["data"] == {"viewingId": "v1", "version": 3, "updatedBy": "ava", "room": NORTH}
    assert world.gateway.commits("m") == []
    assert hints(world, "a") == []


def test_an_unordered_state_leaves_the_log_alone_and_is_told_once_by_its_newest_version(world: World) -> None:
    join(world, "a", AVA)
    join(world, "b", BEN)
    join(world, "m", MIA)
    head = world.table.get(head_key(NORTH))
    for street in ("First St", "Second St"):
        become(world, PULSES, "ava", {"street": street})
    become(world, PULSES, "ben", {"street": "Harbor Way"})
    become(world, PULSES, "ben", None)
    assert world.table.get(head_key(NORTH)) == head
    assert stream_of(world).process(records(world, "U#")) == []

    for connection_id in ("a", "b"):
        assert [(event["type"], event["data"]["version"]) for event in hints(world, connection_id)] == [
            ("pulse:updated", 2),
            ("pulse:deleted", 2),
        ]
    assert hints(world, "a")[0]["data"]["pulse"]["street"] == "Second St"
    assert hints(world, "m") == []


def test_many_changes_of_one_state_in_a_batch_are_told_as_one(world: World) -> None:
    join(world, "a", AVA)
    batch: list[Any] = []
    for street in ("First St", "Second St", "Third St"):
        become(world, PULSES, "ava", {"street": street})
        batch += records(world, "U#")
    stream_of(world).process(batch)
    assert [event["data"]["pulse"]["street"] for event in hints(world, "a")] == ["Third St"]


def test_a_list_has_what_there_is_and_the_positions_to_go_on_from(world: World) -> None:
    become(world, VIEWINGS, "v1", {"listing_id": "l1"})
    become(world, VIEWINGS, "v2", {"listing_id": "l2"})
    become(world, VIEWINGS, "v1", None)
    become(world, PULSES, "ava", {"street": "First St"})
    world.crm = RestApi([*operations_of(VIEWINGS), *operations_of(PULSES)], world)

    _, viewings, _ = call(world, "GET", "/viewings")
    _, pulses, _ = call(world, "GET", "/pulses")
    assert [item["id"] for item in viewings["items"]] == ["v2"]
    assert viewings["positions"][NORTH]["seq"] == 3
    assert [(item["id"], item["street"]) for item in pulses["items"]] == [("ava", "First St")]
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


def test_a_hint_that_cannot_be_told_holds_up_nothing_and_comes_no_second_time(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    join(world, "a", AVA)
    join(world, "b", BEN)
    world.gateway.outcomes["a"] = Outcome.FAILED
    world.gateway.outcomes["b"] = Outcome.GONE
    become(world, PULSES, "ava", {"street": "First St"})
    world.table.write(Put({**state_key(NORTH, "pulse", "odd", ordered=False), "version": 1}, ABSENT))
    become(world, VIEWINGS, "v1", {"listing_id": "l1"})
    batch = records(world, "U#", "L#")
    assert stream_of(world).process(batch) == []
    assert {item["sk"]["S"] for item in world.items("M#team")} == {"a"}  # b is gone for good

    world.gateway.outcomes.clear()
    monkeypatch.setattr(announcer, "MOST_MEMBERS", 0)
    assert stream_of(world).process(records(world, "U#")) == []
    assert hints(world, "a") == []


def test_hints_give_way_when_the_limit_of_posts_is_reached(world: World) -> None:
    join(world, "a", AVA)
    become(world, PULSES, "ava", {"street": "First St"})

    def exhausted(*_: Any, **__: Any) -> None:
        raise Busy("later")

    world.rate_limiter.acquire = exhausted
    assert stream_of(world).process(records(world, "U#")) == []
    assert hints(world, "a") == []


def test_a_consumer_that_fails_gets_its_own_records_again_and_the_others_are_served(world: World) -> None:
    join(world, "a", AVA)
    become(world, PULSES, "ava", {"street": "First St"})
    become(world, VIEWINGS, "v1", {"listing_id": "l1"})
    entries, states = (consumer.prefix for consumer in wiring.STREAM_CONSUMERS)

    def broken(_records: Any) -> list[str]:
        raise RuntimeError("this consumer is broken")

    batch = records(world, "U#", "L#")
    failed = TableStream([(entries, broken), (states, world.announcer.process)]).process(batch)
    assert failed == [record["dynamodb"]["SequenceNumber"] for record in batch if entries.covers(record)]
    assert len(hints(world, "a")) == 1
