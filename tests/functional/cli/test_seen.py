"""Why somebody does not see a change, as an operator is told who was woken by their call."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from cli.explain.commit import explain_commit
from cli.explain.finding import CommitFound, RecordFound, find
from cli.explain.record import RecordStory, explain_record
from cli.explain.report import seen_lines
from cli.explain.seen import LOADED, STOPPED, Seen, person_meant, seen_by
from cli.operating.people_names import names_of
from deployed.terminal import CommandFailed
from openhouse.crm.modules.escrows import ESCROWS
from openhouse.identity.directory import User
from openhouse.rooms.gateway import Outcome
from tests.fakes import AVA, BEN, MIA
from tests.functional.cli.hearing import Heard, delivered, written
from tests.functional.conftest import World
from tests.functional.sockets import create, join, open_socket


@pytest.fixture
def world(heard: Heard) -> World:
    heard.world.log.heads(["broker:harbor"])
    return heard.world


def seen(heard: Heard, what: str, whom: str) -> Seen:
    """Whose lines fit into a terminal of the usual width."""
    world, now = heard.world, heard.world.clock()
    who, found = person_meant(world, whom), find(world, what)
    story: Any
    if isinstance(found, RecordFound):
        story = explain_record(world, heard, found, now)
    else:
        assert isinstance(found, CommitFound)
        story = explain_commit(world, heard, found, now)
    names = names_of(world, ["harbor"])
    told = seen_by(world, who, story, names, now)
    lines = [*map(str, seen_lines(told, names))]
    assert max(map(len, lines)) <= 80
    assert " ".join(told.why.split()) in " ".join(" ".join(lines).split())
    return told


def test_whoever_was_handed_it_is_asked_to_look_again(heard: Heard, world: World) -> None:
    join(world, "b1", BEN)
    written(heard)
    delivered(heard)
    told = seen(heard, "team:north#1", BEN.email)
    assert (told.outcome, told.why, told.then) == ("handed", "Their socket b1 was handed it.", LOADED)


def test_whoever_missed_a_post_is_told_to_load_anew(heard: Heard, world: World) -> None:
    join(world, "b1", BEN)
    join(world, "b2", BEN)
    world.gateway.outcomes["b2"] = Outcome.FAILED
    written(heard)
    delivered(heard)
    told = seen(heard, "team:north#1", "ben")
    assert told.outcome == "lags"
    assert told.why == "Their socket b2 missed a post in that room and did not catch up yet."
    assert "at once if they load the page anew" in told.then


def test_whoever_caught_up_after_a_missed_post_has_it(heard: Heard, world: World) -> None:
    join(world, "b1", BEN)
    world.gateway.outcomes["b1"] = Outcome.FAILED
    written(heard)
    delivered(heard)
    world.connections.mark("team:north", "b1", lagging=False)
    told = seen(heard, "team:north#1", "ben")
    assert (told.outcome, told.why) == ("handed", "Their socket b1 has caught up with all that was written there.")


def test_whoever_came_later_has_loaded_it(heard: Heard, world: World) -> None:
    written(heard)
    delivered(heard)
    world.clock.advance(60)
    join(world, "b1", BEN)
    assert seen(heard, "team:north#1", "ben").outcome == "loaded"


def test_whoever_is_connected_nowhere_or_not_to_the_room_is_told_apart(heard: Heard, world: World) -> None:
    create(world)
    assert seen(heard, "team:north#1", "ben").outcome == "not connected"
    open_socket(world, "m1", MIA)
    join(world, "m2", MIA)
    world.directory.put_user(
        "harbor", User(user_id="mia", email=MIA.email, name="Mia", role="agent", team_ids=("north",))
    )
    told = seen(heard, "team:north#1", "mia")
    assert (told.outcome, told.why) == (
        "not in the room",
        "They are connected, but not to team:north: they were let into it a moment ago.",
    )


def test_what_nobody_has_posted_leads_to_the_alarms_but_not_at_once(heard: Heard, world: World) -> None:
    join(world, "b1", BEN)
    create(world)
    assert seen(heard, "team:north#1", "ben").outcome == "just written"
    world.clock.advance(60)
    told = seen(heard, "team:north#1", "ben")
    assert (told.outcome, told.then) == ("not posted", STOPPED)


def test_who_may_not_see_it_is_told_why(heard: Heard, world: World) -> None:
    create(world)
    told = seen(heard, "team:north#1", "mia")
    assert (told.outcome, told.why) == (
        "may not see it",
        "It is in team:north, and they are in user:Mia, team:south, broker:harbor.",
    )
    (private,) = create(world, visibility="private")
    told = seen(heard, f"escrow:{private['id']}", "ben")
    assert (told.outcome, told.why) == ("may not see it", "It is private: Ava alone sees it.")


def test_who_was_removed_or_is_of_another_brokerage_is_told_so(heard: Heard, world: World) -> None:
    create(world)
    world.directory.found("other", "Other", User(user_id="zoe", email="zoe@x", name="Zoe", role="admin"))
    world.log.heads(["broker:other"])
    assert seen(heard, "team:north#1", "zoe@x").why.startswith("They are of other, and this is of harbor")
    world.directory.remove_user("harbor", "ben")
    assert seen(heard, "team:north#1", "ben").outcome == "removed"
    with pytest.raises(CommandFailed, match="Nobody here has the id or the e-mail address nobody@x"):
        person_meant(world, "nobody@x")


def test_what_no_list_shows_is_said_before_all_else(heard: Heard, world: World) -> None:
    join(world, "b1", BEN)
    (record,) = create(world)
    world.records.patch(ESCROWS, AVA, record["id"], {"archived": True})
    assert seen(heard, f"escrow:{record['id']}", "ben").outcome == "archived"
    world.records.delete(ESCROWS, AVA, record["id"])
    assert seen(heard, f"escrow:{record['id']}", "ben").outcome == "deleted"


def test_of_a_record_whose_commits_are_forgotten_only_the_right_is_known(heard: Heard, world: World) -> None:
    (record,) = create(world)
    found = find(world, record["id"])
    assert isinstance(found, RecordFound)
    story = replace(explain_record(world, heard, found, world.clock()), latest=None)
    assert isinstance(story, RecordStory)
    told = seen_by(world, person_meant(world, "ben"), story, names_of(world, ["harbor"]), world.clock())
    assert told.outcome == "not known any more"
