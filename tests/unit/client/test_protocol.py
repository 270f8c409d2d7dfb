import json
from datetime import UTC, datetime

import pytest

from openhouse_client.errors import ProtocolError
from openhouse_client.protocol import (
    PART_BYTES,
    Ephemeral,
    Position,
    Reply,
    RoomReply,
    parts,
    read_frame,
    read_positions,
    read_sync,
    read_time,
)

COMMIT = {"room": "r", "epoch": "k", "seq": 1, "id": "i", "at": "2026-03-01T09:00:00Z", "by": "u", "events": []}


def test_replies_and_hints_are_told_apart():
    match read_frame('{"reply": "7", "ok": true, "rooms": {}}'):
        case Reply(id="7", content=content, error=None):
            assert content["rooms"] == {}
        case other:
            pytest.fail(f"{other}")
    match read_frame('{"reply": null, "ok": false, "error": {"code": "busy", "message": "m", "retryable": true}}'):
        case Reply(id=None, error=error) if error:
            assert (error.code, str(error), error.retryable) == ("busy", "m", True)
        case other:
            pytest.fail(f"{other}")
    frame = read_frame('{"ephemeral": [{"type": "user:typing", "data": {}}]}')
    assert isinstance(frame, Ephemeral)


def test_a_frame_of_a_kind_yet_unknown_is_nothing():
    assert read_frame('{"weather": "fine"}') is None


def test_the_reply_to_a_sync_tells_of_each_room():
    reply = read_sync({"rooms": {"team:north": {"epoch": "k", "seq": 4, "reset": True}}, "more": False})
    assert reply.rooms == {"team:north": RoomReply(Position("k", 4), reset=True)}
    assert reply.more is False


@pytest.mark.parametrize(
    "text",
    [
        "",
        "no JSON",
        "[]",
        "3",
        '{"commits": 3}',
        '{"commits": [{}]}',
        *(
            json.dumps({"commits": [{**COMMIT, **wrong}]})
            for wrong in ({"seq": "1"}, {"at": "2026-03-01T09:00:00"}, {"events": [{"type": "t", "data": []}]})
        ),
        '{"reply": "1", "ok": false}',
    ],
)
def test_a_frame_that_is_not_as_agreed_is_refused_as_a_whole(text):
    with pytest.raises(ProtocolError):
        read_frame(text)


@pytest.mark.parametrize("content", [None, {"team:north": None}, {"team:north": {"epoch": 1, "seq": 1}}, []])
def test_positions_that_are_not_as_agreed_are_refused(content):
    with pytest.raises(ProtocolError):
        read_positions(content)


def test_times_need_an_offset():
    assert read_time("2026-03-01T09:00:00.5Z") == datetime(2026, 3, 1, 9, 0, 0, 500_000, tzinfo=UTC)
    for text in ("2026-03-01T09:00:00", "soon", None):
        with pytest.raises(ProtocolError):
            read_time(text)


def test_a_position_goes_out_as_it_came_in():
    wire = {"team:north": {"epoch": "k", "seq": 4}}
    assert {room: position.wire() for room, position in read_positions(json.loads(json.dumps(wire))).items()} == wire


def test_positions_that_fit_into_a_frame_are_one_part_and_others_as_few_as_hold_them():
    few = {f"team:{number}": Position("k", number) for number in range(300)}
    assert parts(few) == [few]
    assert parts({}) == [{}]
    many = {f"team:{'ü' * 30}{number}": Position("k", number) for number in range(1_000)}  # bytes count, not characters
    cut = parts(many)
    assert {room: position for part in cut for room, position in part.items()} == many
    sizes = [len(json.dumps(wire_of(part), ensure_ascii=False, separators=(",", ":")).encode()) for part in cut]
    assert max(sizes) <= PART_BYTES
    assert all(size > PART_BYTES - 500 for size in sizes[:-1])


def wire_of(positions):
    return {room: position.wire() for room, position in positions.items()}
