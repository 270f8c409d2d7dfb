from __future__ import annotations

import asyncio
import io
import os
import signal
from datetime import UTC, datetime, timedelta

import pytest
from rich.console import Console
from rich.text import Text

from cli.watch import (
    Names,
    Watcher,
    commit_line,
    duration,
    greeting,
    look_at,
    named_record,
    recovered_line,
    wake_when_continued,
    who_is_there,
)
from deployed.terminal import CommandFailed, say
from openhouse.api.people import Brokerage, Roster, UserEntry
from openhouse_client.listener import Recovered, State, Status
from openhouse_client.protocol import Commit, Event, Position
from tests.unit.client.fake_server import in_fake_time
from tests.unit.client.model import Model, read
from tests.unit.client.session_world import World

NORTH, MINE = "team:north", "user:u1"
SOUTH, SOUTH_2, WEST = (f"01a22b30-a10f-7051-b0c0-6a1b2540955{digit}" for digit in "345")
TEAMS = [("north", "The North"), (SOUTH, "South"), (SOUTH_2, "south"), (WEST, "West")]
ROSTER = {
    "users": [{"userId": "u1", "name": "Ava"}],
    "teams": [{"teamId": id_, "name": name} for id_, name in TEAMS],
}
COMMITTED = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)


@pytest.fixture
def names():
    return Names(ROSTER)


def lines(model: Model, names: Names, delay: float = 0.071) -> list[str]:
    return [commit_line(commit, names, COMMITTED + timedelta(seconds=delay)).plain for commit in read(model.stream)]


def test_a_commit_is_one_line_with_room_number_person_event_patch_and_delay(names):
    model = Model(NORTH)
    model.create("0198-12345678", NORTH, city="Davis", archived=False, checklists={"loan": []})
    model.update("0198-12345678", city=None, purchasePriceCents=43_000_000, updatedBy="u1")
    model.update("0198-12345678", ref=True)
    model.delete("0198-12345678")
    first, second, third, fourth = lines(model, names)
    assert first.endswith('.000   71 ms  team:north #1  Ava  escrow:created 12345678 v1 city="Davis"')
    assert second.endswith("#2  Ava  escrow:updated 12345678 v2 city=null purchasePriceCents=43000000")
    assert third.endswith("#3  Ava  escrow:updated 12345678 v3 (too large to be sent)")
    assert fourth.endswith("#4  Ava  escrow:deleted 12345678 v4 deleted")


def test_a_team_is_called_by_its_name_where_its_id_says_nothing_and_no_other_has_it(names):
    rooms = [f"team:{id_}" for id_ in ("north", WEST, SOUTH, SOUTH_2, "elsewhere")]
    assert [names.room(room) for room in rooms] == ["team:north", "team:West", *rooms[2:]]


def test_who_comes_and_goes_is_told_by_name_and_by_nobody(names):
    model = Model(NORTH)
    model.create("e1", NORTH)
    data = {"presenceId": "u1", "version": 2, "updatedBy": "u1", "presence": {"id": "u1", "status": "away"}}
    event = {"type": "user:presence:away", "data": data}
    (commit,) = read([{**model.stream[0], "by": "openhouse:presence", "events": [event]}])
    assert commit_line(commit, names, COMMITTED).plain.endswith(" team:north #1  user:presence:away Ava")
    watcher = Watcher(lambda _line: None, names, lambda: COMMITTED)
    watcher.commit(commit)
    assert not watcher.strangers.is_set()


def test_tasks_are_told_in_words(names):
    model = Model(MINE)
    model.create("e1", MINE)
    task = {"id": "0198-12345678", "kind": "find_duplicates", "status": "running", "percent": 40, "counts": {"a": 3}}

    def line(**more) -> str:
        told = {**task, "message": "Comparing records.", **more}
        data = {"taskId": task["id"], "version": 2, "updatedBy": "u1", "task": told}
        (commit,) = read([{**model.stream[0], "events": [{"type": "ai:task:progress", "data": data}]}])
        return commit_line(commit, names, COMMITTED).plain.partition("ai:task:progress ")[2]

    assert line() == "12345678 find duplicates: at work, 40 %. Comparing records. (3 a)"
    assert line(status="proposed", counts={}) == "12345678 find duplicates: waits to be confirmed. Comparing records."
    failed = {"status": "failed", "message": "It failed:", "problem": {"reason": "lost", "detail": "it stopped"}}
    assert line(**failed, undoes="0198") == "12345678 undoing find duplicates: failed. It failed: it stopped (3 a)"


def test_a_task_that_is_too_large_to_be_sent_is_a_line_too(names):
    model = Model(MINE)
    model.create("e1", MINE)
    data = {"taskId": "0198-12345678", "version": 2, "updatedBy": "u1", "ref": True}
    (commit,) = read([{**model.stream[0], "events": [{"type": "ai:task:proposed", "data": data}]}])
    assert commit_line(commit, names, COMMITTED).plain.endswith("ai:task:proposed 12345678 v2 (too large to be sent)")


def test_the_watcher_is_told_who_is_there(names):
    states = [{"id": id_, "status": status} for id_, status in (("u2", "away"), ("u1", "online"), ("u3", "offline"))]
    assert who_is_there(states, names) == "There now: Ava (online), u2 (away)."
    assert who_is_there([], names) == "There now: nobody."


def test_rooms_of_people_bear_their_names_and_strangers_their_ids(names):
    model = Model(MINE, "user:0198-87654321")
    model.create("e1", MINE)
    model.create("e2", "user:0198-87654321")
    mine, other = lines(model, names)
    assert " user:Ava #1 " in mine
    assert " user:87654321 #1 " in other


def test_a_notification_and_what_is_read_of_it_are_lines_too(names):
    about = {"version": 1, "updatedBy": "u1"}
    notification = {"id": "0198-12345678", "level": "info", "kind": "mentioned", "title": "Ava mentioned you"}
    reading = {"id": "u1", "allUntil": "0198-12345678", "ids": []}
    told = [
        ("notification:info", {"notificationId": "0198-12345678", **about, "notification": notification}),
        ("notification:read", {"readingId": "u1", **about, "reading": reading}),
        ("system:broadcast", {"systemId": "b-1", **about, "system": {"text": "Welcome!", "level": "success"}}),
        ("system:maintenance", {"systemId": "maintenance", **about, "room": "broker:harbor"}),
    ]
    commit = Commit(
        room=MINE,
        position=Position("e", 1),
        id="c-1",
        at=COMMITTED,
        by="openhouse:operator",
        events=tuple(Event(type_, data) for type_, data in told),
    )
    line = commit_line(commit, names, COMMITTED).plain
    assert line.endswith(
        'notification:info 12345678 v1 level="info" kind="mentioned" title="Ava mentioned you"'
        '  notification:read u1 v1 allUntil="0198-12345678"'
        '  system:broadcast b-1 v1 text="Welcome!" level="success"  system:maintenance maintenance v1 ended'
    )


def test_a_long_value_is_cut_and_a_line_break_stays_on_its_line(names):
    model = Model(NORTH)
    model.create("e1", NORTH)
    model.update("e1", notes="first\nsecond " + "x" * 100)
    line = lines(model, names)[1]
    assert "\n" not in line
    assert 'notes="first\\nsecond xxx' in line
    assert line.endswith("x…")


def test_the_watcher_is_greeted_with_the_roster_that_the_api_answers():
    ava = UserEntry(user_id="u1", email="ava@demo.test", name="Ava", role="agent", team_ids=["north"])
    harbor = Brokerage(brokerage_id="harbor", name="Harbor")
    roster = Roster(brokerage=harbor, teams=[], users=[ava]).model_dump(by_alias=True)
    me = {"name": "Ava", "role": "agent", "rooms": [MINE, NORTH]}
    assert greeting(me, roster, Names(roster)) == (
        "Watching as Ava (agent) of Harbor: user:Ava, team:north. Ctrl-C ends."
    )


@in_fake_time
async def test_a_watch_that_was_suspended_asks_at_once_for_what_it_missed():
    world = World()
    async with world.running():
        wake_when_continued(world.session)
        assert not world.server.asked("ping")
        os.kill(os.getpid(), signal.SIGCONT)
        await asyncio.sleep(0.01)
        await world.clock.advance(0)
        assert world.server.asked("ping")


def test_what_somebody_wrote_cannot_write_anything_else_at_the_terminal():
    names = Names({"users": [{"userId": "u1", "name": "\x1b[31mAva\u202e"}], "teams": []})
    model = Model(NORTH)
    model.create("e1", NORTH, notes="\u009b2J\u200b", city="\x1b]0;owned\x07")
    output = io.StringIO()
    for commit in read(model.stream):
        say(commit_line(commit, names, COMMITTED), console=Console(file=output, color_system=None, force_terminal=True))
    assert not set("\x1b\x07\u009b\u200b\u202e") & set(output.getvalue())
    assert "[31mAva" in output.getvalue()


def test_what_looks_like_markup_is_printed_as_it_is(names):
    model = Model(NORTH)
    model.create("e1", NORTH, notes="[bold]not bold[/bold]")
    output = io.StringIO()
    for commit in read(model.stream):
        say(commit_line(commit, names, COMMITTED), console=Console(file=output, width=40))
    assert "[bold]not bold[/bold]" in output.getvalue()
    assert output.getvalue().count("\n") == 1, "piped, a commit is one line, whatever its width"
    assert "\x1b" not in output.getvalue(), "and has no colours"


@pytest.mark.parametrize(
    ("recovered", "line"),
    [
        (
            Recovered(missed={NORTH: 3, MINE: 1}, reset=frozenset(), away=5.24),
            "-- recovered after 5.2 s: 3 commits in team:north, 1 commit in user:Ava",
        ),
        (Recovered(missed={}, reset=frozenset(), away=0.4), "-- recovered after 400 ms: nothing was missed"),
        (Recovered(missed={NORTH: 2}, reset=frozenset(), away=0.0), "-- recovered from a gap: 2 commits in team:north"),
        (
            Recovered(missed={}, reset=frozenset({NORTH}), away=900_000),
            "-- recovered after 900000.0 s: the log of team:north does not reach back so far; going on from its end",
        ),
    ],
)
def test_a_recovery_says_what_was_missed(names, recovered, line):
    assert recovered_line(recovered, names) == line


def test_being_offline_is_told_with_the_reason_and_when_it_tries_again(names):
    said: list[Text] = []
    watcher = Watcher(said.append, names, lambda: COMMITTED)
    watcher.state(State(Status.CONNECTING, "connecting"))
    watcher.state(State(Status.OFFLINE, "the connection broke", 0.42))
    watcher.state(State(Status.CONNECTED, "connected"))
    watcher.left(NORTH)
    assert [line.plain for line in said] == [
        "-- offline: the connection broke; trying again in 0.4 s",
        "-- connected",
        "-- no longer in team:north",
    ]


def test_who_else_looks_at_the_record_and_types_there_is_a_line_each(names):
    said: list[Text] = []
    watcher = Watcher(said.append, names, lambda: COMMITTED)
    about = {"userId": "u1", "noun": "escrow", "recordId": "0198-12345678"}
    for verb, more in (("viewing", {}), ("typing", {"field": "notes"}), ("stopped_typing", {"field": "notes"})):
        watcher.ephemeral(Event(f"user:{verb}", {**about, **more}))
    watcher.ephemeral(Event("user:stopped_viewing", about))
    watcher.ephemeral(Event("user:waving", about))
    assert [line.plain for line in said] == [
        "-- Ava looks at escrow 12345678",
        "-- Ava types in notes of escrow 12345678",
        "-- Ava stopped typing in notes of escrow 12345678",
        "-- Ava looks no longer at escrow 12345678",
    ]


@in_fake_time
async def test_a_record_that_cannot_be_looked_at_is_told_and_the_watch_goes_on():
    world = World()
    async with world.running() as running:
        world.server.error = {"code": "not_found", "message": "there is no such record", "retryable": False}
        await look_at(world.session, *named_record("escrow:e1"))
        assert world.server.asked("view")[0]["recordId"] == "e1"
        assert not running.done()


def test_a_record_is_named_by_noun_and_id():
    assert named_record("escrow:a:b") == ("escrow", "a:b")
    with pytest.raises(CommandFailed, match="--view"):
        named_record("escrow")


def test_a_stranger_makes_the_names_be_learned_anew(names):
    watcher = Watcher(lambda _line: None, names, lambda: COMMITTED)
    model = Model(NORTH)
    model.create("e1", NORTH)
    (known,) = read(model.stream)
    watcher.commit(known)
    assert not watcher.strangers.is_set()
    (stranger,) = read([{**model.stream[0], "by": "u2"}])
    watcher.commit(stranger)
    assert watcher.strangers.is_set()
    names.learn({"users": [{"userId": "u2", "name": "Ben"}], "teams": []})
    assert names.person("u2") == "Ben"


def test_durations_are_told_in_the_unit_that_suits_them():
    assert [duration(seconds) for seconds in (0.0714, -0.002, 1.26)] == ["71 ms", "-2 ms", "1.3 s"]
