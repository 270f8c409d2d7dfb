"""REST as API Gateway calls it: events in, answers out."""

from __future__ import annotations

import base64
import copy
import json
from pathlib import Path
from typing import Any

import pytest

from openhouse.api.http import MAX_BODY_BYTES
from openhouse.core.errors import TokenExpired
from openhouse.core.principal import Principal
from openhouse.crm.cursors import Cursor, Order
from openhouse.identity import authorizer_context
from tests.fakes import AVA, BEN, MIA
from tests.functional.conftest import World

EVENT = json.loads((Path(__file__).parent.parent / "events" / "http_api.json").read_text())
HOUSE = {"propertyAddress": "1 Main St"}


def call(
    world: World,
    method: str,
    path: str,
    body: Any = None,
    *,
    who: Principal | None = AVA,
    context: dict[str, str] | None = None,
    headers: dict[str, str] | None = None,
    query: dict[str, str] | None = None,
    encoded: bool = False,
) -> tuple[int, Any, dict[str, str]]:
    event = copy.deepcopy(EVENT)
    event["rawPath"] = path
    event["requestContext"]["http"].update(method=method, path=path)
    event["headers"].update(headers or {})
    event["queryStringParameters"] = query
    event["requestContext"]["authorizer"]["lambda"] = context or (authorizer_context.context(who) if who else {})
    text: Any = body if isinstance(body, str | bytes) or body is None else json.dumps(body)
    if encoded and isinstance(text, str):
        text = text.encode()
    event["body"] = base64.b64encode(text).decode() if isinstance(text, bytes) else text
    event["isBase64Encoded"] = isinstance(text, bytes)
    api = world.people if path.startswith(("/me", "/directory", "/realtime")) else world.crm
    api = world.of_files if path.startswith("/files") else api
    answer = api.handle(event, None)
    received = {name.lower(): value for name, value in {**answer["headers"]}.items()}
    content = answer.get("body") or None
    if content and received["content-type"].startswith("application/"):
        content = json.loads(content)
    return answer["statusCode"], content, received


def problem(answer: tuple[int, Any, dict[str, str]]) -> tuple[int, str]:
    status, document, headers = answer
    assert headers["content-type"] == "application/problem+json"
    assert document["status"] == status
    assert {"type", "title", "detail", "retryable"} <= document.keys()
    return status, document["code"]


def test_the_life_of_a_record_over_rest(world: World) -> None:
    status, made, headers = call(world, "POST", "/escrows", HOUSE)
    assert (status, headers["etag"], headers["content-type"]) == (201, '"1"', "application/json")
    path = f"/escrows/{made['id']}"
    assert call(world, "GET", path)[:2] == (200, made)
    status, patched, headers = call(world, "PATCH", path, {"notes": "x"}, headers={"if-match": '"1"'})
    assert (status, patched["notes"], headers["etag"]) == (200, "x", '"2"')
    assert call(world, "POST", f"{path}/archive")[1]["archived"] is True
    assert call(world, "POST", f"{path}/restore")[1]["archived"] is False
    status, listed, _ = call(world, "GET", "/escrows", query={"limit": "1", "archived": "false"})
    assert (status, [item["version"] for item in listed["items"]]) == (200, [4])
    assert listed["positions"]["team:north"]["seq"] == 4
    assert call(world, "DELETE", path)[:2] == (204, None)
    assert problem(call(world, "GET", path)) == (404, "not_found")


def test_a_body_may_come_base64_encoded(world: World) -> None:
    assert call(world, "POST", "/escrows", {"propertyAddress": "Zoë Street"}, encoded=True)[0] == 201


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (None, (400, "malformed_json")),
        ("", (400, "malformed_json")),
        ("{", (400, "malformed_json")),
        ("[1]", (400, "malformed_json")),
        ('"text"', (400, "malformed_json")),
        ('{"propertyAddress": NaN}', (400, "malformed_json")),
        ('{"propertyAddress": "1 Main St", "propertyAddress": "2 Main St"}', (400, "malformed_json")),
        ('{"propertyAddress": "1 Main St", "tags": {"vip": true, "vip": null}}', (400, "malformed_json")),
        *(
            ('{"propertyAddress": "1 Main St"}'.encode(encoding), (400, "malformed_json"))
            for encoding in ("utf-8-sig", "utf-16", "utf-16-be", "utf-32")
        ),
        ('{"propertyAddress": "\\ud800"}', (400, "malformed_json")),
        ("[" * 60_000, (400, "malformed_json")),
        ('{"notes":' * 500 + "1" + "}" * 500, (400, "malformed_json")),
        ('{"notes": "' + "x" * MAX_BODY_BYTES + '"}', (413, "too_large")),
        ('{"colour": "red"}', (422, "invalid")),
        ('{"propertyAddress": 7}', (422, "invalid")),
        ('{"propertyAddress": "1 Main St", "purchasePriceCents": 1e400}', (422, "invalid")),
        (
            '{"propertyAddress": "x", "timeline": {"a": {"at": "0001-01-01T00:00:00+14:00", "title": "x"}}}',
            (422, "invalid"),
        ),
    ],
)
def test_a_bad_body_is_a_problem_and_writes_nothing(world: World, body: Any, expected: tuple[int, str]) -> None:
    assert problem(call(world, "POST", "/escrows", body)) == expected
    assert world.items() == []


def test_a_stale_if_match_is_a_412_with_the_current_record(world: World) -> None:
    made = call(world, "POST", "/escrows", HOUSE)[1]
    current = call(world, "PATCH", f"/escrows/{made['id']}", {"notes": "one"})[1]
    answer = call(world, "PATCH", f"/escrows/{made['id']}", {"notes": "two"}, who=BEN, headers={"if-match": '"1"'})
    assert problem(answer) == (412, "stale_version")
    assert answer[1]["current"] == call(world, "GET", f"/escrows/{made['id']}", who=BEN)[1]
    assert answer[1]["current"]["version"] == current["version"] == 2
    for fine in ("*", '"2"', '"1", "2"'):
        assert call(world, "PATCH", f"/escrows/{made['id']}", {"archived": False}, headers={"If-Match": fine})[0] == 200


@pytest.mark.parametrize("header", ["7", 'W/"1"', '"one"', ""])
def test_an_if_match_that_is_no_etag_is_refused(world: World, header: str) -> None:
    made = call(world, "POST", "/escrows", HOUSE)[1]
    answer = call(world, "PATCH", f"/escrows/{made['id']}", {"notes": "x"}, headers={"if-match": header})
    assert problem(answer) == (400, "bad_parameter")


def test_the_same_key_answers_the_same_and_another_body_is_a_409(world: World) -> None:
    key = {"Idempotency-Key": "k-1"}
    first = call(world, "POST", "/escrows", HOUSE, headers=key)
    assert call(world, "POST", "/escrows", HOUSE, headers=key) == first
    assert problem(call(world, "POST", "/escrows", {"propertyAddress": "2"}, headers=key)) == (
        409,
        "idempotency_mismatch",
    )
    assert problem(call(world, "POST", "/escrows", HOUSE, headers={"Idempotency-Key": "a b"})) == (400, "bad_parameter")
    assert len(call(world, "GET", "/escrows")[1]["items"]) == 1


@pytest.mark.parametrize(
    "query",
    [
        {"limit": "0"},
        {"limit": "201"},
        {"limit": "x"},
        {"limit": "²"},
        {"limit": "9" * 5_000},
        {"cursor": base64.b64encode(b"[" * 6_000).decode()},
        {"cursor": base64.b64encode(b'{"after": "\\ud800"}').decode()},
        {"archived": "maybe"},
        {"status": "sold"},
        {"cursor": "nonsense"},
        {"page": "2"},
    ],
)
def test_a_bad_parameter_is_named(world: World, query: dict[str, str]) -> None:
    answer = call(world, "GET", "/escrows", query=query)
    assert problem(answer) == (400, "bad_parameter")


def test_a_disallowed_status_change_says_what_is_allowed(world: World) -> None:
    made = call(world, "POST", "/escrows", HOUSE)[1]
    call(world, "PATCH", f"/escrows/{made['id']}", {"status": "cancelled"})
    answer = call(world, "PATCH", f"/escrows/{made['id']}", {"status": "closed"})
    assert problem(answer) == (409, "invalid_transition")
    assert "opened" in answer[1]["detail"]


def test_anothers_record_is_a_404_as_if_it_did_not_exist(world: World) -> None:
    made = call(world, "POST", "/escrows", HOUSE)[1]
    for method, suffix in (("GET", ""), ("PATCH", ""), ("DELETE", ""), ("POST", "/archive")):
        answer = call(world, method, f"/escrows/{made['id']}{suffix}", {"notes": "x"}, who=MIA)
        unknown = call(world, method, f"/escrows/unknown{suffix}", {"notes": "x"}, who=MIA)
        assert problem(answer) == (404, "not_found")
        assert answer[1] == unknown[1]


def test_without_a_principal_nothing_is_done(world: World) -> None:
    refused = authorizer_context.refusal(TokenExpired("the token has expired"))
    assert problem(call(world, "GET", "/escrows", who=None)) == (401, "unauthenticated")
    answer = call(world, "POST", "/escrows", HOUSE, context=refused)
    assert problem(answer) == (401, "token_expired")
    assert answer[2]["www-authenticate"] == "Bearer"
    assert world.items() == []


def test_an_id_or_cursor_too_long_for_a_key_is_just_unknown(world: World) -> None:
    assert problem(call(world, "GET", "/escrows/" + "x" * 2_000)) == (404, "not_found")
    cursor = Cursor(Order.NEWEST, "x" * 2_000).text()
    assert problem(call(world, "GET", "/escrows", query={"cursor": cursor})) == (400, "bad_parameter")


def test_who_calls_is_asked_before_what_they_say(world: World) -> None:
    for method, path in (("POST", "/escrows"), ("PATCH", "/escrows/1"), ("PUT", "/directory/teams/t")):
        assert problem(call(world, method, path, "{", who=None)) == (401, "unauthenticated")


def test_an_unknown_route_or_method_is_a_problem(world: World) -> None:
    assert problem(call(world, "GET", "/escrows/1/2/3")) == (404, "not_found")
    assert problem(call(world, "PUT", "/escrows/1", HOUSE)) == (404, "not_found")


def test_a_failure_of_ours_says_nothing_about_its_cause(world: World) -> None:
    world.client.delete_table(TableName="openhouse")
    status, document, headers = call(world, "GET", "/escrows")
    assert problem((status, document, headers)) == (500, "internal")
    assert "ResourceNotFound" not in json.dumps(document)
    assert headers["retry-after"] == "1"


def test_me_tells_who_i_am_and_my_rooms(world: World) -> None:
    assert call(world, "GET", "/me")[1] == {
        "userId": "ava",
        "email": "ava@demo.test",
        "name": "Ava",
        "role": "agent",
        "brokerageId": "harbor",
        "teamIds": ["north"],
        "rooms": ["user:ava", "team:north", "broker:harbor"],
        "expiresAt": "2026-03-02T13:00:00.000Z",
    }


def test_a_ticket_is_a_socket_address_for_30_seconds(world: World) -> None:
    status, ticket, _ = call(world, "POST", "/realtime/tickets")
    assert (status, ticket) == (
        201,
        {
            "url": "wss://sockets/live?ticket=ticket-0001",
            "ticket": "ticket-0001",
            "expiresAt": "2026-03-02T12:00:30.000Z",
            "sessionExpiresAt": "2026-03-02T13:00:00.000Z",
            "pingSeconds": 240,
            "presenceSeconds": 25,
        },
    )


def test_no_answer_is_kept_by_a_browser_or_taken_for_something_else(world: World) -> None:
    for path in ("/escrows", "/escrows/export", "/escrows/unknown", "/me", "/nowhere"):
        _, _, headers = call(world, "GET", path)
        assert (headers["cache-control"], headers["x-content-type-options"]) == ("no-store", "nosniff")
