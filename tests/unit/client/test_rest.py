from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import httpx
import pytest

from openhouse_client.backoff import Backoff
from openhouse_client.errors import Problem, ProtocolError, Unreachable
from openhouse_client.protocol import Position
from openhouse_client.rest import Rest, Ticket
from openhouse_client.tokens import Token, TokenCache
from tests.unit.client.fake_server import NINE, FakeClock, in_fake_time

HEADS = {"team:north": {"epoch": "k", "seq": 4}}


class Tokens:
    def __init__(self) -> None:
        self.given = 1

    async def __call__(self, *, fresh: bool = False) -> Token:
        self.given += fresh
        return Token(f"token-{self.given}", NINE + timedelta(hours=self.given))


def call(answer: Callable[[httpx.Request], Any], use: Callable[[Rest], Awaitable[Any]]) -> Any:
    async def run() -> Any:
        async with httpx.AsyncClient(transport=httpx.MockTransport(answer)) as http:
            return await use(Rest("http://fake/$default/", Tokens(), http))

    return asyncio.run(run())


def test_a_call_names_its_token_its_conditions_and_its_key():
    seen: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return httpx.Response(200, json={"id": "e/1"})

    async def use(rest: Rest) -> None:
        await rest.create("escrows", {"city": "Davis"}, idempotency_key="k1")
        await rest.patch("escrows", "e/1", {"city": None}, version=7)

    call(answer, use)
    created, patched = seen
    assert created.url == "http://fake/$default/escrows"
    assert created.headers["Authorization"] == "Bearer token-1"
    assert created.headers["Idempotency-Key"] == "k1"
    assert json.loads(created.content) == {"city": "Davis"}
    assert patched.url.raw_path == b"/$default/escrows/e%2F1"
    assert patched.headers["If-Match"] == '"7"'
    assert json.loads(patched.content) == {"city": None}


def test_a_lock_is_taken_prolonged_used_and_released_under_its_token():
    seen: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return httpx.Response(200, json={"token": 3, "items": [{"id": "escrow:e1"}]})

    async def use(rest: Rest) -> Any:
        await rest.lock("escrows", "e1", idempotency_key="k1")
        await rest.lock("escrows", "e1", token=3)
        await rest.lock("escrows", "e1", take_over=True)
        await rest.patch("escrows", "e1", {"city": None}, version=7, lock_token=3)
        await rest.archive("escrows", "e1", lock_token=3)
        await rest.unlock("escrows", "e1", 3)
        return await rest.locks()

    assert call(answer, use) == [{"id": "escrow:e1"}]
    assert [(request.method, request.url.path.removeprefix("/$default")) for request in seen] == [
        *[("POST", "/escrows/e1/lock")] * 3,
        ("PATCH", "/escrows/e1"),
        ("POST", "/escrows/e1/archive"),
        ("DELETE", "/escrows/e1/lock"),
        ("GET", "/locks"),
    ]
    assert [json.loads(request.content) for request in seen[:3]] == [{}, {"token": 3}, {"takeOver": True}]
    assert seen[0].headers["Idempotency-Key"] == "k1"
    assert [request.headers.get("Lock-Token") for request in seen[2:]] == [None, "3", "3", "3", None]
    assert seen[3].headers["If-Match"] == '"7"'


def test_a_bulk_request_goes_out_under_its_key_and_its_results_come_back_in_order():
    seen: list[httpx.Request] = []
    results = [{"status": 201, "id": "1", "version": 1}, {"status": 422, "error": {"code": "invalid"}}]

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return httpx.Response(200, json={"results": results})

    async def use(rest: Rest) -> Any:
        return await rest.bulk("leads", [{"record": {"phone": "1"}}, {"record": {}}], idempotency_key="k1")

    assert call(answer, use) == results
    (request,) = seen
    assert request.url == "http://fake/$default/leads/bulk"
    assert request.headers["Idempotency-Key"] == "k1"
    assert json.loads(request.content) == {"entries": [{"record": {"phone": "1"}}, {"record": {}}]}


def test_notifications_are_asked_for_sent_and_read():
    seen: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return httpx.Response(204) if request.url.path.endswith("/read") else httpx.Response(200, json={"items": []})

    async def use(rest: Rest) -> None:
        assert await rest.notifications(limit=5, cursor="n9") == {"items": []}
        await rest.send_notification(
            {"teamId": "north"}, {"level": "info", "title": "Hi", "text": ""}, idempotency_key="k"
        )
        await rest.mark_read("n/1")
        await rest.mark_all_read()
        await rest.mark_all_read(until="n1")
        await rest.preferences()
        await rest.patch_preferences({"message": {"browser": True}})
        await rest.system()

    call(answer, use)
    asked = [(request.method, request.url.raw_path.decode().removeprefix("/$default")) for request in seen]
    assert asked == [
        ("GET", "/notifications?limit=5&cursor=n9"),
        ("POST", "/notifications"),
        ("POST", "/notifications/n%2F1/read"),
        ("POST", "/notifications/read"),
        ("POST", "/notifications/read"),
        ("GET", "/preferences"),
        ("PATCH", "/preferences"),
        ("GET", "/system"),
    ]
    sent = [json.loads(request.content) if request.content else None for request in seen]
    assert sent[1] == {"to": {"teamId": "north"}, "level": "info", "title": "Hi", "text": ""}
    assert seen[1].headers["Idempotency-Key"] == "k"
    assert (sent[3], sent[4]) == ({}, {"until": "n1"})
    assert sent[6] == {"kinds": {"message": {"browser": True}}}


def test_tasks_are_begun_looked_at_confirmed_cancelled_and_taken_back():
    seen: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return httpx.Response(200, json={"id": "t/1"})

    async def use(rest: Rest) -> None:
        await rest.tasks()
        assert await rest.begin_task("find_duplicates", {"among": ["lead"]}, idempotency_key="k") == {"id": "t/1"}
        await rest.begin_task("find_duplicates")
        await rest.task("t/1")
        await rest.confirm_task("t/1", {"pairs": []}, idempotency_key="k2")
        await rest.confirm_task("t/1")
        await rest.cancel_task("t/1")
        await rest.undo_task("t/1")

    call(answer, use)
    asked = [(request.method, request.url.raw_path.decode().removeprefix("/$default")) for request in seen]
    assert asked == [
        ("GET", "/tasks"),
        ("POST", "/tasks"),
        ("POST", "/tasks"),
        ("GET", "/tasks/t%2F1"),
        ("POST", "/tasks/t%2F1/confirm"),
        ("POST", "/tasks/t%2F1/confirm"),
        ("POST", "/tasks/t%2F1/cancel"),
        ("POST", "/tasks/t%2F1/undo"),
    ]
    sent = [json.loads(request.content) if request.content else None for request in seen]
    assert sent[1:3] == [
        {"kind": "find_duplicates", "input": {"among": ["lead"]}},
        {"kind": "find_duplicates", "input": {}},
    ]
    assert sent[4:6] == [{"answer": {"pairs": []}}, {}]
    assert (seen[1].headers["Idempotency-Key"], seen[4].headers["Idempotency-Key"]) == ("k", "k2")
    assert "Idempotency-Key" not in seen[2].headers


def test_a_conversion_may_say_nothing_of_the_new_record():
    seen: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return httpx.Response(201, json={"lead": {}, "client": {}})

    async def use(rest: Rest) -> Any:
        return await rest.convert("leads", "7")

    assert call(answer, use) == {"lead": {}, "client": {}}
    assert (str(seen[0].url), seen[0].content) == ("http://fake/$default/leads/7/convert", b"{}")


def test_all_pages_of_a_list_are_followed():
    def answer(request: httpx.Request) -> httpx.Response:
        cursor = request.url.params.get("cursor")
        assert request.url.params["status"] == "opened"
        return httpx.Response(
            200, json={"items": [{"id": cursor or "first"}], "positions": HEADS, **({} if cursor else {"cursor": "c2"})}
        )

    async def use(rest: Rest) -> list[Any]:
        return [page async for page in rest.pages("escrows", status="opened")]

    pages = call(answer, use)
    assert [page.items for page in pages] == [[{"id": "first"}], [{"id": "c2"}]]
    assert pages[0].positions == {"team:north": Position("k", 4)}


def test_a_problem_tells_its_code_whether_to_retry_and_what_the_server_adds():
    document = {"code": "stale_version", "detail": "it is at 8", "retryable": False, "current": {"version": 8}}

    async def use(rest: Rest) -> None:
        await rest.patch("escrows", "e1", {}, version=7)

    with pytest.raises(Problem, match="it is at 8") as caught:
        call(lambda _request: httpx.Response(412, json=document), use)
    assert (caught.value.status, caught.value.code, caught.value.retryable) == (412, "stale_version", False)
    assert caught.value.extra["current"] == {"version": 8}


@pytest.mark.parametrize(
    ("response", "code", "retryable", "retry_after"),
    [
        (httpx.Response(429, json={"message": "Too Many Requests"}), "http_429", True, None),
        (httpx.Response(503, text="<html>"), "http_503", True, None),
        (httpx.Response(500, json=[]), "http_500", True, None),
        (httpx.Response(404, json={"message": "Not Found"}), "http_404", False, None),
        (httpx.Response(503, json={"code": "busy"}, headers={"Retry-After": "3"}), "busy", True, 3.0),
        (httpx.Response(503, headers={"Retry-After": "Wed, 21 Oct 2026 07:28:00 GMT"}), "http_503", True, None),
    ],
)
def test_answers_of_a_gateway_are_problems_too(response, code, retryable, retry_after):
    with pytest.raises(Problem) as caught:
        call(lambda _request: response, lambda rest: rest.me())
    problem = caught.value
    assert (problem.code, problem.retryable, problem.retry_after) == (code, retryable, retry_after)


def test_no_answer_is_retryable_and_names_no_secret():
    def answer(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("refused")

    with pytest.raises(Unreachable, match=r"no answer from fake:http \(refused\)") as caught:
        call(answer, lambda rest: rest.me())
    assert caught.value.retryable


@pytest.mark.parametrize("content", [b"", b"[]", b"{", b'{"items": []}'])
def test_an_answer_that_is_not_as_agreed_is_refused(content):
    with pytest.raises(ProtocolError):
        call(lambda _request: httpx.Response(200, content=content), lambda rest: rest.page("escrows"))


def test_a_token_that_has_ended_is_replaced_once():
    tokens: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        tokens.append(request.headers["Authorization"])
        return httpx.Response(401, json={"code": "token_expired"}) if len(tokens) == 1 else httpx.Response(200, json={})

    call(answer, lambda rest: rest.me())
    assert tokens == ["Bearer token-1", "Bearer token-2"]
    tokens.clear()
    with pytest.raises(Problem):
        call(lambda _request: httpx.Response(401, json={"code": "unauthenticated"}), lambda rest: rest.me())


@pytest.mark.parametrize(("status", "message"), [(401, "Unauthorized"), (403, "Forbidden")])
def test_a_token_that_api_gateway_refuses_in_its_own_words_is_no_use_to_try_again(status: int, message: str):
    with pytest.raises(Problem) as refused:
        call(lambda _request: httpx.Response(status, json={"message": message}), lambda rest: rest.me())
    assert (refused.value.code, refused.value.status, refused.value.retryable) == ("unauthenticated", status, False)


def test_live_states_come_all_at_once_with_their_positions():
    asked: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(str(request.url))
        return httpx.Response(200, json={"items": [{"id": "u1", "status": "away"}], "positions": HEADS})

    states = call(answer, lambda rest: rest.states("presence"))
    assert (states.items, states.positions) == ([{"id": "u1", "status": "away"}], {"team:north": Position("k", 4)})
    assert asked[0].endswith("/presence")


def test_a_ticket_says_when_the_session_behind_it_ends():
    content: dict[str, object] = {
        "url": "wss://fake/live?ticket=abc",
        "ticket": "abc",
        "expiresAt": "2026-03-01T09:00:30Z",
        "sessionExpiresAt": "2026-03-01T10:00:00Z",
    }
    ticket = call(lambda _request: httpx.Response(201, json=content), lambda rest: rest.ticket())
    assert ticket == Ticket("wss://fake/live?ticket=abc", "abc", NINE + timedelta(hours=1))
    assert ticket.ping_seconds == 240
    assert ticket.presence_seconds is None
    content["presenceSeconds"] = 25
    assert call(lambda _request: httpx.Response(201, json=content), lambda rest: rest.ticket()).presence_seconds == 25
    content["pingSeconds"] = 20
    assert call(lambda _request: httpx.Response(201, json=content), lambda rest: rest.ticket()).ping_seconds == 20
    del content["ticket"]
    with pytest.raises(ProtocolError):
        call(lambda _request: httpx.Response(201, json=content), lambda rest: rest.ticket())


class Login:
    def __init__(self, clock: FakeClock) -> None:
        self.clock = clock
        self.count = 0

    async def __call__(self) -> Token:
        self.count += 1
        await self.clock.sleep(1)
        return Token(f"t{self.count}", self.clock.now() + timedelta(hours=1))


@in_fake_time
async def test_one_login_serves_until_its_token_is_about_to_end() -> None:
    clock = FakeClock()
    login = Login(clock)
    tokens = TokenCache(login, clock)

    async def text(*, fresh: bool = False) -> str:
        asking = asyncio.create_task(tokens(fresh=fresh))
        await clock.advance(1)
        return (await asking).text

    assert [await text(), await text()] == ["t1", "t1"]
    await clock.advance(3_545)
    assert await text() == "t2"
    assert await text(fresh=True) == "t3"


@in_fake_time
async def test_many_who_need_a_token_at_once_sign_in_once() -> None:
    clock = FakeClock()
    login = Login(clock)
    tokens = TokenCache(login, clock)
    for fresh in (False, True):
        asking = [asyncio.create_task(tokens(fresh=fresh)) for _ in range(5)]
        await clock.advance(1)
        assert len({(await task).text for task in asking}) == 1
    assert login.count == 2


def test_the_waits_are_jittered_doubled_and_bounded():
    low, high = Backoff(lambda: 0.0), Backoff(lambda: 0.999, first=1, longest=30)
    assert low.seconds(5) == 0
    assert [round(high.seconds(failures)) for failures in (1, 2, 3, 6, 5_000)] == [1, 2, 4, 30, 30]
    assert low.seconds(1, at_least=7) == 7
