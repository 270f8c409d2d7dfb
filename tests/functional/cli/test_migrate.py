"""A CRM on PostgreSQL moved over: the dumps of its tables, and what becomes of their rows."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from cli.migration.dumps import elements, in_order
from cli.migration.ids import created_of, id_of
from cli.migration.nested import nested_of
from cli.migration.run import AGAIN, MAPPING, REPORT, Asked, migrate
from cli.migration.writing import Writer
from deployed.people import Person
from deployed.terminal import CommandFailed, Steps
from openhouse.core.errors import Busy
from openhouse.crm.list_query import ListQuery
from openhouse.crm.module import Module
from openhouse.crm.modules import MODULES
from openhouse.identity.directory import User
from tests.fakes import principal
from tests.functional.conftest import World

TEAMS = """id,name
1,North
2,South
"""
USERS = """id,email,first_name,last_name,role,team_id,deleted_at
10,Ava@Example.com,Ava,Adams,agent,1,
11,ben@example.com,Ben,Brown,team_lead,1,
12,dana@example.com,Dana,Diaz,broker,,
13,gone@example.com,Old,Agent,agent,2,2024-05-01 10:00:00+00
14,no address,Nobody,Here,agent,2,
15,mia@example.com,Mia,Moss,wizard,2,
"""
CLIENTS = """id,first_name,last_name,email,phone,tags,notes,owner_id,created_at,favourite_colour
100,Zoë,Hart,zoe@example.com,(415) 555-0123,"{vip,""first home""}","Line one
line two",10,2023-01-05 09:30:00.123456+00,green
101,Max,Power,max@example.com,,{},,15,2023-02-06 10:00:00+00,
102,,,,,,,10,2023-02-07 10:00:00+00,
"""
LEADS = """id,first_name,email,status,score,agent_id,client_id
200,Lena,lena@example.com,converted,80,10,100
201,Lou,lou@example.com,hot,20,11,
"""
LISTINGS = """id,address,city,state,zip,list_price,status,agent_id,is_archived,sold_price,sold_date
300,12 Harbor Way,Sacramento,CA,95814,525000.00,active,10,f,,
301,14 Harbor Way,Sacramento,CA,95814,1250000.50,sold,11,t,1240000,2025-06-30
"""
ESCROWS = """id,escrow_number,property_address,purchase_price,status,listing_id,client_ids,owner_id,created_at
400,ESC-2023-017,12 Harbor Way,520000.00,pending,300,"{100,101}",10,2024-01-01 00:00:00+00
401,ESC-2023-018,1 Elm St,100000.00,opened,999,,13,2024-01-02 00:00:00+00
"""
APPOINTMENTS = """id,title,starts_at,ends_at,client_id,attendees,owner_id
500,Showing,2026-04-02 17:00:00+00,2026-04-02 17:30:00+00,100,"{10,11,13}",10
501,Signing,2026-04-02 17:00:00+00,2026-04-02 16:00:00+00,,,11
"""
DUMPS = {
    "teams": TEAMS,
    "users": USERS,
    "clients": CLIENTS,
    "leads": LEADS,
    "listings": LISTINGS,
    "escrows": ESCROWS,
    "appointments": APPOINTMENTS,
}


class Pool:
    """Logins by their address. `logins`: who has one."""

    def __init__(self) -> None:
        self.logins: dict[str, str] = {}

    @contextmanager
    def login(self, person: Person, password: str) -> Iterator[str]:
        assert len(password) > 20
        yield self.logins.setdefault(person.email, f"sub-of-{person.email.partition('@')[0]}")


@pytest.fixture
def world() -> World:
    made = World.in_memory()
    made.directory.found("harbor", "Harbor", User(user_id="root", email="root@x.test", name="Root", role="admin"))
    return made


@pytest.fixture
def folder(tmp_path: Path) -> Callable[..., Path]:
    def of(**dumps: str) -> Path:
        for name, content in dumps.items():
            (tmp_path / f"{name}.csv").write_text(content)
        return tmp_path

    return of


def run(world: World, folder: Path, *, pool: Pool | None = None, **asked: Any) -> bool:
    writer = Writer(world, "harbor", monotonic=lambda: 0.0, sleep=lambda _seconds: None)
    return migrate(Asked(folder, "harbor", **asked), world, (pool or Pool()).login, writer, Steps())


def records(world: World, noun: str) -> list[dict[str, Any]]:
    """All of a module that a broker reads, the newest first, archived ones too."""
    teams = [team.team_id for team in world.directory.teams("harbor")]
    reader = principal("reader", *teams, role="broker")
    return [
        record
        for archived in (False, True)
        for record in world.lists.page(module(noun), reader, ListQuery(archived=archived, limit=100))["items"]
    ]


def module(noun: str) -> Module:
    return next(one for one in MODULES if one.noun == noun)


def remarks(folder: Path) -> dict[tuple[str, str], list[tuple[str, str]]]:
    """Endings and reasons by table and id, of the report."""
    found: dict[tuple[str, str], list[tuple[str, str]]] = {}
    with (folder / REPORT).open(newline="", encoding="utf-8-sig") as file:
        for table, _line, key, ending, why in list(csv.reader(file))[1:]:
            found.setdefault((table, key), []).append((ending, why))
    return found


def counts(said: str) -> dict[str, str]:
    """The figures of the table at the end, by the name of theirs."""
    lines = [line.split() for line in said.partition("\ntable ")[2].splitlines()[1 : 1 + len(DUMPS)]]
    return {line[0]: " ".join(line[1:]) for line in lines}


def everything(world: World) -> dict[Any, Any]:
    return {(pk, sk): item for pk, items in world.table._partitions.items() for sk, item in items.items()}  # type: ignore[attr-defined]


def test_a_dry_run_writes_nothing_but_the_mapping_and_says_what_would_become_of_each_row(
    world: World, folder: Callable[..., Path], capsys: pytest.CaptureFixture[str]
):
    before, pool = everything(world), Pool()
    assert not run(world, folder(**DUMPS), pool=pool, dry=True, owner="root@x.test")
    assert (everything(world), pool.logins) == (before, {})
    said = capsys.readouterr().out
    assert counts(said)["escrows"] == "2 1 0 0 1"
    assert counts(said)["appointments"] == "2 1 0 0 1"
    assert "favourite_colour" in said
    assert "This was a dry run: nothing is written." in said


def test_every_row_is_moved_or_said_to_be_wrong_and_the_counts_are_read_anew(
    world: World, folder: Callable[..., Path], capsys: pytest.CaptureFixture[str]
):
    where = folder(**DUMPS)
    assert not run(world, where, owner="root@x.test")  # some are rejected
    said = capsys.readouterr().out
    assert counts(said) == {
        "teams": "2 2 0 0 0 2 of 2",
        "users": "6 4 0 1 1 4 of 4",
        "clients": "3 2 0 0 1 2 of 2",
        "leads": "2 2 0 0 0 2 of 2",
        "listings": "2 2 0 0 0 2 of 2",
        "escrows": "2 1 0 0 1 1 of 1",
        "appointments": "2 1 0 0 1 1 of 1",
    }
    assert "Counted anew: all that was to be moved is here." in said
    found = remarks(where)
    assert found["users", "14"] == [("rejected", "'no address' is no e-mail address to sign in with")]
    assert found["users", "15"] == [("moved, but not in full", "their role wizard is none of ours: they are an agent")]
    ((ending, why),) = found["clients", "102"]
    assert ending == "rejected"
    assert "a client needs a first name, a last name or a company" in why
    ((ending, why),) = found["appointments", "501"]
    assert (ending, why) == ("rejected", "endsAt: must be after startsAt")


def test_references_lead_to_the_records_here_and_what_they_cannot_lead_to_is_said(
    world: World, folder: Callable[..., Path]
):
    where = folder(**DUMPS)
    run(world, where, owner="root@x.test")
    (client,) = (one for one in records(world, "client") if one["firstName"] == "Zoë")
    (listing,) = (one for one in records(world, "listing") if one["address"] == "12 Harbor Way")
    (escrow,), (appointment,) = records(world, "escrow"), records(world, "appointment")
    assert escrow["listingId"] == listing["id"]
    assert escrow["clientIds"] == {client["id"]: True}  # the other is of another team
    assert appointment["clientId"] == client["id"]
    assert appointment["attendeeIds"] == {"sub-of-ava": True, "sub-of-ben": True}
    (lead,) = (one for one in records(world, "lead") if one["firstName"] == "Lena")
    assert (lead["clientId"], lead["status"]) == (client["id"], "qualified")
    found = remarks(where)
    assert [why for _, why in found["escrows", "400"]] == [
        "it names the client 101, which its owner ava@example.com could not see"
    ]
    assert [why for _, why in found["appointments", "500"]] == ["it names the user 13, who is nobody here"]


def test_records_are_their_owners_in_their_team_with_their_time_and_nobody_is_told_of_what_was_theirs(
    world: World, folder: Callable[..., Path]
):
    run(world, folder(**DUMPS), owner="root@x.test")
    (north, south) = world.directory.teams("harbor")
    (zoe,) = (one for one in records(world, "client") if one["firstName"] == "Zoë")
    assert (zoe["ownerId"], zoe["createdBy"], zoe["room"]) == ("sub-of-ava", "sub-of-ava", f"team:{north.team_id}")
    assert zoe["createdAt"] == "2023-01-05T09:30:00.123Z"
    assert zoe["phone"] == "+14155550123"
    assert zoe["tags"] == {"vip": True, "first home": True}
    assert zoe["notes"] == "Line one\nline two"
    (max_,) = (one for one in records(world, "client") if one["firstName"] == "Max")
    assert max_["room"] == f"team:{south.team_id}"
    assert [one["id"] for one in records(world, "client")] == [max_["id"], zoe["id"]]  # the newest first
    (listing,) = (one for one in records(world, "listing") if one["archived"])
    assert (listing["listPriceCents"], listing["status"]) == (125_000_050, "sold")
    (escrow,) = records(world, "escrow")
    assert escrow["escrowNumber"] == "ESC-2026-001"
    assert escrow["notes"] == "escrow_number: ESC-2023-017"
    assert not [pk for pk, _ in everything(world) if pk.startswith("E#") and "notification" in str(pk)]
    assert {user.email: user.role for user in world.directory.users("harbor")} == {
        "root@x.test": "admin",
        "ava@example.com": "agent",
        "ben@example.com": "lead",
        "dana@example.com": "broker",
        "mia@example.com": "agent",
    }


def test_run_again_it_writes_nothing_and_changes_nothing_that_people_have_done_since(
    world: World, folder: Callable[..., Path], capsys: pytest.CaptureFixture[str]
):
    where = folder(**DUMPS)
    run(world, where, owner="root@x.test")
    (ava,) = (user for user in world.directory.users("harbor") if user.email.startswith("ava"))
    who = principal(ava.user_id, *ava.team_ids)
    (zoe,) = (one for one in records(world, "client") if one["firstName"] == "Zoë")
    (escrow,) = records(world, "escrow")
    world.records.patch(module("client"), who, zoe["id"], {"lastName": "Heart"})
    world.records.delete(module("escrow"), who, escrow["id"])
    world.directory.put_user("harbor", replace(ava, role="lead"))
    before = everything(world)
    capsys.readouterr()
    assert not run(world, where, owner="root@x.test")
    assert everything(world) == before
    assert counts(capsys.readouterr().out)["escrows"] == "2 0 1 0 1 1 of 1"


def test_columns_of_json_become_maps_of_items_and_what_is_no_such_item_is_left_out_and_said(
    world: World, folder: Callable[..., Path]
):
    timelines = {
        1: [
            {"title": "Keys", "at": "2026-03-09T17:00:00Z", "done": True},
            {"title": "Party", "at": "2026-03-10T17:00:00Z"},
        ],
        2: [{"title": "No time"}],
    }
    cells = {key: json.dumps(value).replace('"', '""') for key, value in timelines.items()} | {3: "tomorrow", 4: ""}
    rows = "".join(f'{key},{key} Elm St,10,"{cell}"\n' for key, cell in cells.items())
    where = folder(
        teams=TEAMS,
        users=USERS,
        escrows=f"id,property_address,owner_id,timeline\n{rows}",
        listings='id,address,city,state,zip,owner_id,images\n1,12 Harbor Way,Davis,CA,95616,10,"[""https://a.test/1.jpg""]"\n',
    )
    assert not run(world, where)
    found = {one["propertyAddress"]: one for one in records(world, "escrow")}
    assert [(item["title"], item["done"]) for item in found["1 Elm St"]["timeline"].values()] == [
        ("Keys", True),
        ("Party", False),
    ]
    assert not any(found[f"{key} Elm St"]["timeline"] for key in (2, 3, 4))
    said = remarks(where)
    assert [why for _, why in said["escrows", "2"]] == ["left out: timeline.1.at: is required"]
    assert said["escrows", "3"][0][1].startswith("timeline: ")
    (pictured,) = (one for one in records(world, "listing") if one["address"] == "12 Harbor Way")
    assert [item["url"] for item in pictured["images"].values()] == ["https://a.test/1.jpg"]
    assert nested_of('{"loan": [{"title": "Apply"}]}') == {"loan": {"1": {"title": "Apply"}}}


def test_whoever_may_not_come_in_there_may_not_here(world: World, folder: Callable[..., Path]):
    where, pool = folder(users="id,email,is_active\n1,a@example.com,f\n2,b@example.com,t\n3,c@example.com,\n"), Pool()
    assert run(world, where, pool=pool)
    assert pool.logins.keys() == {"b@example.com", "c@example.com"}


class Killed(BaseException):
    """As SIGKILL: nothing of ours is done after it."""


@pytest.mark.parametrize("after", [1, 4, 8, 9, 10, 13, 14])
def test_killed_before_any_transaction_it_goes_on_where_it_ended_and_nothing_is_there_twice(
    world: World, folder: Callable[..., Path], after: int
):
    many = "id,first_name,last_name,owner_id\n" + "".join(f"{n},C{n},Number {n},10\n" for n in range(1_000, 1_060))
    where, pool = folder(**{**DUMPS, "clients": many}), Pool()
    whole = World.in_memory()
    whole.directory.found("harbor", "Harbor", User(user_id="root", email="root@x.test", name="Root", role="admin"))
    run(whole, where, pool=pool, owner="root@x.test")

    steps = 0

    def kill(step: str) -> None:
        nonlocal steps
        steps += step == "transact"
        if steps > after:
            raise Killed

    world.table.before = kill  # type: ignore[attr-defined]
    with pytest.raises(Killed):
        run(world, where, pool=pool, owner="root@x.test")
    world.table.before = lambda _step: None  # type: ignore[attr-defined]
    run(world, where, pool=pool, owner="root@x.test")
    for noun in ("client", "lead", "listing", "escrow", "appointment"):
        assert [one["id"] for one in records(world, noun)] == [one["id"] for one in records(whole, noun)]
    assert len(records(world, "client")) == 60


def test_what_is_wrong_in_the_mapping_is_corrected_in_its_file(world: World, folder: Callable[..., Path]):
    where = folder(**DUMPS)
    run(world, where, dry=True)
    path = where / MAPPING
    written = json.loads(path.read_text())
    leads = written["tables"]["leads"]
    assert leads["words"] == {"status": {"converted": "qualified", "hot": ""}}
    assert written["tables"]["clients"]["columns"]["favourite_colour"] is None
    leads["words"]["status"]["hot"] = "contacted"
    written["tables"]["clients"]["columns"]["favourite_colour"] = "notes"
    written["tables"]["users"]["words"] = {"role": {"wizard": "team lead"}}
    path.write_text(json.dumps(written))
    run(world, where, owner="root@x.test")
    assert {one["firstName"]: one["status"] for one in records(world, "lead")} == {
        "Lena": "qualified",
        "Lou": "contacted",
    }
    (zoe,) = (one for one in records(world, "client") if one["firstName"] == "Zoë")
    assert zoe["notes"] == "Line one\nline two\n\nfavourite_colour: green"
    assert {user.email: user.role for user in world.directory.users("harbor")}["mia@example.com"] == "lead"


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"columns": {"id": "key", "first_name": "nickname"}}, "first_name cannot be nickname; there are"),
        ({"columns": {"first_name": "firstName"}}, "no column is the key"),
        ({"constants": {"nickname": "x"}}, "have no field nickname"),
    ],
    ids=["no such field", "no key", "no such constant"],
)
def test_a_mapping_that_cannot_be_is_told_before_anything_is_written(
    world: World, folder: Callable[..., Path], change: Mapping[str, Any], told: str
):
    where = folder(clients=CLIENTS)
    run(world, where, dry=True)
    path = where / MAPPING
    written = json.loads(path.read_text())
    written["tables"]["clients"] |= change
    path.write_text(json.dumps(written))
    before = everything(world)
    with pytest.raises(CommandFailed, match=told):
        run(world, where)
    assert everything(world) == before


def test_rows_that_were_moved_are_not_moved_again_under_another_key(world: World, folder: Callable[..., Path]):
    where = folder(**DUMPS)
    run(world, where, owner="root@x.test")
    written = json.loads((where / MAPPING).read_text())
    written["tables"]["clients"]["columns"] |= {"created_at": None}
    (where / MAPPING).write_text(json.dumps(written))
    with pytest.raises(CommandFailed, match="moved with id as key and created_at as created"):
        run(world, where, owner="root@x.test")


def test_people_of_another_issuer_are_known_by_what_their_tokens_call_them_and_get_no_login(
    world: World, folder: Callable[..., Path]
):
    where, pool = folder(teams=TEAMS, users=USERS), Pool()
    run(world, where, dry=True)
    written = json.loads((where / MAPPING).read_text())
    written["tables"]["users"]["constants"] = {"subject": "id"}
    (where / MAPPING).write_text(json.dumps(written))
    run(world, where, pool=pool)
    assert {user.user_id for user in world.directory.users("harbor")} == {"root", "10", "11", "12", "15"}
    assert pool.logins == {}


def test_two_systems_with_the_same_ids_come_into_one_brokerage(world: World, folder: Callable[..., Path]):
    where = folder(clients="id,first_name,last_name,owner_id\n1,Ann,One,\n")
    everyone = json.dumps({"visibility": "broker"})
    for source, name in (("old", "Ann"), ("older", "Bob")):
        where = folder(clients=f"id,first_name,last_name,owner_id\n1,{name},One,\n")
        (where / MAPPING).unlink(missing_ok=True)
        run(world, where, dry=True, source=source, owner="root@x.test")
        text = (where / MAPPING).read_text().replace('"constants": {}', f'"constants": {everyone}')
        (where / MAPPING).write_text(text)
        assert run(world, where, owner="root@x.test")
    assert {one["firstName"] for one in records(world, "client")} == {"Ann", "Bob"}


def test_without_a_brokerage_or_a_dump_or_an_owner_it_says_what_to_do(world: World, folder: Callable[..., Path]):
    with pytest.raises(CommandFailed, match="has no dump: teams"):
        run(world, folder())
    with pytest.raises(CommandFailed, match="nobody here has the address x@y"):
        run(world, folder(clients=CLIENTS), owner="x@y")
    run(world, folder(clients="id,first_name\n1,Ann\n"))
    assert remarks(folder())["clients", "1"] == [
        ("rejected", "it has no owner here: --owner names whose such records become")
    ]
    with pytest.raises(CommandFailed, match="There is no brokerage elsewhere"):
        migrate(Asked(folder(), "elsewhere"), world, Pool().login, Writer(world, "elsewhere"), Steps())


def test_when_dynamodb_is_busy_it_ends_with_a_sentence_and_can_be_run_again(world: World, folder: Callable[..., Path]):
    where = folder(**DUMPS)

    def throttled(step: str) -> None:
        if step == "transact":
            raise Busy("too much at once")

    world.table.before = throttled  # type: ignore[attr-defined]
    with pytest.raises(CommandFailed, match=r"Stopped: too much at once\. Run the same command again"):
        run(world, where, owner="root@x.test")
    assert AGAIN


@pytest.mark.parametrize(
    ("cell", "held"),
    [
        ("{}", []),
        ("{1,2}", ["1", "2"]),
        ('{a,"b c","say \\"x\\"",NULL}', ["a", "b c", 'say "x"']),
        ('["a", 2, null]', ["a", "2"]),
        ("7", ["7"]),
        ("", []),
        ("[not json]", ["[not json]"]),
    ],
)
def test_arrays_of_postgresql_and_json_are_several_values(cell: str, held: list[str]):
    assert elements(cell) == held


def test_an_id_is_the_same_however_its_row_is_dumped_and_no_others():
    at = [created_of("2024-01-01 00:00:00+00"), created_of("2023-12-31 16:00:00-08")]
    assert id_of("harbor", "crm/client", "7", at[0]) == id_of("harbor", "crm/client", "7", at[1])
    others = {
        id_of(*one) for one in (("harbor", "crm/lead", "7"), ("bay", "crm/client", "7"), ("harbor", "crm/client", "8"))
    }
    assert len(others | {id_of("harbor", "crm/client", "7")}) == 4
    assert created_of("yesterday") == created_of("")


def test_tables_come_after_those_that_they_name():
    order = [one.noun for one in in_order(reversed(MODULES))]
    assert order.index("client") < order.index("lead")
    assert order.index("listing") < order.index("escrow")
    assert order.index("lead") < order.index("appointment")


def test_what_was_moved_by_is_kept_apart_from_the_audit_trail(world: World, folder: Callable[..., Path]) -> None:
    run(world, folder(teams=TEAMS, users=USERS, clients=CLIENTS))
    page = world.audit.page(principal("root", role="admin"), 50)
    assert {"brokerage_founded", "team_created", "user_added"} == {entry["act"] for entry in page["items"]}
    assert page["cursor"] is None
