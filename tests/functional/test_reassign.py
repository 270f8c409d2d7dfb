"""Giving a record to another owner or team: leads and brokers may, to someone of the brokerage who can see it then."""

from __future__ import annotations

from typing import Any

import pytest

from openhouse.core.errors import Forbidden, Invalid, NotFound, OpenhouseError
from openhouse.core.principal import Principal
from openhouse.crm.modules.clients import CLIENTS
from tests.fakes import AVA, BEN, DANA, MIA, principal
from tests.functional.brokerage import LEE, LOU, SUE, TOM, hire, staff
from tests.functional.conftest import World
from tests.functional.logs import commits, events, types

ZOE = CLIENTS.example
NORTH, SOUTH, HARBOR = "team:north", "team:south", "broker:harbor"


@pytest.fixture(autouse=True)
def _staffed(world: World) -> None:
    staff(world)


def made(world: World, who: Principal = AVA, **fields: Any) -> str:
    return str(world.records.create(CLIENTS, who, {**ZOE, **fields})["id"])


def patch(world: World, who: Principal, id_: str, **fields: Any) -> Any:
    return world.records.patch(CLIENTS, who, id_, fields)


def refused(world: World, who: Principal, id_: str, kind: type[OpenhouseError], **fields: Any) -> list[str]:
    """The fields that are named. Nothing is written."""
    before = world.items()
    with pytest.raises(kind) as refusal:
        patch(world, who, id_, **fields)
    assert world.items() == before
    return [error["field"] for error in refusal.value.extra.get("errors", [])]


# Who may ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", [LEE, DANA], ids=lambda who: who.role)
def test_a_lead_and_a_broker_give_a_record_to_another_owner(world: World, who: Principal) -> None:
    id_ = made(world)
    after = patch(world, who, id_, ownerId="ben")
    assert (after["ownerId"], after["room"], after["version"], after["updatedBy"]) == ("ben", NORTH, 2, who.user_id)
    told = events(world, NORTH)[-1]
    assert (told["type"], told["data"]["changes"]["ownerId"]) == ("client:updated", "ben")


ROOT = principal("root", "north", "south", role="admin")


@pytest.mark.parametrize("who", [AVA, BEN, TOM, ROOT], ids=["owner", "colleague", "both", "admin"])
def test_nobody_else_gives_it_away_not_even_its_owner(world: World, who: Principal) -> None:
    assert refused(world, who, made(world), Forbidden, ownerId="ben" if who != BEN else "tom") == []


@pytest.mark.parametrize("who", [BEN, TOM, ROOT], ids=["colleague", "both", "admin"])
def test_only_its_owner_a_lead_and_a_broker_move_it_to_another_team(world: World, who: Principal) -> None:
    assert refused(world, who, made(world), Forbidden, teamId="south") == []
    assert refused(world, AVA, made(world), Invalid, teamId="south") == ["teamId"]
    assert patch(world, TOM, made(world, TOM, teamId="north"), teamId="south")["room"] == SOUTH


def test_a_lead_of_another_team_does_not_find_it(world: World) -> None:
    refused(world, SUE, made(world), NotFound, ownerId="sue")


def test_a_lead_takes_no_record_of_another_team_that_the_whole_brokerage_sees(world: World) -> None:
    theirs, own = made(world, MIA, visibility="broker"), made(world, LEE, visibility="broker")
    refused(world, LEE, theirs, Forbidden, ownerId=LEE.user_id)
    assert patch(world, LEE, own, ownerId="ben")["ownerId"] == "ben"
    assert patch(world, DANA, theirs, ownerId="ben", teamId="north")["ownerId"] == "ben"


def test_no_sequence_of_steps_takes_a_record_that_one_step_refuses(world: World) -> None:
    theirs = made(world, MIA, visibility="broker")
    for step in ({"ownerId": "lee"}, {"teamId": "north"}, {"visibility": "team"}, {"visibility": "private"}):
        refused(world, LEE, theirs, Forbidden, **step)
    agents = made(world)
    assert patch(world, LEE, agents, ownerId="lee")["takenOver"]
    refused(world, LEE, agents, Forbidden, visibility="private")
    given = patch(world, LEE, agents, ownerId="ava")
    assert not given["takenOver"]
    assert patch(world, AVA, agents, visibility="private")["room"] == "user:ava"


def test_to_give_it_to_whom_it_belongs_changes_nothing(world: World) -> None:
    id_ = made(world)
    assert patch(world, AVA, id_, ownerId="ava", teamId="north")["version"] == 1
    assert len(commits(world, NORTH)) == 1


# To whom ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "owner", ["nobody", "zed", "mia", "a b", "x" * 128], ids=["unknown", "other", "south", "text", "long"]
)
def test_the_owner_is_of_the_brokerage_and_can_see_the_record(world: World, owner: str) -> None:
    assert refused(world, DANA, made(world), Invalid, ownerId=owner) == ["ownerId"]


def test_who_left_the_brokerage_is_given_nothing(world: World) -> None:
    id_ = made(world)
    world.directory.remove_user("harbor", "ben")
    assert refused(world, LEE, id_, Invalid, ownerId="ben") == ["ownerId"]


def test_who_leaves_the_team_while_a_record_is_given_to_them_does_not_get_it(world: World) -> None:
    id_ = made(world)
    transact = world.table.transact

    def after_ben_has_moved(writes: Any) -> None:
        world.table.transact = transact
        hire(world, principal("ben", "south"))
        transact(writes)

    world.table.transact = after_ben_has_moved
    assert refused_later(world, LEE, id_, ownerId="ben") == ["ownerId"]
    assert world.records.read(CLIENTS, AVA, id_).owner_id == "ava"


def refused_later(world: World, who: Principal, id_: str, **fields: Any) -> list[str]:
    with pytest.raises(Invalid) as refusal:
        patch(world, who, id_, **fields)
    return [error["field"] for error in refusal.value.extra["errors"]]


def test_a_record_without_an_owner_does_not_exist(world: World) -> None:
    assert refused(world, LEE, made(world), Invalid, ownerId=None) == ["ownerId"]


def test_a_broker_can_own_a_record_of_any_team(world: World) -> None:
    assert patch(world, LEE, made(world), ownerId="dana")["ownerId"] == "dana"


def test_the_owner_of_what_all_see_is_in_its_team_too(world: World) -> None:
    id_ = made(world, visibility="broker")
    assert refused(world, LEE, id_, Invalid, ownerId="mia") == ["ownerId"]
    assert patch(world, DANA, id_, ownerId="mia", teamId="south")["room"] == HARBOR
    refused(world, DANA, id_, Invalid, ownerId="zed")


# To another team ----------------------------------------------------------------------------------------------------


def test_a_record_moves_to_another_team_in_one_transaction(world: World) -> None:
    id_ = made(world)
    after = patch(world, LOU, id_, teamId="south", ownerId="mia")
    assert (after["room"], after["teamId"], after["ownerId"], after["version"]) == (SOUTH, "south", "mia", 2)
    left = commits(world, NORTH)[-1]["events"]
    came = commits(world, SOUTH)[-1]["events"]
    gone = {"clientId": id_, "version": 2, "updatedBy": "lou", "reason": "moved"}
    assert [event["type"] for event in left] == ["client:deleted", "client:stats"]
    assert left[0]["data"] == gone
    assert [event["type"] for event in came] == ["client:created", "client:stats"]
    assert came[0]["data"] == {"clientId": id_, "version": 2, "updatedBy": "lou", "client": after}
    assert [item["pk"]["S"] for item in world.items("R#")] == [f"R#{SOUTH}"]
    assert world.records.read(CLIENTS, MIA, id_).wire() == after
    with pytest.raises(NotFound):
        world.records.read(CLIENTS, AVA, id_)


def test_a_move_that_cannot_be_written_leaves_both_rooms_as_they_were(world: World) -> None:
    id_ = made(world)
    before = world.items()

    def failing(writes: Any) -> None:
        raise RuntimeError("the network is gone")

    world.table.transact = failing
    with pytest.raises(RuntimeError):
        patch(world, LOU, id_, teamId="south", ownerId="mia")
    assert [item for item in world.items() if item["sk"]["S"] != "HEAD"] == [
        item for item in before if item["sk"]["S"] != "HEAD"
    ]


def test_its_owner_comes_along_or_another_is_named(world: World) -> None:
    id_ = made(world)
    assert refused(world, LOU, id_, Invalid, teamId="south") == ["ownerId"]
    toms = patch(world, LEE, id_, ownerId="tom")
    assert patch(world, LOU, id_, teamId="south")["ownerId"] == toms["ownerId"]


@pytest.mark.parametrize("visibility", ["team", "private", "broker"])
def test_nobody_moves_a_record_into_a_team_that_they_are_not_in(world: World, visibility: str) -> None:
    id_ = made(world, LEE, visibility=visibility)
    assert refused(world, LEE, id_, Invalid, teamId="south") == ["teamId"]
    assert refused(world, LEE, id_, Invalid, teamId="south", ownerId="mia") == ["teamId"]
    assert refused(world, LEE, id_, Invalid, teamId="west") == ["teamId"]
    assert refused(world, LEE, id_, Invalid, teamId="south", visibility="team") == ["teamId"]


def test_a_lead_who_has_left_a_team_cannot_bring_a_record_back_there(world: World) -> None:
    id_ = made(world, LEE, visibility="broker")
    elsewhere = principal("lee", "south", role="lead")
    hire(world, elsewhere)
    refused(world, elsewhere, id_, Forbidden, visibility="team")
    assert patch(world, elsewhere, id_, visibility="team", teamId="south")["room"] == SOUTH


# What is private ----------------------------------------------------------------------------------------------------


def test_a_private_record_is_shared_before_it_is_given_away(world: World) -> None:
    id_ = made(world, LEE, visibility="private")
    refused(world, LEE, id_, Forbidden, ownerId="ben")
    after = patch(world, LEE, id_, ownerId="ben", visibility="team")
    assert (after["room"], after["ownerId"], after["version"]) == (NORTH, "ben", 2)
    assert types(world, "user:lee") == ["client:created", "client:deleted"]


def test_an_agent_keeps_their_private_records(world: World) -> None:
    refused(world, AVA, made(world, visibility="private"), Forbidden, ownerId="ben")


def test_nobody_hides_anothers_record_even_while_giving_it_away(world: World) -> None:
    id_ = made(world)
    refused(world, LEE, id_, Forbidden, visibility="private")
    refused(world, LEE, id_, Forbidden, visibility="private", ownerId="ben")
    refused(world, LEE, id_, Forbidden, visibility="private", ownerId="lee")


# From the beginning -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", [LEE, DANA], ids=lambda who: who.role)
def test_a_lead_and_a_broker_begin_a_record_for_someone_else(world: World, who: Principal) -> None:
    record = world.records.create(CLIENTS, who, {**ZOE, "ownerId": "ben", "teamId": "north"})
    assert (record["ownerId"], record["createdBy"], record["room"]) == ("ben", who.user_id, NORTH)


@pytest.mark.parametrize(
    ("who", "fields", "kind"),
    [
        (AVA, {"ownerId": "ben"}, Forbidden),
        (TOM, {"ownerId": "ben", "teamId": "north"}, Forbidden),
        (LEE, {"ownerId": "ben", "visibility": "private"}, Forbidden),
        (LEE, {"ownerId": "mia"}, Invalid),
        (LEE, {"ownerId": "nobody"}, Invalid),
        (DANA, {"ownerId": "zed", "visibility": "broker"}, Invalid),
        (LEE, {"ownerId": "mia", "teamId": "south"}, Invalid),
        (LEE, {"ownerId": ""}, Invalid),
        (LEE, {"ownerId": None}, Invalid),
    ],
)
def test_beginning_a_record_for_others_has_the_same_limits(
    world: World, who: Principal, fields: dict[str, Any], kind: type[OpenhouseError]
) -> None:
    before = world.items()
    with pytest.raises(kind):
        world.records.create(CLIENTS, who, {**ZOE, **fields})
    assert world.items() == before


def test_one_may_name_oneself(world: World) -> None:
    assert world.records.create(CLIENTS, AVA, {**ZOE, "ownerId": "ava"})["ownerId"] == "ava"
