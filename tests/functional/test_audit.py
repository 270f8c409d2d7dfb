"""The audit trail: every act of power over others is in it, with it or not at all, and administrators alone read it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from cli.broadcast import announcements_of
from openhouse.core.principal import Principal
from openhouse.identity.audit import KEPT, OPERATOR, Deed
from openhouse.storage.table import WriteConflict
from openhouse.storage.writes import ABSENT, Put
from tests.fakes import AVA, DANA, STRANGER, FakeLogins, principal
from tests.functional.brokerage import LEE, staff
from tests.functional.conftest import World
from tests.functional.importing import CONTACTS, answer, planned
from tests.functional.locking import house, lock
from tests.functional.test_duplicates import PHONE, looked, make, merged, undone
from tests.functional.test_http import call, problem
from tests.memory_table import MemoryTable

ROOT = principal("root", role="admin")
NEW = {"email": "new@demo.test", "name": "New Hand", "role": "agent", "teamIds": ["north"]}


@pytest.fixture
def world() -> World:
    logins = FakeLogins()
    made = World.in_memory(logins=lambda: logins)
    staff(made)
    made.clock.advance(1)
    return made


def trail(world: World, who: Principal = ROOT, **query: str) -> list[dict[str, Any]]:
    status, page, _ = call(world, "GET", "/directory/audit", who=who, query=query or None)
    assert status == 200, page
    return list(page["items"])


def new_entries(world: World, act: Callable[[], Any]) -> list[dict[str, Any]]:
    """Those that came of it, the latest first."""
    before = {entry["id"] for entry in trail(world, limit="100")}
    act()
    return [entry for entry in trail(world, limit="100") if entry["id"] not in before]


def done(world: World, method: str, path: str, body: Any = None, who: Principal = ROOT) -> Any:
    status, content, _ = call(world, method, path, body, who=who)
    assert status < 300, content
    return content


def changes(entry: dict[str, Any]) -> dict[str, tuple[str, str]]:
    return {each["field"]: (each["before"], each["after"]) for each in entry["changes"]}


def test_a_change_of_role_and_teams_tells_who_whom_when_and_from_what_to_what(world: World) -> None:
    body = {"email": "ben@demo.test", "name": "Ben", "role": "lead", "teamIds": ["north", "south"]}
    (entry,) = new_entries(world, lambda: done(world, "PUT", "/directory/users/ben", body))
    assert (entry["act"], entry["by"], entry["byName"]) == ("user_changed", "root", "Root")
    assert (entry["subject"], entry["name"], entry["at"]) == ("ben", "Ben", "2026-03-02T12:00:01.000Z")
    assert changes(entry) == {"role": ("agent", "lead"), "teams": ("North", "North, South")}


def test_what_changes_nothing_is_no_act(world: World) -> None:
    body = {"email": "ben@demo.test", "name": "Ben", "role": "agent", "teamIds": ["north"]}
    assert new_entries(world, lambda: done(world, "PUT", "/directory/users/ben", body)) == []
    assert new_entries(world, lambda: done(world, "PUT", "/directory/teams/north", {"name": "North"})) == []
    done(world, "DELETE", "/directory/users/ben")
    assert new_entries(world, lambda: done(world, "DELETE", "/directory/users/ben")) == []


def test_people_who_are_added_removed_invited_and_uninvited_are_told(world: World) -> None:
    done(world, "PUT", "/directory/users/new", NEW)
    done(world, "DELETE", "/directory/users/new")
    done(world, "PUT", "/directory/users/new", NEW)
    login = done(world, "POST", "/directory/invitations", {**NEW, "email": "guest@demo.test"})["userId"]
    done(world, "POST", f"/directory/invitations/{login}/resend")
    done(world, "DELETE", f"/directory/invitations/{login}")
    acts = [(entry["act"], entry["subject"]) for entry in trail(world, limit="6")]
    assert acts[::-1] == [
        ("user_added", "new"),
        ("user_removed", "new"),
        ("user_added", "new"),
        ("user_invited", login),
        ("invitation_resent", login),
        ("invitation_revoked", login),
    ]


def test_teams_are_told_with_their_names_and_a_repeated_request_once(world: World) -> None:
    keyed = {"headers": {"idempotency-key": "k-1"}, "who": ROOT}

    def twice() -> None:
        for _ in range(2):
            assert call(world, "POST", "/directory/teams", {"name": "East"}, **keyed)[0] == 201  # type: ignore[arg-type]

    (made,) = new_entries(world, twice)
    (named,) = new_entries(world, lambda: done(world, "PUT", "/directory/teams/north", {"name": "Nord"}))
    assert (made["act"], changes(made)) == ("team_created", {"name": ("", "East")})
    assert (named["act"], changes(named)) == ("team_renamed", {"name": ("North", "Nord")})


def test_a_message_to_many_is_told_and_one_between_two_people_is_theirs(world: World) -> None:
    message = {"title": "Meeting", "text": "At ten", "level": "info"}
    many: tuple[dict[str, Any], ...] = ({"brokerage": True}, {"teamId": "north"})
    for to in many:
        (entry,) = new_entries(world, partial(done, world, "POST", "/notifications", {**message, "to": to}, DANA))
        assert (entry["act"], entry["by"], entry["name"]) == ("message_sent", "dana", "Meeting")
    to_one = {**message, "to": {"userId": "ava"}}
    assert new_entries(world, lambda: done(world, "POST", "/notifications", to_one, DANA)) == []


def test_what_the_operator_does_is_told_to_each_brokerage(world: World) -> None:
    done(world, "GET", "/system", who=AVA)  # its log begins with whoever comes first
    announcements = announcements_of(world)

    def announce() -> None:
        announcements.broadcast("b-1", "Search is back.\nEnjoy", "info", lambda _: None)
        announcements.broadcast("b-1", "Search is back.\nEnjoy", "info", lambda _: None)

    (entry,) = new_entries(world, announce)
    assert (entry["act"], entry["by"], entry["name"]) == (
        "announcement_made",
        "openhouse:operator",
        "Search is back. Enjoy",
    )


def test_a_lock_that_is_taken_from_somebody_is_told_and_ones_own_is_not(world: World) -> None:
    path = house(world)
    lock(world, path)
    assert new_entries(world, lambda: lock(world, path, takeOver=True)) == []
    (entry,) = new_entries(world, lambda: lock(world, path, who=LEE, takeOver=True))
    assert (entry["act"], entry["by"], entry["subject"]) == ("lock_taken_over", "lee", f"escrow:{path.split('/')[-1]}")
    assert changes(entry) == {"holder": ("ava", "lee")}


def test_merging_and_taking_it_back_are_told(world: World) -> None:
    one, other = (make(world, firstName="Zoe", lastName="Hart", phone=PHONE) for _ in range(2))
    task = looked(world)
    (entry,) = new_entries(world, lambda: merged(world, task, (one, other)))
    assert (entry["act"], entry["by"], changes(entry)) == ("merge_confirmed", "ava", {"pairs": ("", "1")})
    (back,) = new_entries(world, lambda: undone(world, task))
    assert (back["act"], back["subject"]) == ("task_undone", task["id"])


def test_every_part_of_an_export_is_told_with_its_number_of_records(world: World) -> None:
    make(world, lastName="Hart")
    (entry,) = new_entries(world, lambda: done(world, "GET", "/clients/export", who=AVA))
    assert (entry["act"], entry["by"], entry["subject"]) == ("records_exported", "ava", "clients")
    assert changes(entry) == {"records": ("", "1")}


def test_an_export_that_cannot_be_told_of_is_refused(world: World) -> None:
    make(world, lastName="Hart")

    def refuse(_write: Any) -> None:
        raise OSError("for a test")

    world.table.write = refuse  # type: ignore[assignment]
    status, content, _ = call(world, "GET", "/clients/export", who=AVA)
    assert (status, content["code"]) == (500, "internal")
    assert "Hart" not in str(content)


def test_an_act_that_fails_is_not_told_and_one_that_is_told_has_happened(world: World) -> None:
    """It is one transaction."""
    assert isinstance(world.table, MemoryTable)
    transactions: list[list[str]] = []
    transact = world.table.transact

    def watched(writes: Any) -> None:
        transactions.append([write.key["pk"].split("#")[0] for write in writes])
        transact(writes)

    world.table.transact = watched
    done(world, "PUT", "/directory/users/new", NEW)
    assert sorted(transactions[0]) == ["A", "D", "D", "D"]

    def lost(_writes: Any) -> None:
        raise WriteConflict("ConditionalCheckFailed")

    world.table.transact = lost  # type: ignore[assignment]
    assert new_entries(world, lambda: call(world, "DELETE", "/directory/users/new", who=ROOT)) == []


@pytest.mark.parametrize("who", [AVA, LEE, DANA], ids=lambda who: who.role)
def test_only_an_administrator_reads_it(world: World, who: Principal) -> None:
    assert problem(call(world, "GET", "/directory/audit", who=who)) == (403, "forbidden")


def test_another_brokerages_is_not_in_it_whatever_the_cursor_says(world: World) -> None:
    theirs = trail(world, principal(STRANGER.user_id, role="admin", brokerage_id="other"))
    assert [entry["act"] for entry in theirs][-1] == "brokerage_founded"
    seen = trail(world, cursor=theirs[0]["id"])
    assert {entry["id"] for entry in seen}.isdisjoint(entry["id"] for entry in theirs)


@pytest.mark.parametrize("cursor", ["", "zz", "0" * 11, "0" * 11 + ".", "0" * 11 + ".a#b", "\U0010ffff", "x" * 2000])
def test_a_cursor_that_is_none_is_refused(world: World, cursor: str) -> None:
    assert problem(call(world, "GET", "/directory/audit", who=ROOT, query={"cursor": cursor})) == (400, "bad_parameter")


def pages(world: World, limit: int) -> Iterator[list[dict[str, Any]]]:
    query: dict[str, str] = {"limit": str(limit)}
    while True:
        _, page, _ = call(world, "GET", "/directory/audit", who=ROOT, query=query)
        yield page["items"]
        if page["cursor"] is None:
            return
        query["cursor"] = page["cursor"]


def test_pages_join_to_the_whole_the_latest_first_without_gap_or_repeat(world: World) -> None:
    whole = trail(world, limit="100")
    assert [entry["id"] for entry in whole] == sorted((entry["id"] for entry in whole), reverse=True)
    for limit in (1, 2, len(whole) - 1, len(whole)):
        assert [entry for page in pages(world, limit) for entry in page] == whole


def test_what_is_older_than_two_years_is_not_shown_though_it_may_be_there_still(world: World) -> None:
    whole = trail(world, limit="100")
    assert whole
    world.clock.at += KEPT - timedelta(seconds=2)
    assert trail(world, limit="100") == whole
    world.clock.at += timedelta(seconds=2)
    assert trail(world, limit="100") == []


def test_no_entry_is_ever_changed_or_deleted(world: World) -> None:
    """Each is a new item, on the condition that there is none."""
    entry = world.audit.entry("harbor", OPERATOR, Deed(act="team_created"))
    assert isinstance(entry, Put)
    assert entry.when == ABSENT


def test_an_import_is_told_when_it_is_confirmed_and_not_when_it_is_corrected(world: World) -> None:
    task = planned(world, CONTACTS)
    assert new_entries(world, lambda: answer(world, task["id"], duplicates="create")) == []
    (entry,) = new_entries(world, lambda: answer(world, task["id"]))
    assert (entry["act"], entry["by"], entry["name"]) == ("import_confirmed", "ava", "people.csv")
    assert changes(entry) == {"module": ("", "client"), "create": ("", "3"), "update": ("", "0")}
