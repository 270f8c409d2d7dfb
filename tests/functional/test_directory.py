"""The directory and its administration."""

from __future__ import annotations

from typing import Any

import pytest

from openhouse.core.errors import Conflict, Forbidden, Invalid, NotFound, UserUnknown
from openhouse.core.principal import Principal
from openhouse.identity.directory import Directory, Team, User
from openhouse.identity.sessions import Sessions
from openhouse.identity.tokens import Claims
from tests.fakes import AVA, principal
from tests.functional.conftest import World
from tests.functional.test_http import call, problem

ADMIN = principal("root", role="admin")
ROOT = User(user_id="root", email="r@x", name="Root", role="admin")


def user(user_id: str, *team_ids: str, role: Any = "agent") -> User:
    return User(user_id=user_id, email=f"{user_id}@x", name=user_id, role=role, team_ids=team_ids)


@pytest.fixture(autouse=True)
def brokerages(world: World) -> None:
    world.directory.found("harbor", "Harbor", ROOT)
    world.directory.found("other", "Other", user("zed", role="admin"))
    for team in ("north", "south"):
        world.directory.put_team("harbor", Team(team_id=team, name=team))


def test_an_agent_is_in_their_teams_and_a_broker_in_every_team(world: World) -> None:
    world.directory.put_user("harbor", user("ava", "north"))
    world.directory.put_user("harbor", user("dana", role="broker"))
    assert world.directory.principal("ava", 9).rooms == ("user:ava", "team:north", "broker:harbor")
    assert world.directory.principal("dana", 9).rooms == ("user:dana", "team:north", "team:south", "broker:harbor")


@pytest.mark.parametrize("user_id", ["nobody", "", "a b", "x#y", "x:y", "x" * 129])
def test_a_user_the_directory_does_not_know_is_refused(world: World, user_id: str) -> None:
    with pytest.raises(UserUnknown):
        world.directory.principal(user_id, 9)


def test_a_brokerage_is_founded_once(world: World) -> None:
    with pytest.raises(Conflict):
        world.directory.found("harbor", "Again", user("new", role="admin"))
    with pytest.raises(Conflict):
        world.directory.found("third", "Third", ROOT)
    with pytest.raises(UserUnknown):
        world.directory.principal("new", 9)


def test_another_brokerages_users_and_teams_cannot_be_taken(world: World) -> None:
    with pytest.raises(Conflict):
        world.directory.put_user("harbor", user("zed"))
    with pytest.raises(Conflict):
        world.directory.put_team("other", Team(team_id="north", name="Mine"))
    with pytest.raises(NotFound):
        world.directory.remove_user("harbor", "zed")
    with pytest.raises(Invalid):
        world.directory.put_user("other", user("new", "north"))
    assert world.directory.principal("zed", 9).brokerage_id == "other"


def test_an_administrator_sets_up_the_brokerage_over_rest(world: World) -> None:
    body = {"email": "ava@x", "name": "Ava", "role": "agent", "teamIds": ["north"]}
    assert call(world, "PUT", "/directory/users/ava", body, who=ADMIN)[0] == 200
    status, east, _ = call(world, "POST", "/directory/teams", {"name": "East"}, who=ADMIN)
    assert (status, east["name"]) == (201, "East")
    path = f"/directory/teams/{east['teamId']}"
    assert call(world, "PUT", path, {"name": "Far East"}, who=ADMIN)[1] == {**east, "name": "Far East"}
    roster = call(world, "GET", "/directory", who=AVA)[1]
    assert roster["brokerage"] == {"brokerageId": "harbor", "name": "Harbor"}
    assert [team["teamId"] for team in roster["teams"]] == [*sorted([east["teamId"], "north", "south"])]
    assert roster["users"][0] == {"userId": "ava", **body, "invitedAt": None}
    assert call(world, "DELETE", "/directory/users/ava", who=ADMIN)[0] == 204
    assert call(world, "DELETE", "/directory/users/ava", who=ADMIN)[0] == 204
    assert "ava" not in [one["userId"] for one in call(world, "GET", "/directory", who=ADMIN)[1]["users"]]
    assert problem(call(world, "DELETE", "/directory/users/zed", who=ADMIN)) == (404, "not_found")


def test_a_login_stays_with_its_brokerage_also_after_it_was_removed(world: World) -> None:
    world.directory.put_user("harbor", user("ava", "north"))
    world.directory.remove_user("harbor", "ava")
    world.directory.remove_user("harbor", "ava")
    with pytest.raises(UserUnknown):
        world.directory.principal("ava", 9)
    with pytest.raises(Conflict):
        world.directory.put_user("other", user("ava"))
    world.directory.put_user("harbor", user("ava", "south"))
    assert world.directory.principal("ava", 9).team_ids == ("south",)


@pytest.mark.parametrize("act", ["demote", "remove"])
def test_of_two_administrators_who_act_on_each_other_at_once_one_remains(world: World, act: str) -> None:
    eve = User(user_id="eve", email="eve@demo.test", name="Eve", role="admin")
    world.directory.put_user("harbor", eve)
    root, rival = principal("root", role="admin"), principal("eve", role="admin")

    def strike(who: Principal, other: str) -> None:
        if act == "demote":
            demoted = User(user_id=other, email=f"{other}@demo.test", name=other, role="agent")
            world.administration.put_user(who, demoted)
        else:
            world.administration.remove_user(who, other)

    transact = world.table.transact

    def second(writes: Any) -> None:
        world.table.transact = transact
        strike(rival, "root")
        transact(writes)

    world.table.transact = second
    with pytest.raises(Forbidden):
        strike(root, "eve")
    assert [user.user_id for user in world.directory.users("harbor") if user.role == "admin"] == ["eve"]


def test_who_is_no_administrator_any_more_changes_nothing(world: World) -> None:
    world.directory.put_user("harbor", User(user_id="eve", email="e@demo.test", name="Eve", role="agent"))
    stale = principal("eve", role="admin")
    before = world.items("D#")
    for act in (
        lambda: world.administration.create_team(stale, "East"),
        lambda: world.administration.rename_team(stale, Team(team_id="north", name="East")),
        lambda: world.administration.put_user(stale, User(user_id="x", email="x@demo.test", name="X", role="admin")),
        lambda: world.administration.put_user(stale, User(user_id="eve", email="e@d.test", name="E", role="admin")),
        lambda: world.administration.remove_user(stale, "root"),
    ):
        with pytest.raises(Forbidden):
            act()
    assert world.items("D#") == before


def test_a_team_named_twice_counts_once(world: World) -> None:
    world.directory.put_user("harbor", user("ava", "north", "north"))
    assert world.directory.principal("ava", 9).team_ids == ("north",)


@pytest.mark.parametrize("role", ["agent", "lead", "broker"])
def test_nobody_else_changes_the_directory(world: World, role: str) -> None:
    who = principal("ava", "north", role=role)
    body = {"email": "a@x", "name": "A", "role": "admin"}
    assert problem(call(world, "PUT", "/directory/users/ava", body, who=who)) == (403, "forbidden")
    assert problem(call(world, "POST", "/directory/teams", {"name": "T"}, who=who)) == (403, "forbidden")
    assert problem(call(world, "PUT", "/directory/teams/north", {"name": "T"}, who=who)) == (403, "forbidden")
    assert problem(call(world, "DELETE", "/directory/users/root", who=who)) == (403, "forbidden")


def test_an_administrator_cannot_remove_or_demote_themselves(world: World) -> None:
    body = {"email": "r@x", "name": "Root", "role": "agent"}
    assert problem(call(world, "PUT", "/directory/users/root", body, who=ADMIN)) == (409, "conflict")
    assert problem(call(world, "DELETE", "/directory/users/root", who=ADMIN)) == (409, "conflict")


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/directory/users/x", {"email": "x", "name": "X", "role": "king"}),
        ("/directory/users/x", {"email": "x", "name": "X", "role": "agent", "teamIds": ["nowhere"]}),
        ("/directory/users/x", {"name": "X", "role": "agent"}),
        ("/directory/users/x%23y", {"email": "x", "name": "X", "role": "agent"}),
        ("/directory/teams/north", {}),
    ],
)
def test_a_wrong_entry_is_refused(world: World, path: str, body: Any) -> None:
    path = path.replace("%23", "#")
    assert call(world, "PUT", path, body, who=ADMIN)[0] in (404, 422)


@pytest.mark.parametrize(
    "one", ["#", ":", "/", " ", "\n", "\x00", "\x1b", "\x7f", "\x9b", "\u202e", "\u200b", "\ud800"], ids=ascii
)
def test_what_no_id_may_hold_is_nobodys(world: World, one: str) -> None:
    """It would reach into another key, or write at the terminal of whoever lists people."""
    entry = {"email": "x@demo.test", "name": "X", "role": "agent"}
    answered = call(world, "PUT", f"/directory/users/a{one}b", entry, who=ADMIN)
    assert answered[0] in (404, 422)
    with pytest.raises(Invalid):
        world.directory.put_user("harbor", User(user_id=f"a{one}b", email="x@x", name="X", role="agent"))
    with pytest.raises(UserUnknown):
        world.directory.principal(f"a{one}b", 9)


def test_a_new_team_opens_to_every_broker_at_once(world: World) -> None:
    world.directory.put_user("harbor", user("dana", role="broker"))
    dana = world.directory.principal("dana", AVA.expires_at)
    world.gateway.open.add("d")
    world.connections.connect("d", dana)
    world.connections.join(world.connections.find("d"), dana)
    world.administration.rename_team(ADMIN, Team(team_id="north", name="North again"))
    assert world.gateway.open == {"d"}
    world.administration.create_team(ADMIN, "East")
    assert world.gateway.open == set()


def test_a_new_team_has_an_id_of_the_servers_and_a_repeat_adds_none(world: World) -> None:
    key = {"idempotency-key": "k"}
    first = call(world, "POST", "/directory/teams", {"name": "East"}, who=ADMIN, headers=key)
    assert call(world, "POST", "/directory/teams", {"name": "East"}, who=ADMIN, headers=key)[:2] == first[:2]
    other = call(world, "POST", "/directory/teams", {"name": "West"}, who=ADMIN, headers=key)
    assert problem(other) == (409, "idempotency_mismatch")
    assert [team.name for team in world.directory.teams("harbor")].count("East") == 1


def test_anothers_team_is_as_if_it_did_not_exist(world: World) -> None:
    world.directory.put_team("other", Team(team_id="west", name="West"))
    for unknown in ("west", "nowhere", "a:b"):
        refused = call(world, "PUT", f"/directory/teams/{unknown}", {"name": "Mine"}, who=ADMIN)
        assert problem(refused) == (404, "not_found")
        assert refused[1]["detail"] == "there is no such team in your brokerage"
    assert [team.name for team in world.directory.teams("other")] == ["West"]


def test_a_broker_by_claims_is_in_every_team_that_the_directory_has(world: World) -> None:
    verifier: Any = Trusting(brokerId="harbor", role="broker")
    gate = Sessions(verifier, Directory(world.table, trust_claims=True), world.connections)
    assert gate.by_claims(gate.claims("Bearer x")).team_ids == ("north", "south")


class Trusting:
    """A verifier that has verified already."""

    def __init__(self, **claims: Any) -> None:
        self._claims = claims

    def verify(self, _token: str) -> Claims:
        return Claims("ext-1", 9, self._claims)


@pytest.mark.parametrize(
    ("claims", "trusted", "known"),
    [
        ({"brokerId": "b9", "teamId": "t9", "role": "agent"}, True, True),
        ({"brokerId": "b9", "role": "lead"}, True, True),
        ({"brokerId": "b9", "teamId": "t9", "role": "agent"}, False, False),
        ({"brokerId": "b9", "teamId": "t9", "role": "emperor"}, True, False),
        ({"brokerId": "b#9", "role": "agent"}, True, False),
        ({"teamId": "t9", "role": "agent"}, True, False),
    ],
)
def test_claims_of_a_trusted_issuer_stand_in_for_a_directory_entry(
    world: World, claims: dict[str, Any], trusted: bool, known: bool
) -> None:
    verifier: Any = Trusting(**claims)
    gate = Sessions(verifier, Directory(world.table, trust_claims=trusted), world.connections)
    if known:
        assert gate.by_claims(gate.claims("Bearer x")).brokerage_id == "b9"
        assert gate.by_claims(gate.claims("Bearer x")).team_ids == ((claims["teamId"],) if "teamId" in claims else ())
    else:
        with pytest.raises(UserUnknown):
            gate.by_claims(gate.claims("Bearer x"))
