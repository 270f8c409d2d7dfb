"""What somebody means by a text, and what is told of records and people."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from cli.explain.finding import CommitFound, PersonFound, RecordFound, commits_near, find
from cli.explain.logs import Line
from cli.explain.person import UNTOLD, Login, explain_person
from cli.explain.report import person_lines
from cli.operating.people_names import names_of
from deployed.terminal import CommandFailed
from openhouse.crm.modules.escrows import ESCROWS
from openhouse.identity.directory import Team, User
from openhouse.services import Services
from openhouse.storage.keys import entry_key
from tests.fakes import AVA, BEN
from tests.functional.cli.hearing import CLOUD, Heard, told
from tests.functional.conftest import World
from tests.functional.sockets import create, found, open_socket, say
from tests.memory_table import MemoryTable


@pytest.fixture
def world() -> World:
    world = World.in_memory()
    found(world)
    return world


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
        ("team:west#1", "There is no room team:west"),
        ("team:south#1", "team:south has no log yet"),
        ("team:north", "is a room. Name a commit of it, such as .team:north#42"),
        (" ", "^Name a commit"),
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
    assert "CONFIRMED: disabled, nobody can sign in with it" in lines
    assert "is          agent of harbor, ava@demo.test" in lines


@pytest.mark.parametrize(
    ("status", "said"),
    [
        ("FORCE_CHANGE_PASSWORD", "FORCE_CHANGE_PASSWORD: invited, and has not chosen a password yet"),
        ("CONFIRMED", "CONFIRMED: has a password of their own"),
        ("none in this user pool", "none in this user pool"),
    ],
)
def test_what_cognito_calls_a_login_is_said_in_words(heard: Heard, status: str, said: str) -> None:
    world = heard.world
    story = explain_person(world, heard, CLOUD, "pool", PersonFound("harbor", "ava", None), world.clock())
    lines = person_lines(replace(story, login=Login(status, enabled=None)), names_of(world, ["harbor"]), world.clock())
    assert f"  login       {said}" in map(str, lines)
