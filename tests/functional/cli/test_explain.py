"""What is told of a commit, a record and a person: from a table in memory, and lines that the product itself logs."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from io import StringIO
from typing import Any

import pytest

from cli.explain.commit import explain_commit
from cli.explain.finding import CommitFound, PersonFound, RecordFound, commits_near, find
from cli.explain.logs import Found, Line, Logs
from cli.explain.person import UNTOLD, explain_person
from cli.explain.record import explain_record
from cli.explain.report import commit_lines, person_lines, record_lines
from cli.operating.people_names import names_of
from deployed.cloud import Cloud
from deployed.terminal import CommandFailed
from openhouse.core.observability import logger
from openhouse.crm.modules.escrows import ESCROWS
from openhouse.delivery.fast_lane import Hastened
from openhouse.identity.directory import Team, User
from openhouse.rooms.gateway import Outcome
from openhouse.services import Services
from openhouse.storage.keys import entry_key
from tests.fakes import AVA, BEN
from tests.functional.conftest import World
from tests.functional.sockets import create, found, join, open_socket, say, stream
from tests.functional.test_http import call
from tests.memory_table import MemoryTable


class Heard(Logs):
    """The log groups of a deployment. `hear(function)`: what was said since the last time, by it and now."""

    def __init__(self, world: World, said: StringIO, unknown: Sequence[str] = ()) -> None:
        self.world, self._said, self._unknown = world, said, unknown
        self.lines: list[Line] = []

    def hear(self, function: str) -> None:
        texts = self._said.getvalue().splitlines()
        self.lines += [Line(self.world.clock(), function, json.loads(text)) for text in texts]
        self._said.seek(0)
        self._said.truncate()

    def saying(
        self, messages: Sequence[str], functions: Sequence[str], begin: datetime, end: datetime, **naming: str
    ) -> Found:
        found = [
            line
            for line in self.lines
            if line.message in messages and line.function in functions and begin <= line.at <= end
            if all(line.fields.get(name) == value for name, value in naming.items())
        ]
        return Found(found, self._unknown)


class Cognito:
    class exceptions:  # noqa: N801 - boto3's
        UserNotFoundException = KeyError

    def admin_get_user(self, **_whose: str) -> dict[str, Any]:
        return {"UserStatus": "CONFIRMED", "Enabled": False}


class Session:
    def client(self, *_name: str, **_options: Any) -> Cognito:
        return Cognito()


CLOUD = Cloud(Session())  # type: ignore[arg-type]


@pytest.fixture
def world() -> World:
    world = World.in_memory()
    found(world)
    return world


@pytest.fixture
def said() -> Iterator[StringIO]:
    """What functions log, as CloudWatch gets it."""
    handler: Any = logger.registered_handler
    before = handler.setStream(said := StringIO())
    yield said
    handler.setStream(before)


@pytest.fixture
def heard(world: World, said: StringIO) -> Heard:
    return Heard(world, said)


def written(heard: Heard) -> None:
    """An escrow of Ava's, over REST."""
    heard.hear("socket")
    assert call(heard.world, "POST", "/escrows", {"propertyAddress": "1 Main St"}, who=AVA)[0] == 201
    heard.hear("crm")


def delivered(heard: Heard, after: float = 0.2) -> None:
    heard.world.clock.advance(after)
    heard.world.deliver(stream(heard.world))
    heard.hear("fanout")


def told(heard: Heard, what: str) -> tuple[dict[str, Any], str]:
    """The document, and the lines, which fit into a terminal of the usual width."""
    world, now = heard.world, heard.world.clock()
    thing = find(world, what)
    names = names_of(world, ["harbor"])
    story: Any
    if isinstance(thing, CommitFound):
        story = explain_commit(world, heard, thing, now)
        lines = commit_lines(story, names, now)
    elif isinstance(thing, RecordFound):
        story = explain_record(world, heard, thing, now)
        lines = record_lines(story, names, now)
    else:
        story = explain_person(world, heard, CLOUD, "pool", thing, now)
        lines = person_lines(story, names, now)
    texts = [*map(str, lines)]
    assert max(map(len, texts)) <= 80
    return story.wire(), "\n".join(texts)


# A commit -------------------------------------------------------------------------------------------------------------


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
    assert "Ben b1: failed, here for 1 min, lags now" in lines


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


def test_what_logs_do_not_tell_is_said_and_not_guessed(world: World, said: StringIO) -> None:
    join(world, "b1", BEN)
    create(world)
    silent = Heard(world, said, ["The log of fanout is kept for 30 days, so what it said then is gone."])
    world.clock.advance(60)
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


# What is meant --------------------------------------------------------------------------------------------------------


def test_a_commit_is_found_by_its_id_among_many() -> None:
    services = Services(MemoryTable())  # with the ids and the clock that it has in earnest
    services.directory.found("harbor", "Harbor", User(user_id="root", email="r@x", name="Root", role="admin"))
    services.directory.put_team("harbor", Team(team_id="north", name="North"))
    services.log.heads(["broker:harbor"])
    for number in range(30):
        services.records.create(ESCROWS, AVA, {"propertyAddress": f"{number} Main St"})
    for text in services.log.commits("team:north", 1, 30)[::9]:
        commit = json.loads(text)
        meant = find(services, commit["id"])
        assert isinstance(meant, CommitFound)
        assert meant.commit == commit


def test_a_commit_is_found_by_its_time_in_few_reads(world: World) -> None:
    for _ in range(200):
        create(world)
        world.clock.advance(60)
    wanted = json.loads(world.log.commits("team:north", 70, 70)[0])
    steps: list[str] = []
    table: Any = world.table
    table.before = steps.append
    assert [*commits_near(world, "team:north", datetime.fromisoformat(wanted["at"]))] == [wanted]
    assert len(steps) <= 10  # 1 for the end, 8 for the middle of 200, 1 for those near it


@pytest.mark.parametrize("kind", ["a noun and an id", "an id"])
def test_a_record_is_found_wherever_it_is(heard: Heard, kind: str) -> None:
    heard.world.log.heads(["broker:harbor"])
    (record,) = create(heard.world)
    meant = find(heard.world, record["id"] if kind == "an id" else f"escrow:{record['id']}")
    assert isinstance(meant, RecordFound)
    assert (meant.brokerage_id, meant.noun, meant.room, meant.deleted) == ("harbor", "escrow", "team:north", False)


@pytest.mark.parametrize("text", ["ava", AVA.email])
def test_a_person_is_found_by_id_and_address(world: World, text: str) -> None:
    world.log.heads(["broker:harbor"])
    meant = find(world, text)
    assert isinstance(meant, PersonFound)
    assert meant.user_id == "ava"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("team:north#9", "ends at #2"),
        ("team:north#1", "keeps commits for 7 days"),
        ("team:west#1", "no log of a room team:west"),
        ("villa:1", "no records called villa: escrow"),
        ("escrow:none", "Nothing is known of escrow:none"),
        ("zoe@x", "Nobody here"),
        ("nothing", "Name a commit"),
    ],
)
def test_what_is_not_there_is_said_in_a_sentence(world: World, text: str, said: str) -> None:
    world.log.heads(["broker:harbor"])
    create(world, 2)
    world.table.delete_all([entry_key("team:north", 1)])
    with pytest.raises(CommandFailed, match=said):
        find(world, text)


# A record and a person ------------------------------------------------------------------------------------------------


def test_a_record_is_told_by_its_last_steps_each_with_its_commit(heard: Heard) -> None:
    world = heard.world
    world.log.heads(["broker:harbor"])
    (record,) = create(world)
    for number in range(12):
        world.clock.advance(3600)
        create(world)  # of others
        world.records.patch(ESCROWS, AVA, record["id"], {"purchasePriceCents": number + 1})
    heard.hear("crm")
    document, lines = told(heard, f"escrow:{record['id']}")
    assert (document["version"], document["room"], document["ownerId"]) == (13, "team:north", "ava")
    assert [step["version"] for step in document["steps"]] == [*range(13, 3, -1)]
    assert document["steps"][0]["commit"]["seq"] == 25
    assert document["latest"]["commit"]["seq"] == 25
    assert "v13 " in lines
    assert "team:north #25 updated purchasePriceCents" in lines
    assert "The last commit about it:" in lines


def test_steps_that_follow_each_other_soon_each_have_their_own_commit(heard: Heard) -> None:
    world = heard.world
    world.log.heads(["broker:harbor"])
    (record,) = create(world)
    for number in range(3):
        world.clock.advance(1)
        world.records.patch(ESCROWS, AVA, record["id"], {"purchasePriceCents": number + 1})
    steps = told(heard, record["id"])[0]["steps"]
    assert [(step["version"], step["commit"]["seq"]) for step in steps] == [(4, 4), (3, 3), (2, 2), (1, 1)]


def test_a_record_that_is_long_untouched_or_deleted_is_told_without_its_commits(heard: Heard) -> None:
    world = heard.world
    world.log.heads(["broker:harbor"])
    (record,) = create(world)
    world.records.delete(ESCROWS, AVA, record["id"])
    world.clock.advance(timedelta(days=8).total_seconds())
    document, lines = told(heard, record["id"])
    assert document["deleted"]
    assert [(step["action"], step["commit"]) for step in document["steps"]] == [("deleted", None), ("created", None)]
    assert document["latest"] is None
    assert "no commit any more" in lines


def test_a_person_is_told_with_login_connections_and_what_they_wrote(heard: Heard) -> None:
    world = heard.world
    world.log.heads(["broker:harbor"])
    open_socket(world, "a1", AVA)
    heard.lines.append(Line(world.clock(), "socket", {"message": "connected", "connection_id": "a0", "user_id": "ava"}))
    heard.lines.append(Line(world.clock(), "socket", {"message": "disconnected", "connection_id": "a0"}))
    heard.lines.append(Line(world.clock(), "socket", {"message": "disconnected", "connection_id": "b0"}))
    say(world, "a1", action="sync")
    create(world)
    create(world, who=BEN)
    document, lines = told(heard, "ava")
    assert document["login"] == {"status": "CONFIRMED", "enabled": False}
    assert UNTOLD not in document["unknown"]
    heard.lines.clear()
    assert UNTOLD in told(heard, "ava")[0]["unknown"]
    assert [each["connectionId"] for each in document["connections"]] == ["a1"]
    assert [(each["what"], each["connectionId"]) for each in document["sockets"]] == [
        ("connected", "a0"),
        ("disconnected", "a0"),
    ]
    assert [(each["room"], each["seq"]) for each in document["commits"]] == [("team:north", 1)]
    assert "CONFIRMED, disabled" in lines
    assert "is          agent of harbor, ava@demo.test" in lines
