"""Back to how the tables were: over moto, which makes restored tables as AWS does, with nothing but their items."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from cli.restoring.finishing import Finishing
from cli.restoring.preparing import Preparation, Prepared
from deployed.terminal import CommandFailed
from openhouse.core import clock
from openhouse.core.errors import TokenExpired
from openhouse.core.principal import Principal
from openhouse.crm.modules import MODULES
from openhouse.crm.modules.appointments import APPOINTMENTS
from openhouse.crm.modules.clients import CLIENTS
from openhouse.rooms.position import Position
from openhouse.storage.keys import entry_key, head_key, record_key
from openhouse.storage.table import Table
from openhouse.storage.writes import ABSENT, PRESENT, Delete, Put, Update
from tests.fakes import AVA, BEN, counting, principal
from tests.functional.cli.restoring import NEW, OLD, quietly
from tests.functional.conftest import World
from tests.functional.sockets import create, found, join, put, say
from tests.functional.test_http import call

CLEO = principal("cleo", "north", role="lead")
NORTH = "team:north"


@pytest.fixture(autouse=True)
def brokerage(world: World) -> None:
    found(world)


def prepare(world: World) -> Prepared:
    nouns = [module.noun for module in MODULES]
    return Preparation(world.client, nouns, now=world.clock, new_epoch=counting("new-epoch")).run(OLD, NEW, quietly)


def positions(world: World, who: Principal = AVA) -> dict[str, Position]:
    return world.log.heads(who.rooms)


def refusal(world: World) -> str:
    before = world.client.scan(TableName=NEW.main)["Items"]
    with pytest.raises(CommandFailed) as refused:
        prepare(world)
    assert world.client.scan(TableName=NEW.main)["Items"] == before
    return str(refused.value)


def test_whoever_knows_undone_commits_is_told_to_begin_afresh_however_far_the_log_has_grown_again(
    world: World, restored: Callable[[], World]
) -> None:
    create(world, 2, visibility="team")
    after = restored()
    create(world, 3, visibility="team")  # which are undone
    known = positions(world)[NORTH]
    assert prepare(after).rooms == 1

    assert positions(after)[NORTH].epoch != known.epoch
    create(after, 5, visibility="team")
    head = positions(after)[NORTH]
    assert head.seq > known.seq
    replay = after.log.replay(NORTH, known, head, max_commits=100, max_bytes=10**6)
    assert (replay.reset, replay.commits) == (True, [])
    assert len(after.log.replay(NORTH, Position(head.epoch, 2), head, max_commits=100, max_bytes=10**6).commits) == 5


def test_history_and_what_was_deleted_stay(world: World, restored: Callable[[], World]) -> None:
    (kept, dropped) = create(world, 2, visibility="team")
    call(world, "PATCH", f"/escrows/{kept['id']}", {"notes": "once"}, who=AVA)
    call(world, "DELETE", f"/escrows/{dropped['id']}", who=AVA)
    after = restored()
    call(world, "PATCH", f"/escrows/{kept['id']}", {"notes": "twice"}, who=AVA)
    prepare(after)

    steps = call(after, "GET", f"/escrows/{kept['id']}/history", who=AVA)[1]["items"]
    assert [step["version"] for step in steps] == [2, 1]
    assert call(after, "PATCH", f"/escrows/{kept['id']}", {"notes": "again"}, who=AVA)[1]["version"] == 3
    assert call(after, "POST", f"/escrows/{dropped['id']}/recover", who=AVA)[0] == 200


def test_preparing_twice_does_no_harm(world: World, restored: Callable[[], World]) -> None:
    create(world, visibility="team")
    after = restored()
    first = prepare(after)
    second = prepare(after)
    assert (second.rooms, second.rows) == (first.rooms, 0)
    assert create(after, visibility="team")[0]["version"] == 1


def entry_without_head(table: Table) -> str:
    commit = table.get(entry_key(NORTH, 2))
    assert commit is not None
    table.write(Put({**commit, **entry_key(NORTH, 3), "seq": 3}, ABSENT))
    return "team:north ends at 2, and its last entry is 3"


def head_without_entry(table: Table) -> str:
    table.write(Update(head_key(NORTH), {"seq": 3}, PRESENT))
    return "team:north ends at 3, and its last entry is 2"


def log_without_head(table: Table) -> str:
    table.write(Delete(head_key(NORTH), PRESENT))
    return "team:north has entries up to 2, and no HEAD"


def record_behind(table: Table) -> str:
    table.write(Update(record_key(NORTH, "escrow", "id-0002"), {"version": 0}, PRESENT))
    return "commit 2 of team:north tells of escrow id-0002, which is at version 0 and should be at version 1"


def record_ahead(table: Table) -> str:
    table.write(Update(record_key(NORTH, "escrow", "id-0002"), {"version": 2}, PRESENT))
    return "commit 2 of team:north tells of escrow id-0002, which is at version 2 and should be at version 1"


def record_missing(table: Table) -> str:
    table.write(Delete(record_key(NORTH, "escrow", "id-0002"), PRESENT))
    return "commit 2 of team:north tells of escrow id-0002, which is not there and should be at version 1"


TEARS = (entry_without_head, head_without_entry, log_without_head, record_behind, record_ahead, record_missing)


@pytest.mark.parametrize("tear", TEARS, ids=lambda tear: tear.__name__)
def test_tables_of_which_a_transaction_was_cut_through_are_refused_untouched(
    world: World, restored: Callable[[], World], tear: Callable[[Table], str]
) -> None:
    create(world, 2, visibility="team")
    after = restored()
    expected = tear(after.table)
    told = refusal(after)
    assert expected in told
    assert "restore both to another second" in told


def test_a_transaction_that_was_cut_through_seconds_before_the_last_commit_is_noticed(
    world: World, restored: Callable[[], World]
) -> None:
    (first,) = create(world, visibility="team")
    world.clock.advance(8)
    create(world, visibility="private")
    after = restored()
    after.table.write(Delete(record_key(NORTH, "escrow", first["id"]), PRESENT))
    assert f"commit 1 of team:north tells of escrow {first['id']}, which is not there" in refusal(after)


def test_records_that_moved_between_rooms_were_deleted_or_locked_are_no_disagreement(
    world: World, restored: Callable[[], World]
) -> None:
    moved, dropped, locked = create(world, 3, visibility="team")
    assert call(world, "POST", f"/escrows/{locked['id']}/lock", {}, who=AVA)[0] == 200
    call(world, "PATCH", f"/escrows/{moved['id']}", {"visibility": "private"}, who=AVA)
    call(world, "DELETE", f"/escrows/{dropped['id']}", who=AVA)
    assert prepare(restored()).rooms > 1


def test_people_who_were_removed_or_may_do_less_since_are_named(world: World, restored: Callable[[], World]) -> None:
    world.directory.remove_user("harbor", "mia", by="root")
    for who in (AVA, BEN, CLEO):
        put(world, who)
    after = restored()
    world.directory.remove_user("harbor", "ben", by="root")
    put(world, AVA, role="agent", team_ids=("south",))
    put(world, CLEO, role="agent")
    assert prepare(after).differing == [
        f"{AVA.email} is in other teams now, and will be in those of then again.",
        f"{BEN.email} was removed since, and will be in the directory again.",
        f"{CLEO.email} has the role agent now, and will have the role lead again.",
    ]
    world.client.delete_table(TableName=OLD.main)
    assert prepare(after).differing == []


def test_sessions_that_were_ended_since_stay_ended(world: World, restored: Callable[[], World]) -> None:
    put(world, AVA)
    put(world, BEN)
    after = restored()
    ends = clock.seconds(world.clock()) + 600
    world.directory.revoke_tokens("harbor", "ava", ends)
    prepare(after)
    with pytest.raises(TokenExpired):
        after.directory.bearer("ava", ends)
    assert after.directory.bearer("ava", ends + 1).user_id == "ava"
    world.directory.revoke_tokens("harbor", "ben", ends)  # while it is deployed
    assert after.directory.bearer("ben", ends).user_id == "ben"
    after.clock.at += timedelta(seconds=1)  # its ids begin again with the first
    after.directory.revoke_tokens("harbor", "ava", ends + 60)
    for _ in range(2):
        finish(after, [])
    for who, until in (("ben", ends), ("ava", ends + 60)):
        with pytest.raises(TokenExpired):
            after.directory.bearer(who, until)
    (ben,) = [user for user in after.directory.users("harbor") if user.user_id == "ben"]
    assert ben.refused_until == ends


def test_sockets_of_then_are_forgotten_and_those_of_now_closed(world: World, restored: Callable[[], World]) -> None:
    join(world, "ava-then", AVA)
    after = restored()
    join(world, "ben-now", BEN)
    assert prepare(after).rows > 1
    assert after.items("M#") == after.items("C#") == []
    after.gateway.open.add("ava-then")
    reply = say(after, "ava-then", action="ping")
    assert reply["error"]["code"] == "session_expired"

    join(after, "ben-since", BEN)
    closed: list[str] = []
    finish(after, closed)
    assert closed == ["ava-then", "ben-now", "ben-since"]


def test_it_is_finished_though_the_table_of_before_is_gone(world: World, restored: Callable[[], World]) -> None:
    after = restored()
    prepare(after)
    world.client.delete_table(TableName=OLD.main)
    join(after, "ava-since", AVA)
    closed: list[str] = []
    finish(after, closed)
    assert closed == ["ava-since"]


def finish(world: World, closed: list[str]) -> Any:
    finishing = Finishing(world.client, world, world.appointment_schedules, closed.extend)
    return finishing.run(NEW.main, quietly)


def test_what_is_derived_from_records_is_made_anew(world: World, restored: Callable[[], World]) -> None:
    client = world.records.create(CLIENTS, AVA, {**CLIENTS.example, "visibility": "team"})
    in_an_hour = {"startsAt": "2026-03-02T13:00:00.000Z", "endsAt": "2026-03-02T14:00:00.000Z"}
    world.records.create(APPOINTMENTS, AVA, {**APPOINTMENTS.example, **in_an_hour})
    after = restored()  # before the stream told of any of this
    prepare(after)
    assert after.items("W#") == []

    done = finish(after, [])
    assert (done.brokerages, done.reminders) == (1, 1)
    assert done.rows == len(after.items("W#"))
    assert any(item["sk"]["S"].endswith(client["id"]) for item in after.items("W#"))
    assert after.schedules.waiting
    assert finish(after, []).rows == 0


def test_tables_that_were_not_restored_are_not_finished(world: World) -> None:
    with pytest.raises(CommandFailed, match="does not use restored tables"):
        Finishing(world.client, world, world.appointment_schedules, lambda _ids: None).run(OLD.main, quietly)
