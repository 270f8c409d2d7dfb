"""What a record names is in its writer's reach when it is named; later it may go."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import pytest

from openhouse.core.errors import Invalid
from openhouse.core.principal import Principal
from openhouse.crm.module import Module
from openhouse.crm.modules.appointments import APPOINTMENTS
from openhouse.crm.modules.clients import CLIENTS
from openhouse.crm.modules.escrows import ESCROWS
from openhouse.crm.modules.leads import LEADS
from openhouse.crm.modules.listings import LISTINGS
from openhouse.storage.keys import Item, Key
from tests.fakes import AVA, BEN, DANA, MIA, STRANGER, principal
from tests.functional.brokerage import hire, staff
from tests.functional.conftest import World

# Each field that names records, with the module of what it names, and whether it is a set.
FIELDS = [
    (ESCROWS, "listingId", LISTINGS, False),
    (ESCROWS, "clientIds", CLIENTS, True),
    (APPOINTMENTS, "clientId", CLIENTS, False),
    (APPOINTMENTS, "listingId", LISTINGS, False),
    (APPOINTMENTS, "leadId", LEADS, False),
    (LEADS, "clientId", CLIENTS, False),
]
every_field = pytest.mark.parametrize(
    ("module", "field", "named", "listed"), FIELDS, ids=[f"{module.noun}-{field}" for module, field, _, _ in FIELDS]
)


@pytest.fixture(autouse=True)
def _staffed(world: World) -> None:
    staff(world)


def ids(*members: str) -> dict[str, bool]:
    return dict.fromkeys(members, True)


def made(world: World, module: Module, who: Principal = AVA, **fields: Any) -> str:
    return str(world.records.create(module, who, {**module.example, **fields})["id"])


def refused(world: World, module: Module, fields: dict[str, Any], *, of: str | None = None) -> list[tuple[str, str]]:
    """What a patch of that record is refused with, or a new one."""
    try:
        if of is None:
            made(world, module, **fields)
        else:
            world.records.patch(module, AVA, of, fields)
    except Invalid as refusal:
        return [(error["field"], error["message"]) for error in refusal.extra["errors"]]
    raise AssertionError(f"{fields} were accepted")


@contextmanager
def nothing_written(world: World) -> Iterator[None]:
    before = world.items()
    yield
    assert world.items() == before


@contextmanager
def calls(world: World) -> Iterator[Counter[str]]:
    """Counts the calls to the table."""
    counts: Counter[str] = Counter()

    def count(model: Any, **_kwargs: Any) -> None:
        counts[model.name] += 1

    world.client.meta.events.register("before-call.dynamodb", count)
    yield counts
    world.client.meta.events.unregister("before-call.dynamodb", count)


@every_field
def test_a_record_names_what_its_writer_can_reach(
    world: World, module: Module, field: str, named: Module, listed: bool
) -> None:
    for who, fields in ((AVA, {"visibility": "private"}), (BEN, {}), (MIA, {"visibility": "broker"})):
        id_ = made(world, named, who, **fields)
        value = {id_: True} if listed else id_
        record = world.records.create(module, AVA, {**module.example, field: value})
        assert record[field] == value
        other = made(world, module)
        assert world.records.patch(module, AVA, other, {field: value})[field] == value


@every_field
def test_what_is_out_of_reach_is_named_as_if_it_did_not_exist(
    world: World, module: Module, field: str, named: Module, listed: bool
) -> None:
    deleted = made(world, named)
    world.records.delete(named, AVA, deleted)
    wrong_kind = made(world, LISTINGS if named is CLIENTS else CLIENTS)
    record = made(world, module)
    others = (
        made(world, named, MIA),
        made(world, named, STRANGER),
        made(world, named, STRANGER, visibility="broker"),
        made(world, named, BEN, visibility="private"),
        made(world, named, DANA, visibility="private"),
    )
    with nothing_written(world):
        for id_ in (*others, deleted, wrong_kind, "unknown", "x" * 64):
            fields = {field: {id_: True} if listed else id_}
            fault = (field, f"there is no {named.noun} that you can reach with the id {id_}")
            assert refused(world, module, fields) == [fault]
            assert refused(world, module, fields, of=record) == [fault]


def test_every_wrong_id_is_named(world: World) -> None:
    right = made(world, CLIENTS)
    fields = {"clientIds": ids("b", right, "a"), "listingId": right}
    assert refused(world, ESCROWS, fields) == [
        ("listingId", f"there is no listing that you can reach with the id {right}"),
        ("clientIds", "there is no client that you can reach with the id a"),
        ("clientIds", "there is no client that you can reach with the id b"),
    ]


def test_an_id_too_long_for_a_key_is_refused(world: World) -> None:
    assert refused(world, ESCROWS, {"listingId": "x" * 65})[0][0] == "listingId"
    assert refused(world, ESCROWS, {"clientIds": ids("x" * 65)})[0][0].startswith("clientIds.")


# People -------------------------------------------------------------------------------------------------------------


def test_anyone_of_the_brokerage_may_attend_an_appointment(world: World) -> None:
    attendees = ids("ava", "mia", "dana", "root")
    record = world.records.create(APPOINTMENTS, AVA, {**APPOINTMENTS.example, "attendeeIds": attendees})
    assert record["attendeeIds"] == attendees


@pytest.mark.parametrize("person", ["zed", "nobody", "a b", "x#y", "x" * 128])
def test_others_may_not(world: World, person: str) -> None:
    fault = ("attendeeIds", f"there is no person in your brokerage with the id {person}")
    meeting = made(world, APPOINTMENTS)
    with nothing_written(world):
        assert refused(world, APPOINTMENTS, {"attendeeIds": ids("ben", person)}) == [fault]
        assert refused(world, APPOINTMENTS, {"attendeeIds": ids(person)}, of=meeting) == [fault]


def test_who_writes_may_attend_without_being_in_the_directory(world: World) -> None:
    """Their brokerage's backend may know its people by claims of their tokens alone."""
    newcomer = principal("ext-1", "north")
    assert made(world, APPOINTMENTS, newcomer, attendeeIds=ids("ext-1"))


# Later --------------------------------------------------------------------------------------------------------------


def test_what_has_gone_since_does_not_stand_in_the_way(world: World) -> None:
    gone, stays, next_ = (made(world, CLIENTS) for _ in range(3))
    escrow = made(world, ESCROWS, clientIds=ids(gone, stays))
    world.records.delete(CLIENTS, AVA, gone)
    patch = {"notes": "x", "clientIds": ids(gone, next_)}
    assert world.records.patch(ESCROWS, BEN, escrow, patch)["clientIds"] == ids(gone, stays, next_)
    without = {"clientIds": {gone: None, next_: None}}
    assert world.records.patch(ESCROWS, BEN, escrow, without)["clientIds"] == ids(stays)
    assert refused(world, ESCROWS, {"clientIds": ids(gone)}, of=escrow)[0][0] == "clientIds"


def test_what_a_colleague_cannot_reach_does_not_stand_in_their_way(world: World) -> None:
    listing = made(world, LISTINGS, visibility="private")
    escrow = made(world, ESCROWS, listingId=listing)
    assert world.records.patch(ESCROWS, BEN, escrow, {"listingId": listing, "notes": "x"})["version"] == 2


def test_an_attendee_who_has_left_does_not_stand_in_the_way(world: World) -> None:
    meeting = made(world, APPOINTMENTS, attendeeIds=ids("ben", "mia"))
    world.directory.remove_user("harbor", "ben")
    assert world.records.patch(APPOINTMENTS, AVA, meeting, {"attendeeIds": ids("ben", "dana")})["version"] == 2
    assert refused(world, APPOINTMENTS, {"attendeeIds": ids("mia", "ben")}, of=made(world, APPOINTMENTS))


def test_what_moves_while_it_is_looked_for_is_found_all_the_same(world: World) -> None:
    client = made(world, CLIENTS)
    get_many = world.table.get_many

    def torn(keys: Sequence[Key], *, only_keys: bool = False, **_: Any) -> list[Item]:
        """Reads the room it comes to before the move, and the room it leaves afterwards."""
        if not any(key["sk"].startswith("client#") for key in keys):
            return get_many(keys, only_keys=only_keys)
        world.table.get_many = get_many
        early = get_many([key for key in keys if "broker:" in key["pk"]], only_keys=only_keys)
        world.records.patch(CLIENTS, AVA, client, {"visibility": "broker"})
        return early + get_many([key for key in keys if "broker:" not in key["pk"]], only_keys=only_keys)

    world.table.get_many = torn
    assert made(world, ESCROWS, BEN, clientIds=ids(client))


# Cost ---------------------------------------------------------------------------------------------------------------


def test_many_references_are_read_in_few_calls(world: World) -> None:
    clients = [made(world, CLIENTS) for _ in range(50)]
    escrow, listing = made(world, ESCROWS), made(world, LISTINGS)
    with calls(world) as without:
        world.records.patch(ESCROWS, AVA, escrow, {"notes": "x"})
    with calls(world) as with_them:
        world.records.patch(ESCROWS, AVA, escrow, {"clientIds": ids(*clients), "listingId": listing})
    # Where each of 51 records is, side by side; then all of them at once.
    assert with_them - without == {"Query": 51, "BatchGetItem": 1}


def test_many_people_are_read_in_one_call(world: World) -> None:
    people = [f"agent-{number}" for number in range(50)]
    for person in people:
        hire(world, principal(person, "north"))
    meeting = made(world, APPOINTMENTS)
    with calls(world) as without:
        world.records.patch(APPOINTMENTS, AVA, meeting, {"location": "here"})
    with calls(world) as with_them:
        world.records.patch(APPOINTMENTS, AVA, meeting, {"attendeeIds": ids(*people)})
    assert with_them - without == {"BatchGetItem": 1}
