"""Clients of the previous contract work with the functions of today; and today's client with those of the previous one.

What today's functions say is as today's documents tell, which other tests see to: what these tell by example is read as
a client of the previous documents does. What clients of the previous documents say is said to the functions themselves.
"""

from __future__ import annotations

import asyncio
import json
from typing import Any

import httpx
import pytest

from contractgen.breaking import breaking_changes
from contractgen.compatibility import resolved
from contractgen.documents import ASYNCAPI, OPENAPI, PREVIOUS
from deployed import ROOT
from openhouse.crm.module import Module
from openhouse.crm.modules import MODULES
from openhouse_client.cache import Cache
from openhouse_client.feed import Feed
from openhouse_client.protocol import Commits, Ephemeral, Position, Reply, read_frame, read_sync
from openhouse_client.rest import Rest
from openhouse_client.tokens import Token
from tests.contract import previous
from tests.contract.documented import Book
from tests.contract.previous import answers_of, bodies_of, events_of, told_by
from tests.fakes import AVA, NOON
from tests.functional.brokerage import staff
from tests.functional.conftest import World
from tests.functional.sockets import join, say
from tests.functional.test_http import call
from tests.unit.client.fake_server import in_fake_time
from tests.unit.client.model import Model
from tests.unit.client.session_world import World as ClientWorld

NOW_REST, NOW_SOCKET = (json.loads((ROOT / path).read_text()) for path in (OPENAPI, ASYNCAPI))
BEFORE_REST, BEFORE_SOCKET = (json.loads((ROOT / PREVIOUS / path.name).read_text()) for path in (OPENAPI, ASYNCAPI))
CALLS = {name: (method, path, told) for name, method, path, told in told_by(BEFORE_REST)}
COMMIT = BEFORE_SOCKET["components"]["messages"]["commits"]["examples"][0]["payload"]
SAID_BY_CLIENTS = ("sync", "ping", "auth", "presence", "lock", "unlock", "view", "typing")


def test_there_is_something_new_in_the_contract_so_that_these_tests_say_something() -> None:
    new = {name for name, *_ in told_by(NOW_REST)} - CALLS.keys()
    events = [{each["$ref"] for each in document["components"]["schemas"]["Event"]["oneOf"]} for document in _sockets()]
    assert "POST /tasks" in new
    assert any("AiTask" in name for name in events[1] - events[0])


def _sockets() -> tuple[Any, Any]:
    return BEFORE_SOCKET, NOW_SOCKET


def test_nothing_that_clients_of_the_previous_contract_rely_on_has_changed() -> None:
    assert breaking_changes(BEFORE_REST, NOW_REST) == []
    assert breaking_changes(BEFORE_SOCKET, NOW_SOCKET) == []


@pytest.mark.parametrize("name", CALLS, ids=str)
def test_an_old_client_reads_what_is_answered_now(name: str) -> None:
    method, path, before = CALLS[name]
    found = 0
    for status, kind, content in answers_of(NOW_REST, NOW_REST["paths"][path][method]):
        if status in before["responses"]:
            told = resolved(BEFORE_REST, before["responses"][status])["content"][kind]["schema"]
            previous.openapi().check(previous.tolerant(BEFORE_REST, told), content)
            found += 1
    assert found


@pytest.mark.parametrize("name", [name for name, (_, _, told) in CALLS.items() if "requestBody" in told], ids=str)
def test_what_an_old_client_sends_is_taken_now(name: str) -> None:
    method, path, before = CALLS[name]
    body = resolved(NOW_REST, NOW_REST["paths"][path][method]["requestBody"])
    (content,) = body["content"].values()
    examples = bodies_of(BEFORE_REST, before)
    assert examples
    for example in examples.values():
        previous.now().check(content["schema"], example)


@pytest.mark.parametrize("message", NOW_SOCKET["components"]["messages"], ids=str)
def test_an_old_client_reads_what_is_said_over_sockets_now(message: str) -> None:
    before = BEFORE_SOCKET["components"]["messages"].get(message)
    if before is None or message in SAID_BY_CLIENTS:
        return
    for example in NOW_SOCKET["components"]["messages"][message]["examples"]:
        previous.asyncapi().check(previous.tolerant(BEFORE_SOCKET, before["payload"]), example["payload"])


def test_an_old_client_reads_every_event_of_today_or_passes_it_over() -> None:
    schema = previous.tolerant(BEFORE_SOCKET, BEFORE_SOCKET["components"]["schemas"]["Event"])
    found = events_of(NOW_SOCKET)
    for event in found:
        previous.asyncapi().check(schema, event)
    assert len(found) > len(events_of(BEFORE_SOCKET))


def test_an_old_reader_still_misses_what_it_relies_on() -> None:
    """That it ignores much does not mean that it takes anything."""
    told = previous.tolerant(BEFORE_SOCKET, BEFORE_SOCKET["components"]["messages"]["commits"]["payload"])
    event = COMMIT["commits"][0]["events"][0]
    unknown = {"type": "escrow:appraised", "data": {}}
    assert previous.asyncapi().faults(told, _with_event(COMMIT, unknown)) == []
    assert previous.asyncapi().faults(told, _with_event(COMMIT, {**event, "data": {}})) != []


def _with_event(frame: Any, event: Any) -> Any:
    (commit,) = frame["commits"]
    return {"commits": [{**commit, "events": [event]}]}


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.noun)
def test_an_old_client_creates_reads_and_changes_records_of_today(world: World, module: Module) -> None:
    staff(world)
    list_ = f"/{module.path}"
    id_ = ""
    for name in (f"POST {list_}", f"PATCH {list_}/{{id}}", f"GET {list_}/{{id}}", f"GET {list_}"):
        method, path, told = CALLS[name]
        bodies = bodies_of(BEFORE_REST, told)
        for body in list(bodies.values())[:1] or [None]:
            status, answer, _ = call(world, method.upper(), path.replace("{id}", id_), body)
            schema = resolved(BEFORE_REST, told["responses"][str(int(status))])["content"]["application/json"]["schema"]
            previous.openapi().check(previous.tolerant(BEFORE_REST, schema), answer)
            assert status < 300
        id_ = id_ or answer["id"]


def test_what_an_old_client_says_over_a_socket_is_understood(world: World) -> None:
    staff(world)
    join(world, "a", AVA)
    id_ = call(world, "POST", "/escrows", {"propertyAddress": "1 Main St"})[1]["id"]
    ticket, _ = world.connections.issue_ticket(AVA)
    for message in SAID_BY_CLIENTS:
        for example in BEFORE_SOCKET["components"]["messages"][message]["examples"]:
            fresh = {"ticket": ticket, "recordId": id_, "noun": "escrow"}
            said = {name: fresh.get(name, value) for name, value in example["payload"].items()}
            reply = say(world, "a", **said)
            assert reply["ok"] or reply["error"]["code"] in ("locked", "not_found", "ticket_invalid"), (message, reply)
            assert reply["reply"] == said["id"]


# The other way round ---------------------------------------------------------------------------------------------


def test_todays_client_reads_whatever_the_previous_functions_say_over_sockets() -> None:
    feed, cache = Feed({}), Cache([module.noun for module in MODULES])
    read: set[type] = set()
    for message, told in BEFORE_SOCKET["components"]["messages"].items():
        for example in told["examples"] if message not in SAID_BY_CLIENTS else ():
            frame = read_frame(json.dumps(example["payload"]))
            assert frame is not None, message
            read.add(type(frame))
            if isinstance(frame, Commits):
                feed.receive(frame.commits)
                for commit in frame.commits:
                    cache.apply(commit)
            if message == "syncReply" and isinstance(frame, Reply):
                assert read_sync(frame.content).rooms
    assert read >= {Commits, Ephemeral, Reply}
    for event in events_of(BEFORE_SOCKET):
        frame = read_frame(json.dumps(_with_event(COMMIT, event)))
        assert isinstance(frame, Commits)
        cache.apply(frame.commits[0])
    assert all(cache.all(module.noun) for module in MODULES)


def test_todays_client_reads_whatever_the_previous_functions_answer() -> None:
    async def token(*, fresh: bool = False) -> Token:
        return Token("t", NOON)

    def answer(request: httpx.Request) -> httpx.Response:
        _, _, told = CALLS[f"{request.method} {request.url.path}"]
        status, kind, content = next(iter(answers_of(BEFORE_REST, told)))
        return httpx.Response(int(status), json=content, headers={"content-type": kind})

    async def ask() -> None:
        async with httpx.AsyncClient(transport=httpx.MockTransport(answer)) as http:
            rest = Rest("http://previous", token, http)
            for module in MODULES:
                page = await rest.page(module.path)
                assert page.items
                assert page.positions
                assert all(isinstance(position, Position) for position in page.positions.values())
            assert (await rest.ticket()).ping_seconds
            assert (await rest.me())["rooms"]

    asyncio.run(ask())


@in_fake_time
async def test_what_todays_client_says_over_a_socket_the_previous_functions_take() -> None:
    """They refuse what they do not know, so their document is read to the letter."""
    rooms = [f"team:{number:036}" for number in range(1_000)]  # more than fit into one `sync`
    model = Model(*rooms)
    world = ClientWorld(model=model, positions={room: Position(**head) for room, head in model.heads().items()})
    async with world.running():
        await world.clock.advance(world.server.session_seconds * 1.5)
        world.server.live.end()
        await world.clock.advance(60)
    said = [message for socket in world.server.sockets for message in socket.sent]
    book = Book(BEFORE_SOCKET)
    for message in said:
        book.check(BEFORE_SOCKET["components"]["messages"][message["action"]]["payload"], message)
    assert {message["action"] for message in said} >= {"sync", "ping", "auth"}
    assert any(message.get("part") for message in said)
    assert book.faults(BEFORE_SOCKET["components"]["messages"]["ping"]["payload"], {**said[0], "mood": "good"}) != []
