"""A broker is in the rooms of all teams of the brokerage: what that costs with 1, 3, 300 and 1,000 of them.

Calls and units are counted, not seconds: how long 1,000 queries take is for the number of threads to say.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import boto3
import pytest

from bench.meter import Meter
from openhouse.api.protocol import MAX_FRAME_BYTES
from openhouse.core.errors import Conflict, Invalid
from openhouse.core.ids import MAX_ID_LENGTH
from openhouse.core.principal import Principal
from openhouse.crm.modules.clients import CLIENTS
from openhouse.crm.modules.escrows import ESCROWS
from openhouse.identity.directory import MOST_TEAMS, Directory, Team, User
from openhouse.rooms.allowance import CAPACITY
from openhouse.rooms.gateway import LARGEST_FRAME_BYTES
from openhouse.storage.keys import roster_key
from openhouse_client.feed import Feed
from openhouse_client.protocol import parts, read_positions, read_sync
from tests.fakes import FakeGateway, principal
from tests.functional.conftest import World
from tests.functional.list_model import page
from tests.functional.live_entities import VIEWINGS, always
from tests.functional.memory_world import InMemory, broker_of, team_id
from tests.functional.sockets import open_socket, say

NUMBERS = (1, 3, 300, MOST_TEAMS)
DOCUMENT = (Path(__file__).parents[2] / "docs" / "lists.md").read_text()
HOUSE = {"propertyAddress": "1 Harbor Way", "notes": "n" * 1_300}
LARGEST_MESSAGE = 128 * 1024  # that API Gateway posts

Costs = dict[str, tuple[int, float]]  # by operation: calls and units


def costs(world: World, act: Callable[[], Any]) -> Costs:
    meter = Meter(world.client.meta.events, boto3.Session().client("dynamodb"))
    with meter.of("crm"):
        act()
    return {line.operation: (line.calls, line.read_units + line.write_units) for line in meter.take()}


def read_units(costs: Costs) -> float:
    return sum(units for _, units in costs.values())


# REST ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("teams", NUMBERS)
def test_a_change_is_a_commit_that_costs_the_same_whatever_the_number_of_teams(world: World, teams: int) -> None:
    broker = broker_of(teams)
    made = world.records.create(ESCROWS, broker, {**HOUSE, "teamId": team_id(0)})
    counted = costs(world, lambda: world.records.patch(ESCROWS, broker, made["id"], {"purchasePriceCents": 1}))
    assert counted == {"Query": (1, 1), "BatchGetItem": (2, 2), "TransactWriteItems": (1, 10)}


@pytest.mark.parametrize("teams", NUMBERS)
def test_a_hint_that_somebody_else_has_an_address_is_one_query_whatever_the_number_of_teams(
    world: World, teams: int
) -> None:
    broker = broker_of(teams)
    ana = {"firstName": "Ana", "email": "ana@example.com"}
    world.records.create(CLIENTS, broker, {**ana, "teamId": team_id(teams - 1)})
    again: list[Any] = []

    def create() -> None:
        again.append(world.records.create(CLIENTS, broker, {**ana, "teamId": team_id(0)}))

    assert costs(world, create)["Query"] == (1, 1)
    assert [hint["field"] for hint in again[0]["warnings"]] == ["email"]


@pytest.mark.parametrize("teams", NUMBERS)
def test_records_lists_and_stats_cost_what_the_document_says(world: World, teams: int) -> None:
    broker, rooms = broker_of(teams), teams + 2
    hundreds = -(-rooms // 100)
    new = [{"record": {**HOUSE, "teamId": team_id(number % teams)}} for number in range(100)]
    ids = [result["id"] for result in world.bulk.write(ESCROWS, broker, new)]
    world.log.heads(broker.rooms)
    found: list[Any] = []
    one = costs(world, lambda: world.records.read(ESCROWS, broker, ids[0]))
    many = costs(world, lambda: world.records.read_some(ESCROWS, broker, ids))
    listed = costs(world, lambda: found.append(page(world, ESCROWS, broker, {})))
    stats = costs(world, lambda: world.stats.read(ESCROWS, broker))
    assert one == {"Query": (1, 1), "BatchGetItem": (1, 1)}
    assert many == {"Query": (100, 100), "BatchGetItem": (1, 100)}
    assert len(found[0]["items"]) == 50
    assert listed["Query"][0] == rooms
    if teams > 1:
        assert listed["BatchGetItem"] == (hundreds + 1, rooms + 50)  # heads, and the records
    assert stats == {"BatchGetItem": (hundreds, rooms)}
    figures = " | ".join(f"{read_units(each):,g}" for each in (one, many, listed, stats))
    assert f"| {teams:,} | {figures} |" in DOCUMENT


# What waits for nothing else is asked side by side -------------------------------------------------------------------


@pytest.fixture
def memory() -> InMemory:
    return InMemory()


@pytest.mark.parametrize(
    "ask",
    [
        pytest.param(lambda world, who: page(world, ESCROWS, who, {}), id="a list"),
        pytest.param(lambda world, who: world.live_states.page(VIEWINGS, who.rooms), id="live states"),
    ],
)
def test_rooms_are_queried_side_by_side(memory: InMemory, ask: Callable[[World, Principal], Any]) -> None:
    broker = memory.found(MOST_TEAMS)
    memory.log.heads(broker.rooms)  # which opens their logs, side by side, too
    memory.together.most = 0
    ask(memory, broker)
    assert memory.together.most == len(broker.rooms)


def test_many_records_are_looked_for_side_by_side(memory: InMemory) -> None:
    broker = memory.found(1)
    memory.records.read_some(ESCROWS, broker, [f"id-{number}" for number in range(30)])
    assert memory.together.most == 30


def test_live_states_of_all_rooms_are_listed_in_the_order_of_the_rooms(memory: InMemory) -> None:
    broker = memory.found(5)
    for room in reversed(broker.rooms):
        memory.live_states.change(VIEWINGS, room, "v", always({"listing_id": room}), by="dana")
    listed = memory.live_states.page(VIEWINGS, broker.rooms)["items"]
    assert [state["room"] for state in listed] == list(broker.rooms)


# The socket ----------------------------------------------------------------------------------------------------------


def sync_all(world: World, socket: str, feed: Feed, sizes: list[int] | None = None) -> None:
    """What the client does, once: asks in as many parts as it takes, and loads what is lost."""
    questions = feed.questions()
    for asked in questions:
        positions = {room: position.wire() for room, position in asked.items()}
        about: dict[str, Any] = {"positions": positions, **({"part": True} if len(questions) > 1 else {})}
        if sizes is not None:
            sizes.append(len(json.dumps({"action": "sync", "id": "1", **about}, separators=(",", ":"))))
        reply = say(world, socket, action="sync", **about)
        assert reply["ok"], reply
        feed.resumed(asked, read_sync(reply), part=len(questions) > 1)
    if len(questions) > 1:
        feed.joined(read_positions(say(world, socket, action="ping")["rooms"]).keys())
    feed.reset({room: each.end for room, each in feed.lost.items()})


def test_a_broker_of_1000_teams_syncs_in_frames_that_api_gateway_takes(memory: InMemory) -> None:
    broker, feed, sizes = memory.found(MOST_TEAMS), Feed(), list[int]()
    open_socket(memory, "d", broker)
    before = memory.table.calls["transact"]
    for _ in range(3):  # from nothing, then twice from where it is
        sync_all(memory, "d", feed, sizes)
        assert feed.positions().keys() == set(broker.rooms)
        assert not feed.behind
    assert len(sizes) == 1 + 2 * 4
    assert max(sizes) < MAX_FRAME_BYTES
    gateway: FakeGateway = memory.gateway
    assert max(map(len, gateway.posted["d"])) < LARGEST_MESSAGE
    assert memory.connections.find("d").allowance.left > CAPACITY / 2
    # Of 99 members and the connection each, and only the first time.
    assert memory.table.calls["transact"] - before == 11


def test_each_part_of_a_sync_is_answered_with_the_rooms_that_it_names(memory: InMemory) -> None:
    broker = memory.found(5)
    open_socket(memory, "d", broker)
    named = {"epoch": "", "seq": 0}
    reply = say(memory, "d", action="sync", part=True, positions={broker.rooms[1]: named, "team:elsewhere": named})
    assert list(reply["rooms"]) == [broker.rooms[1]]
    assert (reply["rooms"][broker.rooms[1]]["reset"], reply["more"]) == (True, False)
    assert len(memory.connections.members(broker.rooms[4])) == 1  # it is in all of them all the same


def test_a_commit_missed_in_any_of_1000_rooms_is_replayed(memory: InMemory) -> None:
    broker, feed = memory.found(MOST_TEAMS), Feed()
    open_socket(memory, "d", broker)
    sync_all(memory, "d", feed)
    for number in (0, 400, MOST_TEAMS - 1):
        memory.records.create(ESCROWS, broker, {**HOUSE, "teamId": team_id(number)})
    sync_all(memory, "d", feed)
    gateway: FakeGateway = memory.gateway
    missed = [commit["room"] for commit in gateway.commits("d")]
    assert missed == [f"team:{team_id(number)}" for number in (0, 400, MOST_TEAMS - 1)]


def test_a_team_that_comes_and_one_that_is_left_are_noticed_by_who_syncs_in_parts(memory: InMemory) -> None:
    memory.found(MOST_TEAMS)
    dana = User(user_id="dana", email="d@x", name="Dana", role="agent")
    most = tuple(map(team_id, range(MOST_TEAMS - 1)))
    memory.directory.put_user("harbor", User(**{**vars(dana), "team_ids": most}))
    feed = Feed()
    open_socket(memory, "d", memory.directory.principal("dana", broker_of(1).expires_at))
    sync_all(memory, "d", feed)
    memory.directory.put_user("harbor", User(**{**vars(dana), "team_ids": (*most[1:], team_id(MOST_TEAMS - 1))}))
    sync_all(memory, "d", feed)
    assert feed.behind  # it has heard of a room that it knows nothing of
    sync_all(memory, "d", feed)
    rooms = memory.directory.principal("dana", 0).rooms
    assert set(feed.positions()) == set(rooms)
    assert not feed.behind


def test_a_reply_tells_of_no_more_rooms_than_fit_and_says_that_there_are_more(memory: InMemory) -> None:
    memory.found(0)
    long = [f"{number:04d}".ljust(MAX_ID_LENGTH, "x") for number in range(MOST_TEAMS)]
    for id_ in long:
        memory.table.put({**roster_key("harbor", "team", id_), "team_id": id_, "name": "x"})
    open_socket(memory, "d", principal("dana", role="broker"))
    feed = Feed()
    reply = say(memory, "d", action="sync")
    assert reply["more"]
    assert LARGEST_FRAME_BYTES * 0.8 < len(json.dumps(reply, separators=(",", ":"))) < LARGEST_FRAME_BYTES
    for _ in range(4):
        sync_all(memory, "d", feed)
    assert feed.positions().keys() == set(memory.directory.principal("dana", 0).rooms)
    assert len(parts(feed.positions())) > 1
    gateway: FakeGateway = memory.gateway
    assert max(map(len, gateway.posted["d"])) < LARGEST_MESSAGE  # also of a ping, which tells of all


def test_rooms_that_were_missed_for_long_are_replayed_a_hundred_at_a_time(memory: InMemory) -> None:
    broker, feed = memory.found(150), Feed()
    open_socket(memory, "d", broker)
    sync_all(memory, "d", feed)
    for number in range(150):
        memory.records.create(ESCROWS, broker, {**HOUSE, "teamId": team_id(number)})
    asked = {room: position.wire() for room, position in feed.positions().items()}
    first = say(memory, "d", action="sync", positions=asked)
    gateway: FakeGateway = memory.gateway
    assert (first["more"], len(gateway.commits("d"))) == (True, 100)
    reached = {room: {"epoch": reply["epoch"], "seq": reply["seq"]} for room, reply in first["rooms"].items()}
    second = say(memory, "d", action="sync", positions=reached)
    assert (second["more"], len(gateway.commits("d"))) == (False, 150)


def test_a_closed_socket_leaves_none_of_1000_rooms_behind(memory: InMemory) -> None:
    broker = memory.found(MOST_TEAMS)
    open_socket(memory, "d", broker)
    say(memory, "d", action="sync")
    assert len(list(memory.table.items("M#"))) == len(broker.rooms)
    memory.connections.forget("d")
    assert list(memory.table.items("M#")) == []
    assert list(memory.table.items("C#")) == []


def test_a_new_team_closes_the_sockets_of_all_brokers_side_by_side(memory: InMemory) -> None:
    broker = memory.found(3)
    for socket in ("a", "b", "c"):
        open_socket(memory, socket, broker)
        say(memory, socket, action="sync")
    memory.together.most = 0
    memory.administration.create_team(principal("root", role="admin"), "West")
    gateway: FakeGateway = memory.gateway
    assert (gateway.open, memory.together.most) == (set(), 3)


# The limit -----------------------------------------------------------------------------------------------------------


def test_a_brokerage_has_1000_teams_at_most(memory: InMemory) -> None:
    memory.found(MOST_TEAMS)
    root = principal("root", role="admin")
    with pytest.raises(Conflict, match="1,000 teams at most"):
        memory.administration.create_team(root, "One too many")
    with pytest.raises(Conflict, match="1,000 teams at most"):
        memory.directory.put_team("harbor", Team(team_id="chosen", name="By an operator"))
    memory.administration.rename_team(root, Team(team_id=team_id(7), name="Seven"))
    memory.directory.put_team("harbor", Team(team_id=team_id(8), name="Eight"))
    assert len(memory.directory.teams("harbor")) == MOST_TEAMS


def test_the_last_team_is_taken_and_another_brokerage_has_its_own_number(memory: InMemory) -> None:
    memory.found(MOST_TEAMS - 1)
    memory.administration.create_team(principal("root", role="admin"), "The last")
    other = Directory(memory.table)
    other.put_team("other", Team(team_id="first", name="First"))
    assert (len(other.teams("harbor")), len(other.teams("other"))) == (MOST_TEAMS, 1)


def test_an_operator_chooses_no_id_that_is_longer_than_others(memory: InMemory) -> None:
    memory.found(0)
    memory.directory.put_team("harbor", Team(team_id="n" * MAX_ID_LENGTH, name="North"))
    with pytest.raises(Invalid):
        memory.directory.put_team("harbor", Team(team_id="n" * (MAX_ID_LENGTH + 1), name="North"))


def test_what_is_kept_of_a_socket_in_1000_rooms_fits_into_an_item(memory: InMemory) -> None:
    broker = memory.found(MOST_TEAMS)
    open_socket(memory, "d", broker)
    say(memory, "d", action="sync")
    (row,) = memory.table.items("C#")
    assert len(json.dumps(row)) < 400_000 / 4
