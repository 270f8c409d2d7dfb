"""What is told of a commit: from a table in memory, and lines that the product itself logs."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from io import StringIO

from cli.broadcast import announcements_of
from cli.explain.logs import Line
from openhouse.crm.modules.escrows import ESCROWS
from openhouse.delivery.fast_lane import Hastened
from openhouse.rooms.gateway import Outcome
from tests.fakes import AVA, BEN, DANA
from tests.functional.cli.hearing import Heard, delivered, told, written
from tests.functional.conftest import World
from tests.functional.sockets import create, found, join, put


def test_a_commit_is_told_from_its_request_to_each_socket(heard: Heard) -> None:
    world = heard.world
    for connection_id, who in (("a1", AVA), ("b1", BEN), ("b2", BEN)):
        join(world, connection_id, who)
    world.gateway.outcomes |= {"b1": Outcome.FAILED, "b2": Outcome.GONE}
    written(heard)
    delivered(heard)
    world.clock.advance(60)
    join(world, "a2", AVA)
    document, lines = told(heard, "team:north#1")
    assert document["commit"]["by"] == "ava"
    written_by = document["written"]
    assert (written_by["function"], written_by["operation"]) == ("crm", "createEscrow")
    assert (written_by["commits"], written_by["conflicts"]) == ({"team:north": 1}, 0)
    assert document["streamDelayMs"] == 200
    assert not document["postedToAllByFastLane"]
    (posting,) = document["postings"]
    assert (posting["function"], posting["afterMs"], posting["missed"]) == (
        "fanout",
        200,
        {"b1": "failed", "b2": "gone"},
    )
    assert (posting["delivered"], posting["failed"], posting["gone"]) == (1, 1, 1)
    fates = {client["connectionId"]: (client["fate"], client["lagging"]) for client in document["clients"]}
    assert fates == {
        "a1": ("delivered", False),
        "b1": ("failed", True),
        "b2": ("gone", False),
        "a2": ("joined later", False),
    }
    assert "written by  Ava, " in lines
    assert "through     createEscrow of crm" in lines
    assert " 200 ms after, by fanout: 1 delivered, 1 gone, 1 failed" in lines
    assert "Ben b1: failed, here 1 min, lags now" in lines


def test_a_commit_that_the_fast_lane_posted_tells_both_ways(heard: Heard) -> None:
    fast = World.in_memory(has_fast_lane=True)
    found(fast)
    heard.world = fast
    join(fast, "b1", BEN)
    written(heard)
    commit = json.loads(fast.log.commits("team:north", 1, 1)[0])
    fast.clock.advance(0.05)
    fast.fast_lane.deliver([Hastened.of(commit)])
    heard.hear("fast_lane")
    delivered(heard)
    document, lines = told(heard, "team:north#1")
    assert (document["streamDelayMs"], document["streamFoundItPosted"]) == (250, True)
    assert document["postedToAllByFastLane"]
    assert [posting["function"] for posting in document["postings"]] == ["fast_lane"]
    assert "had it 250 ms after it was written, and found it posted" in lines


def test_only_postings_of_this_very_commit_are_told(heard: Heard) -> None:
    create(heard.world, 3)
    heard.hear("crm")
    (epoch,) = {commit["epoch"] for commit in map(json.loads, heard.world.log.commits("team:north", 1, 3))}
    for first, last, of_epoch in ((1, 1, epoch), (2, 3, epoch), (3, 3, epoch), (1, 3, "another")):
        place = {"epoch": of_epoch, "first_seq": first, "last_seq": last, "commits": last - first + 1}
        said = {"message": "delivered", "room": "team:north", "delivered": first, **place}
        heard.lines.append(Line(heard.world.clock() + timedelta(milliseconds=80), "fanout", said))
    postings = [told(heard, f"team:north#{seq}")[0]["postings"] for seq in (1, 2, 3)]
    assert [[each["delivered"] for each in of_one] for of_one in postings] == [[1], [2], [2, 3]]


def test_what_logs_do_not_tell_is_said_and_not_guessed(heard: Heard, said: StringIO) -> None:
    join(heard.world, "b1", BEN)
    create(heard.world)
    silent = Heard(heard.world, said, ["The log of fanout is kept for 30 days, so what it said then is gone."])
    heard.world.clock.advance(60)
    document, lines = told(silent, "team:north#1")
    assert (document["written"], document["streamDelayMs"], document["postedToAllByFastLane"]) == (None, None, False)
    assert [client["fate"] for client in document["clients"]] == ["unknown"]
    assert document["unknown"][0].startswith("The log of fanout is kept for 30 days")
    assert "No line of a log tells when the stream had it." in document["unknown"]
    assert "not known" in lines
    assert "through" not in lines


def test_what_is_only_noted_for_a_while_is_not_known_later(heard: Heard) -> None:
    create(heard.world)
    assert "It was written just now" in told(heard, "team:north#1")[0]["unknown"][0]
    heard.world.clock.advance(2 * 3600)
    document, _ = told(heard, "team:north#1")
    assert document["postedToAllByFastLane"] is None
    assert "Whether the fast lane had posted it to everyone is noted for an hour only." in document["unknown"]


def test_a_transaction_of_several_rooms_names_them_and_the_races_it_lost(heard: Heard) -> None:
    record = create(heard.world)[0]
    heard.hear("crm")
    heard.world.records.patch(ESCROWS, replace(BEN, role="lead"), record["id"], {"visibility": "broker"})
    heard.hear("crm")
    document, lines = told(heard, "broker:harbor#1")
    assert document["written"]["commits"] == {"team:north": 2, "broker:harbor": 1}
    assert "transaction with team:north #2, at the first attempt" in lines


def test_what_an_operator_has_written_is_missed_in_no_log(heard: Heard) -> None:
    world = heard.world
    world.log.heads(["broker:harbor"])
    announcements_of(world).broadcast("5c0e9d0c4f6b4f0d9f3e0f6f2d1a7b3c", "Welcome!", "info", lambda _done: None)
    document, lines = told(heard, "broker:harbor#1")
    assert "A command of an operator has written it; those leave no line in a log." in document["unknown"]
    assert not [each for each in document["unknown"] if each.startswith("No line of a log tells which function")]
    assert document["absent"] == ["ava", "ben", "mia", "root"]
    assert "not there   Ava, Ben, Mia, Root" in lines


def test_whoever_may_read_the_room_and_is_not_there_is_named(heard: Heard) -> None:
    put(heard.world, DANA, team_ids=())  # a broker, who is in every team
    join(heard.world, "a1", AVA)
    create(heard.world)
    create(heard.world, visibility="private")
    assert [told(heard, what)[0]["absent"] for what in ("team:north#1", "user:ava#1")] == [["ben", "dana"], []]


def test_a_crowd_is_told_by_its_first_and_whoever_missed_it_is_among_them(heard: Heard) -> None:
    for number in range(20):
        join(heard.world, f"a{number:02}", AVA)
    heard.world.gateway.outcomes["a19"] = Outcome.FAILED
    written(heard)
    delivered(heard)
    document, lines = told(heard, "team:north#1")
    assert len(document["clients"]) == 20
    assert "clients     Ava a19: failed" in lines
    assert "and 8 other clients: --json has all" in lines


def test_trouble_of_its_room_is_told_and_that_of_others_is_not(heard: Heard) -> None:
    join(heard.world, "b1", BEN)
    written(heard)
    at = heard.world.clock() + timedelta(milliseconds=50)
    heard.lines += [
        Line(at, "fanout", {"message": "room not served", "room": "team:north"}),
        Line(at, "fanout", {"message": "room not served", "room": "team:south"}),
        Line(at, "fanout", {"message": "API Gateway cannot be reached"}),
        Line(at + timedelta(minutes=5), "fanout", {"message": "API Gateway cannot be reached"}),
    ]
    delivered(heard)
    document, _ = told(heard, "team:north#1")
    assert [trouble["message"] for trouble in document["trouble"]] == [
        "room not served",
        "API Gateway cannot be reached",
    ]
